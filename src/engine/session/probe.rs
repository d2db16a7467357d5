//! A document's job, judged with other texts than the editor's: what a fix or a waiver would make of it.

use super::report::FileReport;
use super::task::Judge;
use crate::job::{Manner, run_job};
use plimsoll_finding::Applicability;
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// A job over a snapshot of the texts.
#[derive(Clone)]
pub struct Probe {
    judge: Judge,
    path: PathBuf,
    relative: String,
}

impl Probe {
    pub(super) const fn new(judge: Judge, path: PathBuf, relative: String) -> Self {
        Self { judge, path, relative }
    }

    /// The report on the document if its text were this.
    pub fn with(&self, text: &str) -> FileReport {
        let mut judge = Judge { memo: None, ..self.judge.clone() };
        judge.ground.buffers.set(&self.path, Some(text.as_bytes().into()));
        judge.run().files.remove(&self.path).unwrap_or_default()
    }

    /// The document's text with all safe fixes applied that concern it alone, as `plimsoll check --fix` applies them; `None` if there is
    /// nothing to fix.
    pub fn fix_all(&self) -> Option<Arc<str>> {
        let judge = &self.judge;
        let files = judge.ground.buffers.over(&judge.ticket.root, judge.limit);
        let mut request = judge.ground.request(&judge.cwd, &[]);
        request.fix = Some(Applicability::Safe);
        let here = |fix: &plimsoll_finding::Fix| fix.edits.iter().all(|edit| *edit.path == *self.relative);
        let manifests = judge.manifests(&files);
        let manner =
            Manner { patience: Cow::Borrowed(&judge.patience), may: &here, manifests: Some(&manifests), memo: None, keep_texts: false };
        run_job(&judge.setup, &judge.ticket.job, &files, &request, &manner).changed.remove(&self.relative)
    }
}
