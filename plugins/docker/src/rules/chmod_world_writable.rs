use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(instruction: Instruction, report: &mut Report) {
    let flag = instruction.flags().chmod();
    if let Some(mode) = flag.known().filter(|mode| lets_everyone_write(mode)) {
        report.at(instruction).message(format!("`--chmod={mode}` lets every user of the container write"));
    }
    for command in instruction.commands() {
        if !instruction.is("RUN") || !command.is("chmod") {
            continue;
        }
        let mode = command.arguments().next().filter(|mode| lets_everyone_write(mode));
        if let Some(mode) = mode {
            report.at(command).message(format!("`chmod {mode}` lets every user of the container write"));
        }
    }
}

/// Whether a mode gives others the right to write, without the sticky bit that keeps them from each other's files.
fn lets_everyone_write(mode: &str) -> bool {
    if !mode.is_empty() && mode.bytes().all(|digit| matches!(digit, b'0'..=b'7')) {
        let bits = u32::from_str_radix(mode, 8).unwrap_or(0);
        return bits & 0o2 != 0 && bits & 0o1000 == 0;
    }
    mode.split(',').any(|clause| {
        let Some(at) = clause.find(['+', '=']) else { return false };
        let (who, rights) = (&clause[..at], &clause[at + 1..]);
        who.contains(['a', 'o']) && rights.contains('w') && !rights.contains('t')
    })
}
