//! Paths as users know them.

use plimsoll_finding::{Edit, Finding, Location, Notice, State};
use plimsoll_verdict::Listed;
use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

/// How a project's paths are reported: relative to the working directory where they are below it, else absolute.
pub(crate) struct Shown<'a> {
    root: &'a Path,
    cwd: &'a Path,
    /// The last path and how it is reported: nearly all places of a job are in one file.
    last: RefCell<(Arc<str>, Arc<str>)>,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(root: &'a Path, cwd: &'a Path) -> Self {
        Self { last: RefCell::new((Arc::from("\0"), Arc::from(""))), root, cwd }
    }

    pub(crate) fn path(&self, path: &str) -> Arc<str> {
        let mut last = self.last.borrow_mut();
        if *last.0 != *path {
            let absolute = self.root.join(path);
            let shown = absolute.strip_prefix(self.cwd).unwrap_or(&absolute).to_string_lossy().replace('\\', "/");
            *last = (path.into(), shown.into());
        }
        last.1.clone()
    }

    fn location(&self, at: &Location) -> Location {
        Location { path: self.path(&at.path), range: at.range }
    }

    pub(crate) fn waiver(&self, mut waiver: Listed) -> Listed {
        waiver.waived.at = waiver.waived.at.map(|at| self.location(&at));
        waiver
    }

    pub(crate) fn notice(&self, mut notice: Notice) -> Notice {
        notice.at = notice.at.map(|at| self.location(&at));
        notice
    }

    pub(crate) fn finding(&self, mut finding: Finding) -> Finding {
        finding.at = self.location(&finding.at);
        finding.site = self.location(&finding.site);
        for related in &mut finding.related {
            related.at = self.location(&related.at);
        }
        for secret in &mut finding.secrets {
            *secret = self.location(secret);
        }
        for fix in &mut finding.fixes {
            for edit in &mut fix.edits {
                *edit = Edit { path: self.path(&edit.path), range: edit.range, text: std::mem::take(&mut edit.text) };
            }
        }
        if let State::Waived(waived) = &mut finding.state {
            waived.at = waived.at.take().map(|at| self.location(&at));
        }
        finding
    }
}
