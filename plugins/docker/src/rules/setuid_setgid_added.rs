use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(instruction: Instruction, report: &mut Report) {
    if let Some(mode) = instruction.flags().chmod().known().filter(|mode| sets(mode)) {
        report.at(instruction).message(format!("`--chmod={mode}` makes files setuid or setgid"));
    }
    for command in instruction.commands().iter().filter(|command| command.is("chmod")) {
        if let Some(mode) = command.arguments().next().filter(|mode| sets(mode)) {
            report.at(command).message(format!("`chmod {mode}` makes a file setuid or setgid"));
        }
    }
}

fn sets(mode: &str) -> bool {
    if mode.bytes().all(|digit| matches!(digit, b'0'..=b'7')) {
        let digits = mode.trim_start_matches('0').as_bytes();
        return digits.len() == 4 && (digits[0] - b'0') & 6 != 0;
    }
    mode.split(',').any(|part| part.split_once(['+', '=']).is_some_and(|(who, what)| !who.contains('-') && what.contains('s')))
}
