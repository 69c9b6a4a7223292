//! Links the libraries of the system that peers need, and says which package holds a missing one.

fn main() {
    println!("cargo::rerun-if-changed=native/re2_set.cc");
    #[cfg(feature = "hyperscan")]
    library(
        "libhs",
        "hyperscan",
        "libhyperscan-dev (or libvectorscan-dev)",
    );
    #[cfg(feature = "re2")]
    {
        let re2 = library("re2", "re2", "libre2-dev");
        cc::Build::new()
            .cpp(true)
            .std("c++17")
            .file("native/re2_set.cc")
            .includes(&re2.include_paths)
            .compile("re2_set");
        // Once more, behind the shim that needs it.
        println!("cargo::rustc-link-lib=re2");
    }
}

#[cfg(any(feature = "hyperscan", feature = "re2"))]
fn library(name: &str, feature: &str, package: &str) -> pkg_config::Library {
    pkg_config::probe_library(name).unwrap_or_else(|error| {
        eprintln!(
            "the peer `{feature}` needs a library of the system.\n\
             Debian and Ubuntu: apt-get install pkg-config {package}\n\
             or leave the peer out: --no-default-features, with --features for the others\n\n{error}"
        );
        std::process::exit(1)
    })
}
