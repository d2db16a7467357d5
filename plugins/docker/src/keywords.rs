//! The instructions of a Dockerfile, and where their words stand.

use plimsoll_sdk::docker::Instruction;

/// Their keywords.
pub(crate) const ALL: [&str; 18] = [
    "FROM",
    "RUN",
    "COPY",
    "ADD",
    "ARG",
    "ENV",
    "LABEL",
    "WORKDIR",
    "USER",
    "CMD",
    "ENTRYPOINT",
    "EXPOSE",
    "VOLUME",
    "HEALTHCHECK",
    "SHELL",
    "STOPSIGNAL",
    "ONBUILD",
    "MAINTAINER",
];

/// Where the word AS of a FROM begins in its source text.
pub(crate) fn as_of(from: Instruction<'_>) -> Option<usize> {
    let (from, alias) = (from.node(), from.alias().node()?);
    let before = from.source_text().get(..alias.span().start.checked_sub(from.span().start)? as usize)?;
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '\\' | '`'));
    let at = before.len().checked_sub(2)?;
    before.get(at..)?.eq_ignore_ascii_case("as").then_some(at)
}
