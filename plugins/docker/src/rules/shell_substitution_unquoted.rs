use crate::packages::{APK, APT, PIP, RPM, ZYPPER};
use crate::shell::{self, Kind};
use plimsoll_sdk::docker::{Fix, Instruction, Report};

/// Commands whose output is one plain word, or a list that is meant to be one.
const ONE_WORD: [&str; 14] = ["nproc", "uname", "arch", "dpkg", "dpkg-architecture", "id", "getconf", "rpm", "date", "lsb_release", "find", "ls", "pkg-config", "expr"];

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run) {
        let managers = [&APT, &APK, &RPM, &ZYPPER, &PIP];
        let plain = ["[[", "export", "local", "echo", "exit", "apt-mark", "kill", "case"].iter().any(|name| command.is(name));
        if plain || managers.iter().any(|manager| manager.is(command)) {
            continue;
        }
        for word in command.words().items().skip(1) {
            let raw = shell::raw(word);
            let found = shell::expansions(raw).into_iter().find(|found| matches!(found.kind, Kind::Substitution | Kind::Backticks) && !found.quoted);
            let Some(found) = found else { continue };
            let name = found.inner.split_whitespace().next().unwrap_or_default();
            if ONE_WORD.contains(&name) {
                continue;
            }
            let draft = report.at(word).message(format!("the output of `{name}` is split at blanks: it has no quotes"));
            if found.kind == Kind::Substitution && found.start == 0 && found.end == raw.len() && !raw.contains('\\') {
                draft.fix(Fix::unsafe_("put it into quotes").set(word, "", format!("\"{raw}\"")));
            }
            break;
        }
    }
}
