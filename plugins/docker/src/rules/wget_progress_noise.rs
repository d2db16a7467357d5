use crate::images;
use crate::run::stage_of;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

const QUIET: [&str; 14] = [
    "-q", "--quiet", "-nv", "--no-verbose", "--progress", "-o", "--output-file", "-a", "--append-output", "-b", "--version", "--help", "-V", "-h",
];

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands() {
        // `-qO-`, `-nvP/tmp`, `-o/tmp/log`: options with their neighbours or values.
        let joined = command.words().any(|word| {
            let letters = word.strip_prefix('-').unwrap_or_default();
            let cluster = &letters[..letters.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(letters.len())];
            cluster.contains('q') || letters.starts_with("nv") || letters.starts_with('o') || letters.starts_with('a')
        });
        let quiet = command.has_any_flag(&QUIET) | joined;
        if !command.is("wget") || !quiet.is_false() || command.arguments().next().is_none() {
            continue;
        }
        let draft = report.at(command).message("`wget` draws its progress into the build's log");
        // The wget of BusyBox knows no such option.
        let full = stage_of(run).and_then(images::base).and_then(images::shell) == Some("/bin/bash");
        if let Some(word) = command.words().items().next().filter(|_| full) {
            draft.fix(Fix::safe("show the progress as dots").insert_after(word, "--progress=dot:giga"));
        }
    }
}
