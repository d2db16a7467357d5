//! `.checkov.yaml`.

use super::draft::Draft;
use super::source::{Source, texts};
use super::trivy::severity;

pub(super) fn read(source: &Source, draft: &mut Draft) {
    for (key, value) in source.value.as_object().into_iter().flatten() {
        match key.as_str() {
            "skip-check" => {
                for id in texts(value) {
                    if severity(&id).is_some() {
                        draft.leave(source, &[key, &id], "rules are not skipped by severity; set `fail-on`");
                    } else {
                        draft.ignore(source, "checkov", &id, &[key]);
                    }
                }
            }
            "check" => {
                for id in texts(value) {
                    if let Some(least) = severity(&id) {
                        draft.fail_on(least);
                    } else {
                        draft.select(source, "checkov", &id, &[key]);
                    }
                }
            }
            "skip-path" => draft.exclude(texts(value)),
            "soft-fail" if value.as_bool() == Some(true) => draft.leave(source, &[key], "run `plimsoll check --exit-zero`"),
            "hard-fail-on" if texts(value).iter().all(|name| severity(name).is_some()) => {
                if let Some(least) = texts(value).iter().filter_map(|name| severity(name)).min() {
                    draft.fail_on(least);
                }
            }
            "soft-fail-on" => {
                for id in texts(value) {
                    if severity(&id).is_some() {
                        draft.leave(source, &[key, &id], "set `fail-on` above this severity");
                    } else {
                        // What does not fail the run is what lies below `fail-on`.
                        draft.severity(source, "checkov", &id, plimsoll_finding::Severity::Info, &[key]);
                    }
                }
            }
            "output" => texts(value).iter().for_each(|name| draft.format(source, &[key], name)),
            "baseline" | "create-baseline" => draft.leave(source, &[key], "run `plimsoll baseline`"),
            "external-checks-dir" | "external-checks-git" => {
                draft.leave(source, &[key], "checks of your own are Markdown rules in policy/ (`[rules] path`)");
            }
            "directory" | "file" => draft.leave(source, &[key], "name paths on the command line"),
            "framework" | "skip-framework" => {
                for name in texts(value) {
                    let ours = match name.as_str() {
                        "dockerfile" => "docker",
                        "kubernetes" => "kubernetes",
                        "terraform" => "terraform",
                        "all" => continue,
                        _ => {
                            draft.leave(source, &[key, &name], "not judged here");
                            continue;
                        }
                    };
                    if key == "framework" {
                        draft.select_all(ours);
                    } else {
                        draft.ignore_target(ours);
                    }
                }
            }
            "compact"
            | "quiet"
            | "soft-fail"
            | "branch"
            | "no-guide"
            | "download-external-modules"
            | "evaluate-variables"
            | "summary-position"
            | "output-bc-ids" => {}
            _ => draft.leave(source, &[key], "has no counterpart"),
        }
    }
}
