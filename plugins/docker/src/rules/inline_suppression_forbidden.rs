use crate::options::InlineSuppressionForbidden;
use plimsoll_sdk::docker::{Dockerfile, Report};

/// Beginnings of such comments, blanks left out, and what stands before their reason.
const MARKS: [(&str, &str); 9] = [
    ("hadolintignore=", "#"),
    ("hadolintglobalignore=", "#"),
    ("tallyignore=", ";reason="),
    ("tallyglobalignore=", ";reason="),
    ("checkov:skip=", ":"),
    ("trivy:ignore:", "#"),
    ("kics-scan", "#"),
    ("plimsoll:ignore", "--"),
    ("droastignore", "#"),
];

pub fn check(file: Dockerfile, options: &InlineSuppressionForbidden, report: &mut Report) {
    for item in file.facts().comments().items() {
        let Some(text) = item.value().known() else { continue };
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let Some((mark, before_reason)) = MARKS.iter().find(|(mark, _)| bare.starts_with(mark)) else { continue };
        let reasoned = bare[mark.len()..].split_once(before_reason).is_some_and(|(_, reason)| !reason.is_empty());
        if !(options.reason && reasoned) {
            report.at(item).message(format!("the comment silences a linter{}", if options.reason { " without a reason" } else { "" }));
        }
    }
}
