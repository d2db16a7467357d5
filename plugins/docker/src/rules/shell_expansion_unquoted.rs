use crate::shell::{self, Kind};
use plimsoll_sdk::docker::{Fix, Instruction, Report};

/// Parts of names of variables that hold several words, or a number.
const LISTS: [&str; 26] = [
    "OPT", "ARG", "FLAG", "DEP", "PACKAGE", "PKG", "LIST", "FILES", "DIRS", "EXTRA", "PARAM", "MODULES", "EXTENSIONS", "EXTS", "LIBS", "TOOLS", "VERSION", "PORT",
    "UID", "GID", "ARCH", "COUNT", "NPROC", "JOBS", "TARGETS", "KEYS",
];

pub fn check(run: Instruction, report: &mut Report) {
    for command in shell::commands(run).filter(|command| !command.is("[[") && !command.is("export") && !command.is("local") && !command.is("case")) {
        let mut seen = u32::MAX;
        for word in command.words().items().skip(1).filter(|word| word.value().is_unknown()) {
            if core::mem::replace(&mut seen, word.span().start) == word.span().start {
                continue;
            }
            let raw = shell::raw(word);
            let split = shell::expansions(raw).into_iter().find(|found| {
                let name = found.name().to_ascii_uppercase();
                let plain = found.kind == Kind::Variable && !found.quoted && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit());
                plain && found.inner.len() == found.name().len() && !LISTS.iter().any(|part| name.contains(part)) && !name.ends_with('S')
            });
            let Some(found) = split else { continue };
            let draft = report.at(word).message(format!("`${}` is split at blanks, and `*` in it expanded: it has no quotes", found.name()));
            if !raw.contains(['"', '\'', '\\', '`', '*', '?', '{', '(', '~', '=']) || raw.starts_with("${") && !raw.contains(['"', '\'', '\\', '(']) {
                draft.fix(Fix::unsafe_("put it into quotes").set(word, "", format!("\"{raw}\"")));
            }
            break;
        }
    }
}
