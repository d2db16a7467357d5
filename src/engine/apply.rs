//! Applying fixes: merge, write, parse and judge again, until nothing is left to do.
//!
//! A fix that breaks parsing, or leaves its finding, is undone and reported. Files are changed in memory here; the caller writes them.

use crate::resolve::Judged;
use plimsoll_document::Document;
use plimsoll_finding::{Applicability, Finding, Notice, NoticeKind, Severity};
use plimsoll_fix::{Op, Plan, TextEdit, apply, render};
use plimsoll_formats::{Entry, Files, ReadError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Judgements after which fixing stops, whatever is left.
const MAX_JUDGED: usize = 200;
/// Times that one fix of one finding is applied: what comes back again and again is a ring of fixes that undo each other.
const MAX_TIMES: usize = 3;

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
    pub(crate) under: &'a dyn Files,
    pub(crate) texts: BTreeMap<String, Arc<str>>,
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
    severity: Severity,
    ops: Vec<Op>,
    unit: usize,
}

impl Chosen {
    fn key(&self) -> FixKey {
        (self.rule.clone(), self.fingerprint.clone(), self.title.clone())
    }
}

/// Names a fix of a finding across rounds.
type FixKey = (Arc<str>, String, String);

/// What is known of fixes from earlier rounds.
#[derive(Default)]
struct Tried {
    /// Undone for good.
    refused: BTreeSet<FixKey>,
    /// Failed among others; they are tried alone.
    suspect: BTreeSet<FixKey>,
    applied: BTreeMap<FixKey, usize>,
    judged: usize,
}

/// How a round ended.
enum Round {
    /// Something was written and stays.
    Kept,
    /// Nothing could be written.
    Nothing,
    /// The result does not parse.
    Broken,
    /// These leave their findings.
    Left(Vec<FixKey>),
}

/// Fixes a job whose first state is `state`. `judge` loads and judges it over the given files, waivers applied.
pub(crate) fn fix(files: &dyn Files, level: Applicability, state: State, judge: &dyn Fn(&dyn Files) -> State) -> Fixed {
    let mut out = Fixed { changed: BTreeMap::new(), applied: vec![], notices: vec![], state };
    let mut tried = Tried::default();
    while tried.judged < MAX_JUDGED {
        let mut chosen: Vec<Chosen> = choose(&out.state.judged, level).filter(|fix| !tried.refused.contains(&fix.key())).collect();
        // Where two cannot both be applied, what is worth more goes before what is a matter of style.
        chosen.sort_by_key(|fix| Reverse(fix.severity));
        let (suspects, clear): (Vec<&Chosen>, Vec<&Chosen>) = chosen.iter().partition(|fix| tried.suspect.contains(&fix.key()));
        let group = if clear.is_empty() { suspects.into_iter().take(1).collect() } else { clear };
        if group.is_empty() {
            break;
        }
        together(files, &mut out, group, judge, &mut tried);
    }
    out
}

/// Applies fixes together, or finds out which of them cannot be.
fn together(files: &dyn Files, out: &mut Fixed, mut group: Vec<&Chosen>, judge: &dyn Fn(&dyn Files) -> State, tried: &mut Tried) {
    loop {
        let why = match round(files, out, &group, judge, tried) {
            Round::Kept => return,
            Round::Left(left) if group.len() > 1 => {
                // The others may do without them.
                group.retain(|fix| !left.contains(&fix.key()));
                tried.suspect.extend(left);
                if group.is_empty() {
                    return;
                }
                continue;
            }
            Round::Broken if group.len() > 1 => {
                let rest = group.split_off(group.len() / 2);
                tried.suspect.extend(rest.iter().map(|fix| fix.key()));
                continue;
            }
            Round::Nothing if group.len() > 1 => {
                tried.suspect.extend(group.iter().map(|fix| fix.key()));
                return;
            }
            Round::Nothing => None,
            Round::Broken => Some("the file would no longer parse"),
            Round::Left(_) => Some("the finding would stay"),
        };
        let fix = group[0];
        tried.refused.insert(fix.key());
        if let Some(why) = why {
            let at = out.state.judged.iter().find(|one| one.finding.fingerprint == fix.fingerprint).map(|one| one.finding.at.clone());
            let message = format!("fix `{}` of {} was undone: {why}", fix.title, fix.rule);
            out.notices.push(Notice { kind: NoticeKind::Plugin, at, message, incomplete: false });
        }
        return;
    }
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
            severity: one.finding.severity,
            ops: ops.clone(),
            unit: one.unit,
        })
    })
}

/// Tries fixes together and keeps the result if it parses and their findings are gone.
fn round(files: &dyn Files, out: &mut Fixed, chosen: &[&Chosen], judge: &dyn Fn(&dyn Files) -> State, tried: &mut Tried) -> Round {
    let (edits, joined) = edits_of(&out.state, chosen);
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
    if texts == out.changed {
        return Round::Nothing;
    }
    tried.judged += 1;
    let next = judge(&Changed { under: files, texts: texts.clone() });
    if unread(&next) > unread(&out.state) {
        return Round::Broken;
    }
    let left: Vec<FixKey> =
        joined.iter().filter(|fix| count(&next.judged, fix) >= count(&out.state.judged, fix)).map(|fix| fix.key()).collect();
    if !left.is_empty() {
        return Round::Left(left);
    }
    for fix in &joined {
        let times = tried.applied.entry(fix.key()).or_default();
        *times += 1;
        if *times >= MAX_TIMES {
            tried.refused.insert(fix.key());
        }
        out.applied.push((fix.rule.clone(), fix.title.clone()));
    }
    out.changed = texts;
    out.state = next;
    Round::Kept
}

/// The edits of those fixes that go together, by file.
fn edits_of<'c>(state: &State, chosen: &[&'c Chosen]) -> (BTreeMap<String, Vec<TextEdit>>, Vec<&'c Chosen>) {
    let mut edits: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
    let mut joined = vec![];
    for (index, documents) in state.units.iter().enumerate() {
        let unit: Vec<&Document> = documents.iter().collect();
        let mut plan = Plan::default();
        let mut members: Vec<&'c Chosen> = vec![];
        for fix in chosen.iter().filter(|fix| fix.unit == index) {
            // In a conflict the later fix waits for the next round.
            if plan.add(&unit, &fix.ops).is_ok() {
                members.push(*fix);
            }
        }
        let mut rendered = render(&unit, &plan).ok();
        if rendered.is_none() {
            // Edits overlap: one by one shows whose.
            plan = Plan::default();
            members.retain(|fix| {
                let mut next = plan.clone();
                let new = next.add(&unit, &fix.ops).ok().and_then(|()| render(&unit, &next).ok());
                let fits = new.is_some();
                if fits {
                    (plan, rendered) = (next, new);
                }
                fits
            });
        }
        joined.extend(members);
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
