//! A job's result as text, for the cache. Read only by the program that wrote it, so its shape is nobody else's business.

use plimsoll_finding::{
    Applicability, Edit, Finding, Fix, Location, Notice, NoticeKind, Position, Range, Related, Severity, State, Waived,
};
use plimsoll_verdict::Listed;
use serde_json::{Value, json};
use std::sync::Arc;

/// A job's result.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stored {
    pub(crate) findings: Vec<Finding>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) judged: usize,
    pub(crate) used: Vec<usize>,
    pub(crate) waivers: Vec<Listed>,
}

impl Stored {
    /// Whether it would come out the same again: nothing failed, nothing ran into a limit.
    pub(crate) fn keeps(&self) -> bool {
        crate::outcome::keeps(&self.notices)
    }
}

pub(crate) fn write(stored: &Stored) -> String {
    json!({
        "findings": stored.findings.iter().map(finding).collect::<Vec<_>>(),
        "notices": stored.notices.iter().map(|one| json!([one.kind.name(), one.at.as_ref().map(location), one.message, one.incomplete])).collect::<Vec<_>>(),
        "judged": stored.judged,
        "used": stored.used,
        "waivers": stored.waivers.iter().map(|one| json!([waived(&one.waived), one.rules, one.expired])).collect::<Vec<_>>(),
    })
    .to_string()
}

pub(crate) fn read(text: &str) -> Option<Stored> {
    let value: Value = serde_json::from_str(text).ok()?;
    Some(Stored {
        findings: all(&value["findings"], to_finding)?,
        notices: all(&value["notices"], |one| {
            let kinds =
                [NoticeKind::Parse, NoticeKind::Template, NoticeKind::Limit, NoticeKind::Plugin, NoticeKind::Config, NoticeKind::Io];
            let kind = kinds.into_iter().find(|kind| one[0] == kind.name())?;
            Some(Notice { kind, at: maybe(&one[1], to_location)?, message: text_of(&one[2])?, incomplete: one[3].as_bool()? })
        })?,
        judged: usize::try_from(value["judged"].as_u64()?).ok()?,
        used: all(&value["used"], |one| usize::try_from(one.as_u64()?).ok())?,
        waivers: all(&value["waivers"], |one| {
            Some(Listed { waived: to_waived(&one[0])?, rules: text_of(&one[1])?, expired: one[2].as_bool()? })
        })?,
    })
}

fn all<T>(list: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    list.as_array()?.iter().map(read).collect()
}

/// `Some(None)` for null.
#[allow(clippy::option_option, reason = "outside: whether it can be read; inside: whether there is one")]
fn maybe<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Option<T>> {
    if value.is_null() { Some(None) } else { read(value).map(Some) }
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn shared(value: &Value) -> Option<Arc<str>> {
    value.as_str().map(Arc::from)
}

fn range(range: &Range) -> Value {
    let (start, end) = (range.start, range.end);
    json!([start.line, start.column, start.offset, end.line, end.column, end.offset])
}

fn to_range(value: &Value) -> Option<Range> {
    let number = |at: usize| value[at].as_u64().and_then(|number| u32::try_from(number).ok());
    let position = |at: usize| Some(Position { line: number(at)?, column: number(at + 1)?, offset: number(at + 2)? });
    Some(Range { start: position(0)?, end: position(3)? })
}

fn location(at: &Location) -> Value {
    json!([&*at.path, range(&at.range)])
}

fn to_location(value: &Value) -> Option<Location> {
    Some(Location { path: shared(&value[0])?, range: to_range(&value[1])? })
}

fn waived(one: &Waived) -> Value {
    json!([one.by, one.at.as_ref().map(location), one.reason, one.owner, one.until, one.ticket])
}

fn to_waived(value: &Value) -> Option<Waived> {
    Some(Waived {
        by: text_of(&value[0])?,
        at: maybe(&value[1], to_location)?,
        reason: maybe(&value[2], text_of)?,
        owner: maybe(&value[3], text_of)?,
        until: maybe(&value[4], text_of)?,
        ticket: maybe(&value[5], text_of)?,
    })
}

fn finding(one: &Finding) -> Value {
    let state = match &one.state {
        State::Active => Value::Null,
        State::Waived(by) => waived(by),
    };
    json!({
        "rule": &*one.rule, "severity": one.severity.name(), "message": one.message, "at": location(&one.at), "site": location(&one.site),
        "address": one.address, "addresses": one.addresses, "fingerprint": one.fingerprint, "state": state,
        "related": one.related.iter().map(|other| json!([location(&other.at), other.label])).collect::<Vec<_>>(),
        "secrets": one.secrets.iter().map(location).collect::<Vec<_>>(),
        "fixes": one.fixes.iter().map(|fix| json!({
            "title": fix.title, "safe": fix.applicability == Applicability::Safe, "dropped": fix.dropped, "secret": fix.secret, "trusted": fix.trusted,
            "edits": fix.edits.iter().map(|edit| json!([&*edit.path, edit.range.as_ref().map(range), edit.text])).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn to_finding(value: &Value) -> Option<Finding> {
    let edit = |value: &Value| Some(Edit { path: shared(&value[0])?, range: maybe(&value[1], to_range)?, text: text_of(&value[2])? });
    let fix = |value: &Value| {
        Some(Fix {
            title: text_of(&value["title"])?,
            applicability: if value["safe"].as_bool()? { Applicability::Safe } else { Applicability::Unsafe },
            edits: all(&value["edits"], edit)?,
            dropped: maybe(&value["dropped"], text_of)?,
            secret: value["secret"].as_bool()?,
            trusted: value["trusted"].as_bool()?,
        })
    };
    Some(Finding {
        rule: shared(&value["rule"])?,
        severity: value["severity"].as_str()?.parse::<Severity>().ok()?,
        message: text_of(&value["message"])?,
        at: to_location(&value["at"])?,
        site: to_location(&value["site"])?,
        address: text_of(&value["address"])?,
        addresses: all(&value["addresses"], text_of)?,
        fingerprint: text_of(&value["fingerprint"])?,
        related: all(&value["related"], |one| Some(Related { at: to_location(&one[0])?, label: text_of(&one[1])? }))?,
        fixes: all(&value["fixes"], fix)?,
        secrets: all(&value["secrets"], to_location)?,
        state: maybe(&value["state"], to_waived)?.map_or(State::Active, State::Waived),
    })
}
