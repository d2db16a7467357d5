//! `.tally.toml`.

use super::draft::Draft;
use super::hadolint::severity;
use super::source::{Source, texts};
use plimsoll_finding::Severity;
use serde_json::Value;

pub(super) fn read(source: &Source, draft: &mut Draft) {
    for (key, value) in source.value.as_object().into_iter().flatten() {
        match key.as_str() {
            "output" => {
                for (inner, value) in value.as_object().into_iter().flatten() {
                    match (inner.as_str(), value.as_str()) {
                        ("format", Some(name)) => draft.format(source, &[key, inner], name),
                        ("fail-level", Some("none")) => draft.leave(source, &[key, inner], "run `plimsoll check --exit-zero`"),
                        ("fail-level", Some(level)) if severity(level).is_some() => {
                            draft.fail_on(severity(level).unwrap_or(Severity::Info));
                        }
                        ("path" | "show-source", _) => {}
                        _ => draft.leave(source, &[key, inner], "has no counterpart"),
                    }
                }
            }
            "rules" => rules(source, value, draft),
            "inline-directives" => {
                if value["enabled"].as_bool() == Some(false) {
                    draft.leave(source, &[key, "enabled"], "run `plimsoll check --no-waivers`, or lock rules with --org-config");
                }
                if value["require-reason"].as_bool() == Some(true) {
                    draft.leave(
                        source,
                        &[key, "require-reason"],
                        "`[locked] reason = true` in the organisation's configuration asks for it",
                    );
                }
            }
            _ => draft.leave(source, &[key], "has no counterpart"),
        }
    }
}

fn rules(source: &Source, value: &Value, draft: &mut Draft) {
    for (peer, inner) in value.as_object().into_iter().flatten() {
        match peer.as_str() {
            "include" | "exclude" => {
                for name in texts(inner) {
                    // `hadolint/DL3008`, `buildkit/*`.
                    let (of, id) = name.split_once('/').unwrap_or(("tally", &name));
                    if peer == "include" { draft.select(source, of, id, &[peer]) } else { draft.ignore(source, of, id, &[peer]) }
                }
            }
            _ => {
                for (id, settings) in inner.as_object().into_iter().flatten() {
                    let level = settings["severity"].as_str();
                    match level {
                        Some("off") => draft.ignore(source, peer, id, &[id]),
                        Some(level) => match severity(level) {
                            Some(severity) => draft.severity(source, peer, id, severity, &[id]),
                            None => draft.leave(source, &[id, "severity"], "tally knows no such severity"),
                        },
                        None => {}
                    }
                    for (name, value) in settings.as_object().into_iter().flatten().filter(|(name, _)| *name != "severity") {
                        let why = if name == "exclude" && value["paths"].is_array() {
                            "write an [[overrides]] entry with these paths"
                        } else {
                            "its options are tally's own; `plimsoll rule ID` lists ours"
                        };
                        draft.leave(source, &[id, name], why);
                    }
                }
            }
        }
    }
}
