use plimsoll_sdk::credential::{self, Found};
use plimsoll_sdk::docker::{Command, Dockerfile, Pair, Report, Span};

pub fn check(file: Dockerfile, report: &mut Report) {
    let span = file.node().doc().root().span();
    let text = file.node().doc().source_text(span.source);
    let mut seen: Vec<Span> = vec![];
    let found = credential::find(text);
    let named = if found.is_empty() { vec![] } else { named(file) };
    for Found { start, end, what } in found {
        let at = Span::new(span.source, start as u32, end as u32);
        if named.iter().any(|span| span.start <= at.start && at.end <= span.end) {
            continue;
        }
        seen.push(at);
        report.here().span(at).message(format!("{what} is written out")).secret_span(at);
    }
    for command in file.stages().iter().flat_map(|stage| stage.each("RUN")).flat_map(|run| run.commands().iter()) {
        if let Some((at, how)) = given(command).filter(|(at, _)| !seen.iter().any(|other| other.start < at.end && at.start < other.end)) {
            report.here().span(at).message(format!("a credential is written out, as {how}")).secret_span(at);
        }
    }
}

/// Variables that another rule judges, by their names.
fn named(file: Dockerfile) -> Vec<Span> {
    let declared = file.stages().iter().flat_map(|stage| stage.instructions().iter()).chain(file.args().iter());
    declared
        .filter(|instruction| instruction.is("ENV") || instruction.is("ARG"))
        .flat_map(|instruction| instruction.pairs().iter())
        .filter(|pair: &Pair| pair.key().holds(credential::is_named_so).is_true())
        .map(|pair| pair.node().span())
        .collect()
}

/// A value that is given to a command as a credential, and is likely to be one.
fn given(command: Command) -> Option<(Span, String)> {
    for pair in command.assignments() {
        let (Some(name), Some(value)) = (pair.key().known(), pair.value().known()) else { continue };
        if credential::is_named_so(name) && credential::is_random(value) {
            return Some((pair.value().span()?, format!("`{name}`")));
        }
    }
    let mut before = "";
    for item in command.words().items() {
        let Some(word) = item.value().known() else {
            before = "";
            continue;
        };
        let name = before.trim_start_matches('-');
        let user = matches!(before, "-u" | "--user") && (command.is("curl") || command.is("wget"));
        if user && word.split_once(':').is_some_and(|(_, password)| credential::is_random(password)) {
            return Some((item.span(), format!("`{before}`")));
        }
        if before.starts_with("--") && credential::is_named_so(name) && credential::is_random(word) {
            return Some((item.span(), format!("`{before}`")));
        }
        if word.starts_with("--")
            && let Some((flag, value)) = word.split_once('=')
            && credential::is_named_so(flag)
            && credential::is_random(value)
        {
            return Some((item.span(), format!("`{flag}`")));
        }
        before = word;
    }
    None
}
