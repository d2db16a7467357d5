use crate::shell;
use plimsoll_sdk::docker::{Fix, Instruction, Report};

const TESTS: [&str; 6] = ["-name", "-iname", "-path", "-ipath", "-wholename", "-regex"];

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| command.is("find")) {
        let words: Vec<_> = command.words().items().collect();
        for pair in words.windows(2) {
            let raw = shell::raw(pair[1]);
            let open = pair[0].value().is_any(&TESTS).is_true() && shell::bare(raw).contains(['*', '?', '[']);
            if open && pair[0].span() != pair[1].span() {
                let draft = report.at(pair[1]).message(format!("the shell expands `{raw}` before `find` sees it"));
                if !raw.contains(['\'', '"', '$', '\\', '`']) {
                    draft.fix(Fix::safe("put it into quotes").set(pair[1], "", format!("'{raw}'")));
                }
            }
        }
    }
}
