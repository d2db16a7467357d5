//! Maps the way a run ended to an exit code; nothing else.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run().exit_code())
}
