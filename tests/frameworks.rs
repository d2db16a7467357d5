//! `plimsoll report --framework`: controls beside the evidence, and never more than was seen.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::Folder;

const FRAMEWORKS: [&str; 6] = ["cis-docker", "cis-kubernetes", "nsa", "pss", "nist-800-190", "soc2"];

fn project() -> Folder {
    Folder::new(&[
        ("Dockerfile", "FROM debian:12.7\nHEALTHCHECK CMD true\nUSER root\n"),
        ("old/Dockerfile", "FROM debian\n# plimsoll: ignore[docker/base-image-untagged] -- frozen\nUSER app\n"),
    ])
}

fn controls(folder: &Folder, framework: &str) -> (serde_json::Value, harness::Run) {
    let run = folder.run(&["report", "--framework", framework, "--format", "json"]);
    (serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}")), run)
}

fn status(report: &serde_json::Value, id: &str) -> String {
    report["controls"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}"))["status"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn each_control_says_how_it_stands_and_why() {
    let folder = project();
    let (report, run) = controls(&folder, "cis-docker");
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(status(&report, "4.1"), "fail");
    assert_eq!(status(&report, "4.4"), "manual");
    assert_eq!(status(&report, "4.9"), "pass");
    assert_eq!(status(&report, "5.5"), "not applicable", "no Compose project was judged");
    let fails = &report["controls"].as_array().unwrap().iter().find(|one| one["id"] == "4.1").unwrap()["findings"];
    assert_eq!((&fails[0]["path"], &fails[0]["line"]), (&"Dockerfile".into(), &3.into()));
    let sum: u64 = report["result"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(sum, report["coverage"]["controls"].as_u64().unwrap());
    assert!(report["coverage"]["covered"].as_u64().unwrap() < sum, "coverage stands apart from the result");
    assert_eq!(folder.run(&["report", "--framework", "cis-docker", "--fail"]).code, Some(1));

    folder.write("plimsoll.toml", "ignore = [\"control:cis-docker:4.1\"]\n");
    assert_eq!(status(&controls(&folder, "cis-docker").0, "4.1"), "not covered", "what is switched off shows nothing");
    folder.write("plimsoll.toml", "[[waiver]]\nrules = [\"control:cis-docker:4.1\"]\npaths = [\"**\"]\nreason = \"x\"\n");
    assert_eq!(status(&controls(&folder, "cis-docker").0, "4.1"), "waived");
}

#[test]
fn every_framework_in_every_format_names_known_rules_and_promises_nothing() {
    let folder = project();
    for framework in FRAMEWORKS {
        for format in ["markdown", "html", "json", "csv"] {
            let run = folder.run(&["report", "--framework", framework, "--format", format]);
            assert_eq!(run.code, Some(0), "{framework} {format}: {run:?}");
            assert!(!run.stdout.to_lowercase().contains("compliant"), "{framework} {format}");
            assert!(run.stdout.len() > 500, "{framework} {format}");
            if format == "csv" {
                let cells = run.stdout.lines().next().unwrap().split(',').count();
                assert_eq!(cells, 7);
            }
        }
    }
    assert_eq!(folder.run(&["report", "--framework", "iso"]).code, Some(2));
}

#[test]
fn a_run_that_saw_half_says_so() {
    let folder = project();
    folder.write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: [\n");
    let (report, run) = controls(&folder, "pss");
    assert_eq!((run.code, &report["incomplete"]), (Some(4), &true.into()));
}
