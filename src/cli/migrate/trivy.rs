//! Trivy's `.trivyignore`, `.trivyignore.yaml` and `trivy.yaml`.

use super::draft::{Draft, Waiver};
use super::source::{Source, texts};
use plimsoll_finding::Severity;

const OTHER: &str = "a vulnerability, secret or licence: Plimsoll judges configuration, keep Trivy for these";

pub(super) fn read_ignore(source: &Source, draft: &mut Draft) {
    let mut reason: Option<String> = None;
    for line in source.text.lines() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            reason = Some(comment.trim().to_owned()).filter(|comment| !comment.is_empty());
            continue;
        }
        let (entry, behind) = line.split_once('#').map_or((line, None), |(entry, comment)| (entry.trim(), Some(comment.trim().to_owned())));
        let mut words = entry.split_whitespace();
        let Some(id) = words.next() else {
            reason = None;
            continue;
        };
        let until = words.find_map(|word| word.strip_prefix("exp:")).map(str::to_owned);
        ignore(source, draft, id, vec![], behind.or_else(|| reason.clone()), until, &[]);
    }
}

fn ignore(source: &Source, draft: &mut Draft, id: &str, paths: Vec<String>, reason: Option<String>, until: Option<String>, words: &[&str]) {
    let upper = id.to_ascii_uppercase();
    if ["CVE-", "GHSA-", "RUSTSEC-"].iter().any(|prefix| upper.starts_with(prefix)) {
        return draft.leave(source, &[id], OTHER);
    }
    draft.waive(source, "trivy", Waiver { id: id.to_owned(), paths, reason, until }, words);
}

pub(super) fn read_ignore_yaml(source: &Source, draft: &mut Draft) {
    for (key, entries) in source.value.as_object().into_iter().flatten() {
        if key != "misconfigurations" {
            draft.leave(source, &[key], OTHER);
            continue;
        }
        for entry in entries.as_array().into_iter().flatten() {
            let text = |key: &str| entry[key].as_str().map(str::to_owned);
            let Some(id) = text("id") else {
                draft.leave(source, &[key, "-"], "an entry without `id`");
                continue;
            };
            let until = text("expired_at").map(|date| date.chars().take(10).collect());
            ignore(source, draft, &id, texts(&entry["paths"]), text("statement"), until, &[key]);
        }
    }
}

pub(super) fn read_settings(source: &Source, draft: &mut Draft) {
    for (key, value) in source.value.as_object().into_iter().flatten() {
        match key.as_str() {
            "severity" => match texts(value).iter().filter_map(|name| severity(name)).min() {
                Some(least) => draft.fail_on(least),
                None => draft.leave(source, &[key], "no severity that is known"),
            },
            "exit-code" if value.as_i64() == Some(0) => draft.leave(source, &[key], "run `plimsoll check --exit-zero`"),
            "exit-code" | "quiet" | "debug" | "timeout" | "cache" | "db" | "insecure" => {}
            "format" => draft.format(source, &[key], value.as_str().unwrap_or_default()),
            "output" => draft.leave(source, &[key], "give the file on the command line: `--output sarif=FILE`"),
            "ignorefile" => draft.leave(source, &[key], "name that file: `plimsoll migrate trivy.yaml FILE`"),
            "scan" => {
                for (inner, value) in value.as_object().into_iter().flatten() {
                    match inner.as_str() {
                        "skip-dirs" | "skip-files" => draft.exclude(texts(value)),
                        "scanners" if texts(value).iter().all(|name| name == "misconfig") => {}
                        "scanners" => draft.leave(source, &[key, inner], OTHER),
                        _ => draft.leave(source, &[key, inner], "has no counterpart"),
                    }
                }
            }
            "misconfiguration" => {
                for (inner, _) in value.as_object().into_iter().flatten() {
                    let why = match inner.as_str() {
                        "terraform" => "variables are read from .tfvars files beside the module",
                        "helm" => "charts are judged once rendered: `helm template | plimsoll check --stdin-filename out.yaml`",
                        _ => "has no counterpart",
                    };
                    draft.leave(source, &[key, inner], why);
                }
            }
            _ => draft.leave(source, &[key], "has no counterpart"),
        }
    }
}

pub(super) fn severity(name: &str) -> Option<Severity> {
    match name.to_ascii_lowercase().as_str() {
        "unknown" => Some(Severity::Info),
        other => other.parse().ok(),
    }
}
