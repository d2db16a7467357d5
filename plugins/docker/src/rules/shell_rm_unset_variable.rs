use crate::shell::{self, Kind};
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    let all: Vec<Command> = shell::commands(run).collect();
    let removes = |command: &Command| command.is("rm") && !command.has_any_flag(&["-r", "-R", "--recursive"]).is_false();
    for (at, command) in all.iter().enumerate().filter(|(_, command)| removes(command)) {
        for word in command.words().items().skip(1).filter(|word| word.value().is_unknown()) {
            let raw = shell::raw(word);
            let Some(first) = shell::expansions(raw).into_iter().next().filter(|first| first.kind == Kind::Variable) else { continue };
            let name = first.name();
            let leads = matches!(&raw[..first.start], "" | "\"");
            let rest = raw[first.end..].trim_start_matches('"');
            let set = all[..at].iter().any(|before| before.assignments().iter().any(|pair| pair.key().is(name).is_true()))
                || all[..at].iter().any(|before| before.is("export") && before.words().iter().any(|word| word.split('=').next() == Some(name)));
            if leads && rest.starts_with('/') && name.len() == first.inner.len() && !set {
                report
                    .at(word)
                    .message(format!("if `${name}` is empty, this removes `{}`", rest.trim_end_matches('"')))
                    .fix(Fix::unsafe_("stop if it is empty").set(word, "", format!("{}${{{name}:?}}{}", &raw[..first.start], &raw[first.end..])));
                break;
            }
        }
    }
}
