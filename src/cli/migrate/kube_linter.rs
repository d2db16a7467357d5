//! `.kube-linter.yaml`.

use super::draft::Draft;
use super::source::{Source, texts};

pub(super) fn read(source: &Source, draft: &mut Draft) {
    for (key, value) in source.value.as_object().into_iter().flatten() {
        if key == "customChecks" {
            for check in value.as_array().into_iter().flatten() {
                let name = check["name"].as_str().unwrap_or("customChecks");
                draft.leave(source, &[key, name], "a check of your own: write it as a Markdown rule in policy/");
            }
            continue;
        }
        if key != "checks" {
            draft.leave(source, &[key], "has no counterpart");
            continue;
        }
        let yes = |name: &str| value[name].as_bool() == Some(true);
        if yes("addAllBuiltIn") {
            draft.select_all("kubernetes");
        } else if !yes("doNotAutoAddDefaults") && !texts(&value["include"]).is_empty() {
            draft.select_all("profile:recommended");
        }
        for (inner, value) in value.as_object().into_iter().flatten() {
            match inner.as_str() {
                "addAllBuiltIn" | "doNotAutoAddDefaults" => {}
                "include" => texts(value).iter().for_each(|id| draft.select(source, "kube-linter", id, &[inner])),
                "exclude" => texts(value).iter().for_each(|id| draft.ignore(source, "kube-linter", id, &[inner])),
                "ignorePaths" => draft.exclude(texts(value).into_iter().map(|path| path.trim_start_matches("~/").to_owned())),
                _ => draft.leave(source, &[key, inner], "has no counterpart"),
            }
        }
    }
}
