use plimsoll_sdk::docker::{Instruction, Report};

const PINS: [&str; 6] = ["--version", "--vers", "--rev", "--tag", "--path", "--list"];
const VALUED: [&str; 16] = [
    "--git", "--branch", "--features", "-F", "--profile", "--root", "--target", "--target-dir", "--registry", "--index", "-j", "--jobs", "--bin", "--example",
    "--config", "--color",
];

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands().iter().filter(|command| command.is("cargo") && command.subcommand().is("install").is_true()) {
        if !command.has_any_flag(&PINS).is_false() || command.words().is_open() {
            continue;
        }
        if let Some(address) = command.flag_value("--git").known() {
            report.at(command).message(format!("`cargo install` takes whatever is newest in {address}"));
            continue;
        }
        let mut words = command.words().items().skip(1);
        while let Some(word) = words.next() {
            let Some(text) = word.value().known() else { continue };
            if VALUED.contains(&text) {
                words.next();
            } else if !text.starts_with(['-', '+']) && text != "install" && !text.contains('@') {
                report.at(command).message(format!("`cargo install {text}` takes whatever version is newest"));
                break;
            }
        }
    }
}
