//! What there is to say about a file.

use crate::outcome::tidy;
use crate::shown::Shown;
use plimsoll_finding::{Finding, Notice, State};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Findings and notices of one file. Paths in them are absolute.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileReport {
    /// Findings that count.
    pub findings: Vec<Finding>,
    /// Findings that are waived.
    pub waived: Vec<Finding>,
    /// What could not be done.
    pub notices: Vec<Notice>,
}

impl FileReport {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.waived.is_empty() && self.notices.is_empty()
    }

    /// Adds what another job or scope says of the same file, once.
    pub(super) fn merge(&mut self, other: &Self) {
        for (list, more) in [(&mut self.findings, &other.findings), (&mut self.waived, &other.waived)] {
            let known = list.len();
            for finding in more {
                if !list[..known].contains(finding) {
                    list.push(finding.clone());
                }
            }
        }
        let known = self.notices.len();
        for notice in &other.notices {
            if !self.notices[..known].contains(notice) {
                self.notices.push(notice.clone());
            }
        }
    }

    /// In the order of reports.
    pub(super) fn sort(&mut self) {
        tidy(&mut self.findings, &mut self.waived, &mut self.notices);
    }
}

/// Sorts a project's findings and notices by the file that they are about.
pub(super) fn by_file(root: &Path, findings: Vec<Finding>, notices: Vec<Notice>) -> BTreeMap<PathBuf, FileReport> {
    // No path lies below this one, so all are shown as they are.
    let shown = Shown::new(root, Path::new("\0"));
    let mut files: BTreeMap<PathBuf, FileReport> = BTreeMap::new();
    for finding in findings {
        let finding = shown.finding(finding);
        let report = files.entry(PathBuf::from(&*finding.at.path)).or_default();
        if finding.state == State::Active { report.findings.push(finding) } else { report.waived.push(finding) }
    }
    for notice in notices {
        let notice = shown.notice(notice);
        if let Some(at) = &notice.at {
            files.entry(PathBuf::from(&*at.path)).or_default().notices.push(notice);
        }
    }
    files
}
