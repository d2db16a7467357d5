//! Applying fixes: merge, write, parse and judge again, until nothing is left to do.
//!
//! A fix that breaks parsing, or leaves its finding, is undone and reported. Files are changed in memory here; the caller writes them.

use crate::resolve::Judged;
use plimsoll_document::Document;
use plimsoll_finding::{Applicability, Finding, Notice, NoticeKind};
use plimsoll_fix::{Op, Plan, TextEdit, apply, render};
use plimsoll_formats::{Entry, Files, ReadError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rounds after which fixing stops: a fix whose result needs a fix is normal, a chain of twenty is a ring.
const MAX_ROUNDS: usize = 20;

/// A job as it stands: what it is made of, what was found, what could not be read.
pub(crate) struct State {
    /// Documents per unit; the first of each is judged.
    pub(crate) units: Vec<Vec<Document>>,
    pub(crate) judged: Vec<Judged>,
    pub(crate) notices: Vec<Notice>,
}

/// What fixing a job came to.
pub(crate) struct Fixed {
    /// New texts of changed and created files.
    pub(crate) changed: BTreeMap<String, Arc<str>>,
    /// Titles of the fixes applied, with the rule's id.
    pub(crate) applied: Vec<(Arc<str>, String)>,
    /// Fixes that were undone.
    pub(crate) notices: Vec<Notice>,
    /// The job after the last round.
    pub(crate) state: State,
}

/// Files with changed texts over them.
pub(crate) struct Changed<'a> {
    under: &'a dyn Files,
    texts: BTreeMap<String, Arc<str>>,
}

impl Files for Changed<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.texts.get(path).map_or_else(|| self.under.read(path), |text| Ok(text.as_bytes().into()))
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let mut entries = self.under.list(directory)?;
        for path in self.texts.keys() {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            if parent == directory && !entries.iter().any(|entry| entry.name == name) {
                entries.push(Entry { name: name.to_owned(), directory: false });
            }
        }
        entries.sort();
        Some(entries)
    }

    fn is_file(&self, path: &str) -> bool {
        self.texts.contains_key(path) || self.under.is_file(path)
    }
}

/// A fix that may be applied now.
struct Chosen {
    rule: Arc<str>,
    fingerprint: String,
    title: String,
    ops: Vec<Op>,
    unit: usize,
}

impl Chosen {
    fn key(&self) -> (Arc<str>, String, String) {
        (self.rule.clone(), self.fingerprint.clone(), self.title.clone())
    }
}

/// Fixes a job whose first state is `state`. `judge` loads and judges it over the given files, waivers applied.
pub(crate) fn fix(files: &dyn Files, level: Applicability, state: State, judge: &dyn Fn(&dyn Files) -> State) -> Fixed {
    let mut out = Fixed { changed: BTreeMap::new(), applied: vec![], notices: vec![], state };
    let mut refused: BTreeSet<(Arc<str>, String, String)> = BTreeSet::new();
    for _ in 0..MAX_ROUNDS {
        let chosen: Vec<Chosen> = choose(&out.state.judged, level).filter(|fix| !refused.contains(&fix.key())).collect();
        if chosen.is_empty() {
            break;
        }
        let all: Vec<&Chosen> = chosen.iter().collect();
        let progress = round(files, &mut out, &all, judge, &mut refused);
        // Together they failed: alone, most of them succeed.
        if !progress && !chosen.iter().any(|fix| round(files, &mut out, &[fix], judge, &mut refused)) {
            break;
        }
    }
    out
}

fn choose(judged: &[Judged], level: Applicability) -> impl Iterator<Item = Chosen> + '_ {
    judged.iter().filter(|one| one.finding.state == plimsoll_finding::State::Active).filter_map(move |one| {
        let usable = |(fix, ops): &(&plimsoll_finding::Fix, &Vec<Op>)| {
            fix.trusted && fix.dropped.is_none() && fix.applicability <= level && !ops.is_empty()
        };
        let (fix, ops) = one.finding.fixes.iter().zip(&one.ops).find(usable)?;
        Some(Chosen {
            rule: one.finding.rule.clone(),
            fingerprint: one.finding.fingerprint.clone(),
            title: fix.title.clone(),
            ops: ops.clone(),
            unit: one.unit,
        })
    })
}

/// Tries the fixes together. True if something was written and stays.
fn round(
    files: &dyn Files,
    out: &mut Fixed,
    chosen: &[&Chosen],
    judge: &dyn Fn(&dyn Files) -> State,
    refused: &mut BTreeSet<(Arc<str>, String, String)>,
) -> bool {
    let (edits, joined) = edits_of(&out.state, chosen);
    let alone = chosen.len() == 1;
    if edits.is_empty() {
        if alone {
            refused.insert(chosen[0].key());
        }
        return false;
    }
    let mut texts = out.changed.clone();
    for (path, edits) in &edits {
        let old =
            texts.get(path).cloned().or_else(|| files.read(path).ok().and_then(|bytes| std::str::from_utf8(&bytes).ok().map(Arc::from)));
        let new: Arc<str> = match (&old, edits.iter().find(|edit| edit.range.is_none())) {
            (None, Some(create)) => create.text.as_str().into(),
            // A file that a fix wants to create and that exists is left alone.
            (Some(_), Some(_)) | (None, None) => continue,
            (Some(old), None) => apply(old, &edits.iter().collect::<Vec<_>>()).into(),
        };
        texts.insert(path.clone(), new);
    }
    let next = judge(&Changed { under: files, texts: texts.clone() });
    let broken = unread(&next) > unread(&out.state);
    let left: Vec<&&Chosen> = joined.iter().filter(|fix| count(&next.judged, fix) >= count(&out.state.judged, fix)).collect();
    if texts == out.changed || broken || !left.is_empty() {
        if alone {
            refused.insert(chosen[0].key());
            let why = if broken { "the file would no longer parse" } else { "the finding would stay" };
            let at = out.state.judged.iter().find(|one| one.finding.fingerprint == chosen[0].fingerprint).map(|one| one.finding.at.clone());
            let message = format!("fix `{}` of {} was undone: {why}", chosen[0].title, chosen[0].rule);
            out.notices.push(Notice { kind: NoticeKind::Plugin, at, message, incomplete: false });
        }
        return false;
    }
    out.applied.extend(joined.iter().map(|fix| (fix.rule.clone(), fix.title.clone())));
    out.changed = texts;
    out.state = next;
    true
}

/// The edits of those fixes that go together, by file.
fn edits_of<'c>(state: &State, chosen: &[&'c Chosen]) -> (BTreeMap<String, Vec<TextEdit>>, Vec<&'c Chosen>) {
    let mut edits: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
    let mut joined = vec![];
    for (index, documents) in state.units.iter().enumerate() {
        let unit: Vec<&Document> = documents.iter().collect();
        let mut plan = Plan::default();
        let mut rendered = None;
        for fix in chosen.iter().filter(|fix| fix.unit == index) {
            let mut next = plan.clone();
            // A conflict, or edits that overlap: the later fix waits for the next round.
            if next.add(&unit, &fix.ops).is_err() {
                continue;
            }
            let Ok(new) = render(&unit, &next) else { continue };
            plan = next;
            rendered = Some(new);
            joined.push(*fix);
        }
        for edit in rendered.into_iter().flat_map(|rendered| rendered.edits) {
            edits.entry(edit.path.clone()).or_default().push(edit);
        }
    }
    for list in edits.values_mut() {
        list.sort_by_key(|edit| edit.range);
        list.dedup();
        // Objects of one file cannot overlap, but a file shared by two units can be written by both: the first stays.
        let mut end = 0;
        list.retain(|edit| {
            let fits = edit.range.is_none_or(|(start, _)| start >= end);
            end = edit.range.filter(|_| fits).map_or(end, |(_, edit_end)| edit_end);
            fits
        });
    }
    (edits, joined)
}

fn unread(state: &State) -> usize {
    state.notices.iter().filter(|notice| matches!(notice.kind, NoticeKind::Parse | NoticeKind::Limit)).count()
}

fn count(judged: &[Judged], fix: &Chosen) -> usize {
    let same = |finding: &&Finding| finding.rule == fix.rule && finding.fingerprint == fix.fingerprint;
    judged.iter().map(|one| &one.finding).filter(same).map(|finding| finding.addresses.len()).sum()
}
