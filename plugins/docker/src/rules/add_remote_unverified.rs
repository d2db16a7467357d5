use plimsoll_sdk::docker::{Instruction, Report};

pub fn check(add: Instruction, report: &mut Report) {
    if !add.flags().checksum().is_absent() {
        return;
    }
    for source in add.sources() {
        let git = source.starts_with("git@") || source.starts_with("git://") || source.starts_with("ssh://") || source.split(['#', '?']).next().is_some_and(|path| path.ends_with(".git"));
        let web = source.starts_with("http://") || source.starts_with("https://");
        if git && !source.contains('#') {
            report.at(add).message(format!("ADD takes whatever is on the default branch of `{source}`"));
        } else if web && !git {
            report.at(add).message(format!("ADD fetches `{source}` without a `--checksum` that says what it must be"));
        }
    }
}
