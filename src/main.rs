//! Maps the way a run ended to an exit code; nothing else.

mod cli;

use std::process::ExitCode;

/// Documents are trees of many small values, made and dropped on every core at once: the system's allocator takes an eighth of a review's
/// time for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(cli::run().exit_code())
}
