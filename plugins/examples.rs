//! Runs the examples of one plugin's rules in this process: included by `tests/examples.rs` of each plugin.
//!
//! Rules that follow relations are left to the tests of the engine, which resolves them, and so is what fixes do.

use plimsoll_document::Document;
use plimsoll_formats::{Entry, Files, ReadError};
use plimsoll_rulebook::{Example, Rulebook, examples};
use plimsoll_sdk::{Plugin, Session};
use std::path::Path;
use std::sync::Arc;

/// An example as a project.
pub(crate) struct Project<'e>(pub(crate) &'e Example);

impl Files for Project<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let file = self.0.files.iter().find(|file| file.name == path).ok_or(ReadError::Missing)?;
        Ok(Arc::from(file.text.as_bytes()))
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let prefix = if matches!(directory, "" | ".") { String::new() } else { format!("{}/", directory.trim_end_matches('/')) };
        let below = self.0.files.iter().filter_map(|file| file.name.strip_prefix(&prefix));
        let mut entries: Vec<Entry> = below
            .map(|rest| match rest.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), directory: true },
                None => Entry { name: rest.to_owned(), directory: false },
            })
            .collect();
        entries.sort();
        entries.dedup();
        (prefix.is_empty() || !entries.is_empty()).then_some(entries)
    }
}

/// Judges every example of the rules in `rules/<plugin>`; `documents` parses a project.
///
/// # Panics
/// With every difference, when an example does not go as it says.
pub(crate) fn run<O: Default>(plugin: &'static Plugin<O>, documents: impl Fn(&Project<'_>) -> Vec<Document>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules").join(plugin.name);
    let book = Rulebook::load_namespace(&folder, Some(plugin.name));
    assert_eq!(book.errors, []);
    let mut failures = String::new();
    for (number, known) in plugin.rules.iter().enumerate() {
        let rule = book.rule(known.id).expect("the registry was generated from these files");
        if !known.relations.is_empty() {
            continue;
        }
        let judge = |example: &Example, _| {
            let mut session = Session::new(plugin);
            session.configure(&examples::settings(example)?, &[]).map_err(|problems| format!("{problems:?}"))?;
            let mut judged = examples::Judged::default();
            let mut thorough = Session::new(plugin).without_shortcuts();
            thorough.configure(&examples::settings(example)?, &[]).map_err(|problems| format!("{problems:?}"))?;
            for document in documents(&Project(example)) {
                compare(plugin, &mut session, &mut thorough, &document);
                let (findings, failures) = session.check(document.target, vec![document.doc()], &[], &[number as u32]);
                judged.notices.extend(failures);
                for finding in findings {
                    let (source, start) = (finding.at.span.source, finding.at.span.start as usize);
                    let line = document.doc().source_text(source)[..start].matches('\n').count() as u32 + 1;
                    judged.findings.push((document.sources[source as usize].uri.clone(), line, finding.message));
                }
            }
            Ok(judged)
        };
        for failure in examples::judge_examples(rule, judge) {
            failures += &failure.to_string();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// `needs-command` and `needs-text` save time; they must not cost a finding.
fn compare<O: Default>(plugin: &Plugin<O>, quick: &mut Session<O>, thorough: &mut Session<O>, document: &Document) {
    let every: Vec<u32> = (0..plugin.rules.len() as u32).collect();
    let judge = |session: &mut Session<O>| session.check(document.target, vec![document.doc()], &[], &every).0;
    let (quick, thorough) = (judge(quick), judge(thorough));
    let lost = thorough.iter().find(|finding| !quick.contains(finding));
    let lost = lost.map(|finding| (plugin.rules[finding.rule as usize].id, &finding.message));
    assert_eq!(lost, None, "a rule finds something where its front matter says it need not be asked");
}
