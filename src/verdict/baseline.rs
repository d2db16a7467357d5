//! A baseline: the findings that were there when a project began, so that only new ones fail.
//!
//! It counts findings by path and fingerprint. Neither knows a line, so moved lines, new layout and reordered resources change nothing.
//! Findings of a file that is gone are looked for where the file may have gone to: by fingerprint, which named Kubernetes objects keep in
//! any file, else in the new file that shares the most of them by rule and address. What a rule says of a whole module stands at whichever
//! resource comes first, so in one file the same words of one rule are the same finding too.

use plimsoll_finding::{Finding, State, Waived};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The format's name.
const SCHEMA: &str = "plimsoll/baseline/1";

/// Findings that are known, by path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    files: BTreeMap<String, BTreeMap<Key, usize>>,
}

/// What identifies a finding in its file. Rule, address and message are for people, and for findings that moved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    rule: String,
    address: String,
    fingerprint: String,
    message: String,
}

impl Key {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.to_string(),
            address: without_positions(&finding.address),
            fingerprint: finding.fingerprint.clone(),
            message: finding.message.clone(),
        }
    }
}

/// Why a baseline cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// No JSON.
    #[error("not valid JSON: {0}")]
    Syntax(String),
    /// Another format, or a newer one.
    #[error("not a baseline of this version: `schema` must be `{SCHEMA}`")]
    Schema,
    /// An entry that cannot be one.
    #[error("`{0}` holds an entry without rule, address, fingerprint, message or count; write the baseline again with `plimsoll baseline`")]
    Entry(String),
}

/// What a baseline came to on a run's findings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Findings that it covers; they are waived now.
    pub covered: usize,
    /// Findings that it holds and that are gone.
    pub gone: usize,
    /// What is left to know: entries that were found again, under the paths where they are now, and those that the run did not look at.
    pub remaining: Baseline,
}

impl Baseline {
    /// The findings that count, at paths as `path` words them.
    pub fn of<'f>(findings: impl Iterator<Item = &'f Finding>, path: &dyn Fn(&str) -> String) -> Self {
        let mut baseline = Self::default();
        for finding in findings.filter(|finding| finding.state == State::Active) {
            baseline.add(&path(&finding.site.path), Key::of(finding), 1);
        }
        baseline
    }

    fn add(&mut self, path: &str, key: Key, count: usize) {
        if count > 0 {
            *self.files.entry(path.to_owned()).or_default().entry(key).or_default() += count;
        }
    }

    /// Reads a baseline.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let value: Value = serde_json::from_str(text).map_err(|error| BaselineError::Syntax(error.to_string()))?;
        if value["schema"] != SCHEMA {
            return Err(BaselineError::Schema);
        }
        let mut baseline = Self::default();
        for (path, entries) in value["files"].as_object().ok_or(BaselineError::Schema)? {
            for entry in entries.as_array().ok_or_else(|| BaselineError::Entry(path.clone()))? {
                let text = |name: &str| entry[name].as_str().map(str::to_owned).ok_or_else(|| BaselineError::Entry(path.clone()));
                let count = entry["count"].as_u64().and_then(|count| usize::try_from(count).ok());
                let key =
                    Key { rule: text("rule")?, address: text("address")?, fingerprint: text("fingerprint")?, message: text("message")? };
                baseline.add(path, key, count.ok_or_else(|| BaselineError::Entry(path.clone()))?);
            }
        }
        Ok(baseline)
    }

    /// The file's text: one finding a line, sorted, so that a diff of it can be read and two branches' merge.
    pub fn to_text(&self) -> String {
        let files: Vec<String> = self
            .files
            .iter()
            .map(|(path, entries)| {
                let lines: Vec<String> = entries
                    .iter()
                    .map(|(key, count)| {
                        json!({"rule": key.rule, "address": key.address, "message": key.message, "fingerprint": key.fingerprint, "count": count}).to_string()
                    })
                    .map(|line| format!("      {line}"))
                    .collect();
                format!("    {}: [\n{}\n    ]", Value::from(path.as_str()), lines.join(",\n"))
            })
            .collect();
        let files = if files.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n  }}", files.join(",\n")) };
        format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"files\": {files}\n}}\n")
    }

    /// Number of findings.
    pub fn len(&self) -> usize {
        self.files.values().flat_map(BTreeMap::values).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// This one's findings and another's.
    pub fn join(&mut self, other: Self) {
        for (path, entries) in other.files {
            for (key, count) in entries {
                self.add(&path, key, count);
            }
        }
    }

    /// Waives the findings that are known. `path` words a finding's path as this baseline does; `present` says whether a path of this baseline
    /// is still a file, `looked_at` whether the run judged it.
    pub fn apply(
        &self,
        findings: &mut [Finding],
        path: &dyn Fn(&str) -> String,
        present: &dyn Fn(&str) -> bool,
        looked_at: &dyn Fn(&str) -> bool,
    ) -> Applied {
        let mut left = self.clone();
        let mut applied = Applied::default();
        let mut open: Vec<(usize, String, Key)> = findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| finding.state == State::Active)
            .map(|(index, finding)| (index, path(&finding.site.path), Key::of(finding)))
            .collect();
        let mut cover = |index: usize, path: &str, key: &Key| {
            findings[index].state = baselined();
            applied.covered += 1;
            applied.remaining.add(path, key.clone(), 1);
        };
        open.retain(|(index, path, key)| {
            let known = left.take(path, |known| known.fingerprint == key.fingerprint);
            if known {
                cover(*index, path, key);
            }
            !known
        });
        // An object that moved to another file keeps its fingerprint.
        open.retain(|(index, path, key)| {
            let from = left.files.iter().find(|(_, entries)| entries.keys().any(|known| known.fingerprint == key.fingerprint));
            let Some(from) = from.map(|(path, _)| path.clone()) else { return true };
            // What the run did not look at may still be there: then this one is a second, and new.
            let moved = (!present(&from) || looked_at(&from)) && left.take(&from, |known| known.fingerprint == key.fingerprint);
            if moved {
                cover(*index, path, key);
            }
            !moved
        });
        open.retain(|(index, path, key)| {
            let known = left.take(path, |known| known.rule == key.rule && known.message == key.message);
            if known {
                cover(*index, path, key);
            }
            !known
        });
        for (from, to) in left.renames(&open, self, present) {
            for same in [|a: &Key, b: &Key| a.address == b.address, |a: &Key, b: &Key| a.message == b.message] {
                open.retain(|(index, path, key)| {
                    let known = *path == to && left.take(&from, |known| known.rule == key.rule && same(known, key));
                    if known {
                        cover(*index, path, key);
                    }
                    !known
                });
            }
        }
        for (path, entries) in left.files {
            let gone = looked_at(&path) || !present(&path);
            for (key, count) in entries {
                if gone {
                    applied.gone += count;
                } else {
                    applied.remaining.add(&path, key, count);
                }
            }
        }
        applied
    }

    fn take(&mut self, path: &str, is: impl Fn(&Key) -> bool) -> bool {
        let Some(entries) = self.files.get_mut(path) else { return false };
        let Some(key) = entries.keys().find(|key| is(key)).cloned() else { return false };
        if let Some(count) = entries.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                entries.remove(&key);
            }
        }
        if entries.is_empty() {
            self.files.remove(path);
        }
        true
    }

    /// Files that are gone, each with the new file that shares most with it: by name where several do.
    fn renames(&self, open: &[(usize, String, Key)], known: &Self, present: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut new: BTreeMap<&str, HashMap<(&str, &str), usize>> = BTreeMap::new();
        for (_, path, key) in open.iter().filter(|(_, path, _)| !known.files.contains_key(path)) {
            for words in [&key.address, &key.message] {
                *new.entry(path).or_default().entry((&key.rule, words)).or_default() += 1;
            }
        }
        let mut pairs: Vec<(usize, bool, &str, &str)> = vec![];
        for (from, entries) in self.files.iter().filter(|(from, _)| !present(from)) {
            for (to, found) in &new {
                let of = |rule: &str, words: &str| found.get(&(rule, words)).copied().unwrap_or_default();
                let shared =
                    |words: fn(&Key) -> &str| -> usize { entries.iter().map(|(key, count)| of(&key.rule, words(key)).min(*count)).sum() };
                let shared = shared(|key| &key.address).max(shared(|key| &key.message));
                // Half of what the old file had: less is two files that have a common defect.
                if shared * 2 >= entries.values().sum::<usize>() {
                    pairs.push((shared, name(from) == name(to), from, to));
                }
            }
        }
        pairs.sort_by(|a, b| (b.0, b.1, a.2, a.3).cmp(&(a.0, a.1, b.2, b.3)));
        let (mut gone, mut taken) = (BTreeSet::new(), BTreeSet::new());
        let mut free = |from: &str, to: &str| !gone.contains(from) && taken.insert(to.to_owned()) && gone.insert(from.to_owned());
        pairs.iter().filter(|(_, _, from, to)| free(from, to)).map(|(_, _, from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    }
}

/// The state of a finding that a baseline holds.
pub fn baselined() -> State {
    State::Waived(Waived { by: "baseline".into(), at: None, reason: None, owner: None, until: None, ticket: None })
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// An address without the positions of list items, which change when items are added.
fn without_positions(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut rest = address;
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..=open]);
        rest = &rest[open + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if rest.as_bytes().get(digits) == Some(&b']') {
            rest = &rest[digits..];
        }
    }
    out + rest
}
