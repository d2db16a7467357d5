//! What was found in a Kubernetes file's documents, kept while somebody edits the file: only those that an edit reaches are judged again.
//!
//! What is found in a YAML document is decided by its own text and the lines around it up to its neighbours', and by settings, for which a
//! memo is made anew. An edit moves the others' findings, it does not change them.

use crate::resolve::Judged;
use plimsoll_finding::{Finding, Lines, Location, Position, State};
use plimsoll_kubernetes::Part;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

/// What is known of the parts of one file, by their text.
#[derive(Debug, Default)]
pub(crate) struct Memo(Mutex<HashMap<Box<str>, Kept>>);

/// What was found in a part when it started here. Units are counted from the part's first.
#[derive(Debug)]
struct Kept {
    start: Position,
    judged: Vec<Judged>,
}

/// A memo while one text is judged. What it does not hold in the end is forgotten.
pub(crate) struct Recall<'m> {
    memo: &'m Memo,
    before: HashMap<Box<str>, Kept>,
    after: HashMap<Box<str>, Kept>,
    parts: Vec<(Part, Box<str>, Position)>,
}

impl Memo {
    /// Starts on a text; `None` if its parts do not stand for themselves.
    pub(crate) fn recall(&self, text: &str, parts: Vec<Part>) -> Option<Recall<'_>> {
        // Who writes a fix looks at the whole of these.
        let lone_return = || text.match_indices('\r').any(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'));
        if parts.is_empty() || text.trim_start().starts_with('{') || lone_return() {
            return None;
        }
        let lines = Lines::new(text);
        let returns = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
        let key = |part: &Part| Some(format!("{returns}{}", text.get(part.around.clone())?).into_boxed_str());
        let parts = parts.into_iter().filter_map(|part| {
            let (key, start) = (key(&part)?, lines.position(text, part.start));
            Some((part, key, start))
        });
        let before = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Some(Recall { memo: self, before, after: HashMap::new(), parts: parts.collect() })
    }
}

impl Recall<'_> {
    /// What is known already, where it is now, and the units that it is about.
    pub(crate) fn known(&mut self) -> (Vec<Judged>, BTreeSet<usize>) {
        let (mut judged, mut units) = (vec![], BTreeSet::new());
        for (part, key, start) in &self.parts {
            if let Some(kept) = self.before.remove(key) {
                self.after.insert(key.clone(), kept);
            }
            let Some(kept) = self.after.get(key) else { continue };
            let moved = Moved { from: kept.start, to: *start };
            judged.extend(kept.judged.iter().map(|one| Judged {
                finding: moved.finding(&one.finding),
                ops: one.ops.clone(),
                unit: one.unit + part.objects.start,
            }));
            units.extend(part.objects.clone());
        }
        (judged, units)
    }

    /// Keeps what was found in all parts, but those with a unit of which `but` says that something else decided it.
    pub(crate) fn keep(mut self, judged: &[Judged], but: impl Fn(usize) -> bool) {
        for (part, key, start) in std::mem::take(&mut self.parts) {
            if self.after.contains_key(&key) || part.objects.clone().any(&but) {
                continue;
            }
            let own = judged.iter().filter(|one| part.objects.contains(&one.unit));
            let own = own.map(|one| Judged { unit: one.unit - part.objects.start, ..one.clone() }).collect();
            self.after.insert(key, Kept { start, judged: own });
        }
        *self.memo.0.lock().unwrap_or_else(PoisonError::into_inner) = self.after;
    }
}

/// From where a part started to where it starts.
struct Moved {
    from: Position,
    to: Position,
}

impl Moved {
    fn position(&self, at: &mut Position) {
        at.line = at.line + self.to.line - self.from.line;
        at.offset = at.offset + self.to.offset - self.from.offset;
    }

    fn location(&self, at: &mut Location) {
        self.position(&mut at.range.start);
        self.position(&mut at.range.end);
    }

    fn finding(&self, finding: &Finding) -> Finding {
        let mut finding = Finding { state: State::Active, ..finding.clone() };
        if self.from == self.to {
            return finding;
        }
        self.location(&mut finding.at);
        self.location(&mut finding.site);
        finding.related.iter_mut().for_each(|related| self.location(&mut related.at));
        finding.secrets.iter_mut().for_each(|secret| self.location(secret));
        for range in finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits).filter_map(|edit| edit.range.as_mut()) {
            self.position(&mut range.start);
            self.position(&mut range.end);
        }
        finding
    }
}
