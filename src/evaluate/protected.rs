//! Protected people among the targets of a post.

use crate::limits::TARGETS_MAX;
use crate::model::Post;
use crate::registry::Registry;
use crate::ruleset::Reading;

/// The targets of a post, with the people of a registry: accounts that are theirs become their
/// ids, and whoever the text names is added. Each once, the author never.
pub(super) fn with(
    registry: &Registry,
    post: &Post<'_>,
    reading: &Reading<'_>,
    targets: Vec<String>,
) -> Vec<String> {
    let author = post.author.as_deref();
    let own = author.and_then(|author| registry.account(author));
    let is_author = |id: &str| Some(id) == author || Some(id) == own;
    let mut named = registry.find(reading.plain.text(), reading.outline);
    named.retain(|id| !is_author(id));
    let mut all = targets;
    for target in &mut all {
        if let Some(id) = registry.account(target) {
            id.clone_into(target);
        }
    }
    let mut at = 0;
    while let Some((seen, [target, ..])) = all.split_at_checked(at) {
        match is_author(target) || seen.contains(target) {
            true => drop(all.remove(at)),
            false => at += 1,
        }
    }
    named.retain(|id| all.iter().all(|known| known != id));
    // A post that mentions everybody must not hide whom it names.
    all.truncate(TARGETS_MAX.saturating_sub(named.len()));
    all.extend(named.into_iter().map(str::to_owned));
    all
}
