//! `plimsoll merge`: the reports of shards as the one report that a whole run would have printed.

use super::terminal;
use anyhow::{Context, bail};
use plimsoll_verdict::Ending;
use serde_json::Value;
use std::path::PathBuf;

pub(crate) fn run(files: &[PathBuf]) -> anyhow::Result<Ending> {
    let mut reports = vec![];
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
        let report: Value = serde_json::from_str(&text).with_context(|| format!("{} is no report", file.display()))?;
        reports.push((file, report));
    }
    let sarif = |report: &Value| report["runs"][0]["results"].is_array() && report["version"] == "2.1.0";
    let json = |report: &Value| report["schema"] == "plimsoll/check/1";
    let merged = if reports.iter().all(|(_, report)| json(report)) {
        merge_json(reports.into_iter().map(|(_, report)| report).collect())
    } else if reports.iter().all(|(_, report)| sarif(report)) {
        if let Some((file, _)) = reports
            .iter()
            .find(|(_, report)| report["runs"][0]["tool"]["driver"]["rules"] != reports[0].1["runs"][0]["tool"]["driver"]["rules"])
        {
            bail!("{} comes from other rules than {}: shards of one run have the same settings", file.display(), reports[0].0.display());
        }
        merge_sarif(reports.into_iter().map(|(_, report)| report).collect())
    } else {
        bail!("the reports must all be json (plimsoll/check/1), or all sarif");
    };
    terminal::print(&format!("{merged}\n"))?;
    let incomplete = merged["notices"].as_array().is_some_and(|notices| notices.iter().any(|notice| notice["incomplete"] == true))
        || merged["runs"][0]["invocations"][0]["executionSuccessful"] == false;
    let found =
        [&merged["findings"], &merged["runs"][0]["results"]].iter().any(|list| list.as_array().is_some_and(|list| !list.is_empty()));
    Ok(if incomplete {
        Ending::Incomplete
    } else if found {
        Ending::Findings
    } else {
        Ending::Clean
    })
}

/// Takes lists out of reports and puts them together by the path that `path` gives, the order within a path kept: a path belongs to one shard.
fn together(reports: &mut [Value], pointer: &str, path: impl Fn(&Value) -> String) -> Vec<Value> {
    let mut all: Vec<Value> = reports
        .iter_mut()
        .filter_map(|report| report.pointer_mut(pointer))
        .filter_map(|list| list.as_array_mut().map(std::mem::take))
        .flatten()
        .collect();
    all.sort_by_cached_key(path);
    all
}

/// Notices about the whole run are in every shard's report.
fn without_repeats(list: Vec<Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = vec![];
    for one in list {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

fn merge_json(mut reports: Vec<Value>) -> Value {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    for key in ["findings", "waived"] {
        let list = together(&mut reports, &format!("/{key}"), |one| text(one, "path"));
        reports[0][key] = list.into();
    }
    let place = |one: &Value| {
        format!(
            "{}\0{:010}\0{:010}",
            text(one, "path"),
            one["range"]["start"]["line"].as_u64().unwrap_or(0),
            one["range"]["start"]["column"].as_u64().unwrap_or(0)
        )
    };
    let notices = without_repeats(together(&mut reports, "/notices", place));
    reports[0]["notices"] = notices.into();
    let number = |report: &Value, key: &str| report["summary"][key].as_f64().unwrap_or(0.0);
    for key in ["judged", "findings", "waived", "baselined", "fixed"] {
        let sum: f64 = reports.iter().map(|report| number(report, key)).sum();
        reports[0]["summary"][key] = (sum as u64).into();
    }
    // Machines work side by side: the slowest decides.
    let seconds = reports.iter().map(|report| number(report, "seconds")).fold(0.0, f64::max);
    reports[0]["summary"]["seconds"] = seconds.into();
    reports.swap_remove(0)
}

fn merge_sarif(mut reports: Vec<Value>) -> Value {
    let uri = |one: &Value| one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap_or_default().to_owned();
    let results = together(&mut reports, "/runs/0/results", uri);
    reports[0]["runs"][0]["results"] = results.into();
    for key in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
        let list = without_repeats(together(&mut reports, &format!("/runs/0/invocations/0/{key}"), uri));
        if !list.is_empty() {
            reports[0]["runs"][0]["invocations"][0][key] = list.into();
        }
    }
    let successful = reports.iter().all(|report| report["runs"][0]["invocations"][0]["executionSuccessful"] == true);
    reports[0]["runs"][0]["invocations"][0]["executionSuccessful"] = successful.into();
    reports.swap_remove(0)
}
