//! `kics.config`: JSON, YAML or TOML.

use super::draft::Draft;
use super::source::{Source, texts};
use super::trivy::severity;
use plimsoll_finding::Severity;

pub(super) fn read(source: &Source, draft: &mut Draft) {
    for (key, value) in source.value.as_object().into_iter().flatten() {
        match key.as_str() {
            "exclude-queries" => texts(value).iter().for_each(|id| draft.ignore(source, "kics", id, &[key])),
            "include-queries" => texts(value).iter().for_each(|id| draft.select(source, "kics", id, &[key])),
            "exclude-paths" => draft.exclude(texts(value)),
            "fail-on" | "exclude-severities" => {
                let names: Vec<Severity> = texts(value).iter().filter_map(|name| severity(name)).collect();
                let least = if key == "fail-on" {
                    names.into_iter().min()
                } else {
                    // What is left when these go.
                    Severity::ALL.into_iter().find(|severity| !names.contains(severity))
                };
                if let Some(least) = least {
                    draft.fail_on(least);
                }
            }
            "type" => {
                for name in texts(value) {
                    match name.to_ascii_lowercase().as_str() {
                        "dockerfile" => draft.select_all("docker"),
                        "dockercompose" => draft.select_all("compose"),
                        "kubernetes" => draft.select_all("kubernetes"),
                        "terraform" => draft.select_all("terraform"),
                        _ => draft.leave(source, &[key, &name], "not judged here"),
                    }
                }
            }
            "exclude-type" => {
                for name in texts(value) {
                    match name.to_ascii_lowercase().as_str() {
                        "dockerfile" => draft.ignore_target("docker"),
                        "dockercompose" => draft.ignore_target("compose"),
                        "kubernetes" => draft.ignore_target("kubernetes"),
                        "terraform" => draft.ignore_target("terraform"),
                        _ => {}
                    }
                }
            }
            "report-formats" => texts(value).iter().for_each(|name| draft.format(source, &[key], name)),
            "exclude-results" => {
                draft.leave(source, &[key], "similarity ids are KICS' own: run `plimsoll baseline`, or write a [[waiver]]");
            }
            "ignore-on-exit" if value.as_str() != Some("none") => draft.leave(source, &[key], "run `plimsoll check --exit-zero`"),
            "path" | "output-path" | "output-name" => draft.leave(source, &[key], "give paths and files on the command line"),
            "queries-path" => draft.leave(source, &[key], "queries of your own are Markdown rules in policy/ (`[rules] path`)"),
            "exclude-categories" => draft.leave(source, &[key], "rules have no categories; name them"),
            "ignore-on-exit" | "no-progress" | "no-color" | "silent" | "verbose" | "ci" | "log-file" | "log-path" | "log-level"
            | "log-format" | "preview-lines" | "minimal-ui" | "libraries-path" | "cloud-provider" | "bom" | "timeout"
            | "disable-secrets" => {}
            _ => draft.leave(source, &[key], "has no counterpart"),
        }
    }
}
