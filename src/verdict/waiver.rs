//! A waiver, wherever it is written, and what it covers.

use jiff::civil::Date;
use plimsoll_finding::{Location, Waived};

/// Who wrote a waiver, in the order in which they are credited when several cover one finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    Comment,
    Annotation,
    Peer(&'static str),
}

impl By {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Annotation => "annotation",
            Self::Peer(name) => name,
        }
    }

    /// Whether it is in our own syntax, which is held to account.
    pub(crate) const fn ours(self) -> bool {
        !matches!(self, Self::Peer(_))
    }
}

/// What a waiver covers in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    Nothing,
    File,
    /// Findings that lie inside these bytes.
    Within((u32, u32)),
    /// Findings that start inside these bytes (a line).
    From((u32, u32)),
}

impl Cover {
    pub(crate) fn covers(self, at: &Location) -> bool {
        let (first, last) = (at.range.start.offset, at.range.end.offset);
        match self {
            Self::Nothing => false,
            Self::File => true,
            Self::Within((start, end)) => start <= first && last <= end,
            Self::From((start, end)) => start <= first && first <= end,
        }
    }
}

/// One selector of a waiver.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Indices of rules, ascending; `None` if the selector names nothing.
    pub(crate) rules: Option<Vec<usize>>,
    pub(crate) selector: String,
    pub(crate) at: Location,
}

/// A waiver.
#[derive(Debug, Clone)]
pub(crate) struct Waiver {
    pub(crate) by: By,
    pub(crate) parts: Vec<Part>,
    pub(crate) cover: Cover,
    pub(crate) at: Location,
    pub(crate) until: Option<Date>,
    pub(crate) owner: Option<String>,
    pub(crate) ticket: Option<String>,
    pub(crate) reason: Option<String>,
}

/// A waiver of ours that cannot be read.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) at: Location,
    pub(crate) cause: String,
}

impl Waiver {
    pub(crate) fn expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// The part that names a rule.
    pub(crate) fn part(&self, rule: usize) -> Option<usize> {
        self.parts.iter().position(|part| part.rules.as_ref().is_some_and(|rules| rules.binary_search(&rule).is_ok()))
    }

    pub(crate) fn waived(&self) -> Waived {
        Waived {
            by: self.by.name().to_owned(),
            at: Some(self.at.clone()),
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            until: self.until.map(|until| until.to_string()),
            ticket: self.ticket.clone(),
        }
    }
}
