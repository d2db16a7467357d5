use crate::shell;
use plimsoll_sdk::docker::{Command, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    for three in all.windows(3) {
        let [a, b, c] = three else { continue };
        let same = a.depth().known() == b.depth().known() && b.depth().known() == c.depth().known();
        let shape = b.operator().is("&&").is_true() && c.operator().is("||").is_true();
        let test = a.name().is_any(&["[", "[[", "test"]).is_true() && !b.name().is_any(&["echo", "printf", "export", ":", "true", "exit", "[", "[[", "test"]).is_true();
        if same && shape && test && !c.name().is_any(&["true", ":", "exit", "echo", "false", "return", "[", "[[", "test"]).is_true() {
            report.at(*c).message(format!("`{}` runs also when `{}` fails", c.name().known().unwrap_or("this"), b.name().known().unwrap_or("the one before")));
        }
    }
}
