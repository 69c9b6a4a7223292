//! Files that hold what is expected; `BLESS=1 cargo test` rewrites them.

use std::path::Path;

/// What differs between a file and what it should hold, unless it is rewritten.
pub(crate) fn differs(path: &Path, found: &str) -> Option<String> {
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, found).unwrap();
        return None;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    (expected != found).then(|| {
        let name = path.display();
        format!(
            "{name} is stale (BLESS=1 rewrites it)\n--- expected\n{expected}\n--- found\n{found}"
        )
    })
}
