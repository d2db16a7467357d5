use plimsoll_sdk::docker::{Fix, Instruction, Report};

const FAILS: [&str; 5] = ["-f", "--fail", "--fail-with-body", "--fail-early", "-w"];
const OTHER: [&str; 9] = ["--version", "-V", "--help", "-h", "-I", "--head", "--write-out", "-d", "--data"];

pub fn check(run: Instruction, report: &mut Report) {
    for command in run.commands().iter().filter(|command| command.is("curl")) {
        // `-fsSLo/x` is a cluster with a value behind it.
        let cluster = |word: &str| word.strip_prefix('-').is_some_and(|rest| !rest.starts_with('-') && rest.bytes().take_while(u8::is_ascii_alphabetic).any(|byte| byte == b'f'));
        let told = command.has_any_flag(&FAILS) | command.has_any_flag(&OTHER) | command.words().any(cluster);
        let address = command.arguments().find(|word| word.contains("://"));
        if let Some(address) = address.filter(|_| told.is_false()) {
            let draft = report.at(command).message(format!("an error page of {} would be taken for the file: `curl` has no `--fail`", host(address)));
            if let Some(word) = command.words().items().next() {
                draft.fix(Fix::unsafe_("add `-f`").insert_after(word, "-f"));
            }
        }
    }
}

fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or(rest);
    host.rsplit('@').next().unwrap_or(host)
}
