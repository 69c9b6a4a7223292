//! Arguments in, exit code out.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Memory of a request is taken on one thread and often given back on another, which the system's
/// allocator pays dearly for.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    vigie::cli::run()
}
