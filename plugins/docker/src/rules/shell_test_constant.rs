use crate::shell;
use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.name().is_any(&["[", "[[", "test"]).is_true()) {
        let words: Vec<&str> = command.words().items().skip(1).map(shell::raw).filter(|word| !matches!(*word, "]" | "]]")).collect();
        let words = if words.first() == Some(&"!") { &words[1..] } else { &words[..] };
        let constant = |word: &str| !word.contains(['$', '`', '*', '?', '[', '(']);
        let message = match words {
            [one] if !constant(one) && one.contains('=') && !one.contains("$(") && !one.contains('`') && !one.starts_with('=') && joined(one) => {
                format!("`{one}` is one word without blanks around `=`, and never empty")
            }
            [one] if constant(one) && !one.starts_with('-') => format!("`{one}` is a constant, which is never empty"),
            ["-n" | "-z", one] if constant(one) => format!("whether `{one}` is empty is always the same"),
            [a, "=" | "==" | "!=", b] if constant(a) && constant(b) => format!("`{a}` and `{b}` are constants"),
            _ => continue,
        };
        report.at(command).message(message);
    }
}

/// Whether `=` joins two parts outside expansions: `"$A"=b`, not `${A:-x=y}`.
fn joined(word: &str) -> bool {
    shell::bare(word).contains('=') || word.contains("\"=\"") || word.contains("\"==\"")
}
