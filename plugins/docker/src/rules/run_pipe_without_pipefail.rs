use crate::pipe;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check<'a>(run: Instruction<'a>, report: &mut Report<'a>) {
    if let Some((command, true)) = pipe::unguarded(run) {
        pipe::report(run, command, report);
    }
}
