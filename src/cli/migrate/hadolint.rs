//! `.hadolint.yaml`.

use super::draft::Draft;
use super::source::{Source, texts};
use plimsoll_finding::Severity;

pub(super) fn read(source: &Source, draft: &mut Draft) {
    let Some(settings) = source.value.as_object() else { return };
    for (key, value) in settings {
        match key.as_str() {
            "ignored" => texts(value).iter().for_each(|id| draft.ignore(source, peer(id), id, &["ignored"])),
            "override" => {
                for (level, ids) in value.as_object().into_iter().flatten() {
                    let Some(severity) = severity(level) else {
                        draft.leave(source, &["override", level], "hadolint knows no such severity");
                        continue;
                    };
                    for id in texts(ids) {
                        draft.severity(source, peer(&id), &id, severity, &["override", level]);
                    }
                }
            }
            "failure-threshold" => match value.as_str().map(|level| (level, severity(level))) {
                Some((_, Some(severity))) => draft.fail_on(severity),
                Some(("ignore", _)) => draft.fail_on(Severity::Info),
                _ => draft.leave(source, &[key], "nothing fails: run `plimsoll check --exit-zero`"),
            },
            "trustedRegistries" => draft.leave(source, &[key], "registries are a rule of your own: write it in policy/ as Markdown"),
            "no-fail" if value.as_bool() == Some(true) => draft.leave(source, &[key], "run `plimsoll check --exit-zero`"),
            "disable-ignore-pragma" if value.as_bool() == Some(true) => {
                draft.leave(source, &[key], "run `plimsoll check --no-waivers`, or lock rules with --org-config");
            }
            "no-fail" | "disable-ignore-pragma" | "no-color" | "verbose" => {}
            "format" => draft.format(source, &[key], value.as_str().unwrap_or_default()),
            "label-schema" | "strict-labels" => {
                draft.leave(source, &[key], "labels are a rule of your own: write it in policy/ as Markdown");
            }
            _ => draft.leave(source, &[key], "not a setting of hadolint's that is known here"),
        }
    }
}

fn peer(id: &str) -> &'static str {
    if id.to_ascii_uppercase().starts_with("SC") { "shellcheck" } else { "hadolint" }
}

/// A level by its word, which tally took over.
pub(super) fn severity(level: &str) -> Option<Severity> {
    Some(match level {
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "info" => Severity::Low,
        "style" => Severity::Info,
        _ => return None,
    })
}
