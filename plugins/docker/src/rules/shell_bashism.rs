use crate::shell::{self, Kind};
use crate::{images, run::stage_of};
use plimsoll_sdk::docker::{Command, Instruction, Report};

pub fn check(run: Instruction, report: &mut Report) {
    if !run.script().dialect().is("sh").is_true() {
        return;
    }
    let shell = stage_of(run).and_then(images::base).and_then(images::shell);
    let (name, busybox) = match shell {
        Some("/bin/bash") => ("dash", false),
        Some("/bin/ash") => ("BusyBox's shell", true),
        _ => return,
    };
    let mut other_shell = false;
    for command in shell::commands(run) {
        // The commands of `bash -c '…'` and of what is fed to it follow as deeper ones.
        if command.operator().is_any(&["-c", "<<"]).is_true() {
            other_shell = true;
        } else if command.depth().is(0.0).is_true() {
            other_shell = false;
        }
        if let Some(what) = bashism(command, busybox).filter(|_| !other_shell) {
            report.at(command).message(format!("{name} does not know {what}"));
        }
    }
}

fn bashism(command: Command, busybox: bool) -> Option<String> {
    let words = || command.words().items();
    for word in words() {
        let raw = shell::raw(word);
        if raw.starts_with("<(") || raw.starts_with(">(") {
            return Some("`<(…)`".to_owned());
        }
        if raw.contains('{') && braces(&shell::bare(raw)) && !command.is("[[") {
            return Some(format!("`{{a,b}}`: `{raw}` is taken as it stands"));
        }
        let array = shell::expansions(raw).into_iter().find(|found| found.kind == Kind::Variable && found.inner.contains('[') && !found.inner.contains(['#', '%']));
        if array.is_some() {
            return Some("arrays".to_owned());
        }
    }
    if command.redirects().iter().any(|redirect| redirect.operator().is("<<<").is_true()) {
        return Some("`<<<`".to_owned());
    }
    if command.assignments().items().any(|pair| pair.node().source_text().split_once('=').is_some_and(|(_, value)| value.starts_with('('))) {
        return Some("arrays".to_owned());
    }
    if busybox {
        return None;
    }
    match command.name().known().unwrap_or_default() {
        "[[" => return Some("`[[`".to_owned()),
        word @ ("source" | "pushd" | "popd" | "declare" | "typeset" | "shopt" | "mapfile" | "readarray" | "let") => return Some(format!("`{word}`")),
        "[" if command.has_word("==").is_true() => return Some("`==` in `[`; it is `=`".to_owned()),
        "set" if command.has_word("pipefail").is_true() => return Some("`set -o pipefail`".to_owned()),
        "echo" if words().next().is_some_and(|word| shell::raw(word) == "echo") && command.words().get(1).is_any(&["-e", "-en", "-ne"]).is_true() => return Some("`echo -e`, and prints the `-e`".to_owned()),
        _ => {}
    }
    if command.redirects().iter().any(|redirect| redirect.operator().is_any(&["&>", "&>>"]).is_true()) {
        return Some("`&>`, and runs the command in the background".to_owned());
    }
    words().find_map(|word| {
        shell::expansions(shell::raw(word)).into_iter().find_map(|found| {
            let behind = found.inner.get(found.name().len()..).filter(|_| found.kind == Kind::Variable)?;
            let substring = behind.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == ' '));
            (behind.starts_with(['/', '^', ',']) || substring || found.inner.starts_with('!')).then(|| format!("`${{{}}}`", found.inner))
        })
    })
}

/// Whether bare text has braces that bash would expand.
fn braces(bare: &str) -> bool {
    bare.match_indices('{').any(|(at, _)| {
        let Some(end) = bare[at..].find('}') else { return false };
        let inner = &bare[at + 1..at + end];
        inner.contains(',') && !inner.contains([' ', '{']) || inner.split_once("..").is_some_and(|(from, to)| !from.is_empty() && !to.is_empty())
    })
}
