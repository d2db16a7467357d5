//! Pipes of a RUN whose failure the shell passes over.

use crate::images;
use crate::run::stage_of;
use plimsoll_sdk::docker::{Command, Fix, Instruction, Report};

/// Commands that do not fail before a pipe, or are stopped by it as a matter of course.
const HARMLESS: [&str; 4] = ["echo", "printf", "yes", ":"];
/// Programs that fetch what comes through the pipe from elsewhere, and fail when the other side does.
const FETCHES: [&str; 14] =
    ["curl", "wget", "aria2c", "http", "https", "fetch", "lynx", "git", "svn", "aws", "gsutil", "gcloud", "az", "ssh"];

/// Programs that fail themselves when nothing comes, or half of it: they unpack, or read keys.
const NOTICES: [&str; 10] = ["gunzip", "zcat", "bunzip2", "unxz", "unzstd", "bsdtar", "funzip", "gpg", "gpg2", "apt-key"];
/// Programs that unpack where they are told to, and else make something of nothing.
const PACKERS: [&str; 4] = ["gzip", "bzip2", "xz", "zstd"];

fn notices(command: Command<'_>) -> bool {
    let unpacks = command.name().is_any(&PACKERS) & command.has_any_flag(&["-d", "--decompress", "--uncompress"]);
    let extracts = command.words().get(1).holds(|word| !word.starts_with("--") && word.contains('x')).is_true()
        || command.has_any_flag(&["-x", "--extract", "--get"]).is_true();
    command.name().is_any(&NOTICES).is_true() || unpacks.is_true() || command.name().is("tar").is_true() && extracts
}

/// A command before a pipe that may fail unseen, and whether what it pipes comes from elsewhere and nothing behind it would notice.
pub(crate) fn unguarded<'a>(run: Instruction<'a>) -> Option<(Command<'a>, bool)> {
    let piped = |command: &Command<'a>| {
        let harmless = command.name().is_any(&HARMLESS).is_true();
        !harmless && command.piped().is(true).is_true() && command.pipefail().is(false).is_true()
    };
    // A check of sums fails by itself if nothing comes.
    let checked = |at: usize| run.commands().get(at + 1).known().is_some_and(checks_sums);
    let noticed = |at: usize| {
        let behind = run.commands().iter().skip(at + 1);
        let mut notice = behind.take_while(|command| command.operator().is("|").is_true()).map(|command| notices(command));
        notice.next().is_some_and(|first| first && notice.all(|next| next))
    };
    let all: Vec<(usize, Command<'a>)> =
        run.commands().iter().enumerate().filter(|(at, command)| piped(command) && !checked(*at)).collect();
    let fetches = all.iter().find(|(at, command)| command.name().is_any(&FETCHES).is_true() && !noticed(*at));
    fetches.map(|(_, command)| (*command, true)).or_else(|| Some((all.first()?.1, false)))
}

/// Reports such a command, with the SHELL that makes its failure count.
pub(crate) fn report<'a>(run: Instruction<'a>, command: Command<'a>, report: &mut Report<'a>) {
    let name = command.name().known().unwrap_or("a command");
    let draft = report.at(command).message(format!("`{name}` may fail in this pipe, and the RUN goes on"));
    if let Some(shell) = stage_of(run).and_then(images::base).and_then(images::shell).filter(|_| run.script().dialect().is("sh").is_true())
    {
        let text = format!("SHELL [\"{shell}\", \"-o\", \"pipefail\", \"-c\"]");
        draft.fix(Fix::unsafe_("let a pipe fail with any of its commands").insert_before(run, text));
    }
}

fn checks_sums(command: Command<'_>) -> bool {
    let sums = command
        .name()
        .holds(|name| name.ends_with("sum") && (name.starts_with("sha") || name.starts_with("md5") || name.starts_with("b2")));
    command.operator().is("|").is_true() && sums.is_true() && command.has_any_flag(&["-c", "--check"]).is_true()
}
