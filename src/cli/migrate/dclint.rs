//! `.dclintrc`: JSON or YAML.

use super::draft::Draft;
use super::source::{Source, texts};
use plimsoll_finding::Severity;
use serde_json::Value;

pub(super) fn read(source: &Source, draft: &mut Draft) {
    for (key, value) in source.value.as_object().into_iter().flatten() {
        match key.as_str() {
            "rules" => {
                for (rule, setting) in value.as_object().into_iter().flatten() {
                    let level = match setting {
                        Value::Array(parts) => {
                            if parts.len() > 1 {
                                draft.leave(source, &[key, rule], "its options are dclint's own; `plimsoll rule ID` lists ours");
                            }
                            parts.first().and_then(Value::as_i64)
                        }
                        other => other.as_i64(),
                    };
                    match level {
                        Some(0) => draft.ignore(source, "dclint", rule, &[key]),
                        Some(1) => draft.severity(source, "dclint", rule, Severity::Medium, &[key]),
                        Some(2) => draft.severity(source, "dclint", rule, Severity::High, &[key]),
                        _ => draft.leave(source, &[key, rule], "a level is 0, 1 or 2"),
                    }
                }
            }
            "exclude" => draft.exclude(texts(value)),
            "disableAllRules" if value.as_bool() == Some(true) => draft.ignore_target("compose"),
            "quiet" if value.as_bool() == Some(true) => draft.fail_on(Severity::High),
            "quiet" | "debug" | "disableAllRules" => {}
            _ => draft.leave(source, &[key], "has no counterpart"),
        }
    }
}
