//! `plimsoll waivers`, and an organisation's locked layer that a repository cannot loosen.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::{Folder, fired};

const ROOT: &str = "FROM debian:12.7\nUSER root\n";

#[test]
fn waivers_are_listed_with_what_they_hide() {
    let folder = Folder::new(&[
        (
            "plimsoll.toml",
            "[[waiver]]\nrules = [\"terraform/sg-ingress-ssh-world\"]\nresource = \"aws_security_group.in\"\nreason = \"vpn\"\nowner = \"net\"\nuntil = 2999-01-31\n",
        ),
        (
            "main.tf",
            "resource \"aws_security_group\" \"in\" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n",
        ),
        ("a/Dockerfile", "FROM debian:12.7\n# plimsoll: ignore[docker/user-root] until=2001-01-31 owner=team -- the | agent\nUSER root\n"),
        ("b/Dockerfile", "FROM debian:12.7\n# hadolint ignore=DL3002\nUSER root\n"),
        ("c/Dockerfile", "FROM debian:12.7\n# plimsoll: ignore[docker/user-root] -- no longer\nUSER app\n"),
    ]);
    let run = folder.run(&["waivers", "--format", "json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let list: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let rows: Vec<(String, String, usize)> = list["waivers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("path"), text("status"), row["hides"].as_array().unwrap().len())
        })
        .collect();
    for expected in
        [("a/Dockerfile", "expired", 0), ("b/Dockerfile", "active", 1), ("c/Dockerfile", "unused", 0), ("plimsoll.toml", "active", 1)]
    {
        assert!(rows.contains(&(expected.0.into(), expected.1.into(), expected.2)), "{expected:?} in {rows:?}");
    }
    assert_eq!(rows[0].0, "a/Dockerfile", "what ends first comes first");
    let far = folder.run(&["waivers", "--soon", "65535"]);
    assert!(far.stdout.contains("hides b/Dockerfile:3: high[docker/user-root]") && far.stdout.contains("because vpn"), "{far:?}");
    let table = folder.run(&["waivers", "--format", "markdown"]).stdout;
    assert!(table.lines().count() == 6 && table.contains("the \\| agent"), "{table}");
}

const ORG: &str = "[locked]\nrules = [\"docker/user-root\", \"docker/secret*\"]\nfail-on = \"medium\"\nowner = true\nreason = true\nmax-days = 90\n[locked.severity]\n\"docker/user-root\" = \"critical\"\n";

fn locked(files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(files);
    folder.write(".cache/org.toml", ORG);
    folder
}

/// What is tried: its name, files, arguments, variables.
type Try = (&'static str, Vec<(&'static str, String)>, Vec<&'static str>, Vec<(&'static str, &'static str)>);

/// Twenty ways to get `USER root` past the organisation; none works, and each run says critical and exits 1.
#[test]
fn nothing_loosens_the_lock() {
    let waived = |comment: &str| format!("FROM debian:12.7\n{comment}\nUSER root\n");
    let tries: Vec<Try> = vec![
        (
            "comment",
            vec![("Dockerfile", waived("# plimsoll: ignore[docker/user-root] until=2999-01-01 owner=me -- please"))],
            vec![],
            vec![],
        ),
        ("whole file", vec![("Dockerfile", waived("# plimsoll: ignore-file[ALL] owner=me -- please"))], vec![], vec![]),
        ("alias in a comment", vec![("Dockerfile", waived("# plimsoll: ignore[DL3002] owner=me -- please"))], vec![], vec![]),
        ("glob in a comment", vec![("Dockerfile", waived("# plimsoll: ignore[docker/*] owner=me -- please"))], vec![], vec![]),
        ("hadolint's comment", vec![("Dockerfile", waived("# hadolint ignore=DL3002"))], vec![], vec![]),
        ("trivy's comment", vec![("Dockerfile", waived("#trivy:ignore:DS-0002"))], vec![], vec![]),
        ("checkov's comment", vec![("Dockerfile", waived("# checkov:skip=CKV_DOCKER_8: no"))], vec![], vec![]),
        ("ignore", vec![("plimsoll.toml", "ignore = [\"docker/user-root\"]\n".into())], vec![], vec![]),
        ("ignore by alias", vec![("plimsoll.toml", "ignore = [\"DL3002\"]\n".into())], vec![], vec![]),
        ("ignore by glob", vec![("plimsoll.toml", "ignore = [\"docker/user-*\", \"ALL\"]\n".into())], vec![], vec![]),
        ("select something else", vec![("plimsoll.toml", "select = [\"compose\"]\n".into())], vec![], vec![]),
        ("severity", vec![("plimsoll.toml", "[severity]\n\"docker/user-root\" = \"info\"\n".into())], vec![], vec![]),
        ("fail-on", vec![("plimsoll.toml", "fail-on = \"critical\"\n[severity]\nALL = \"low\"\n".into())], vec![], vec![]),
        ("overrides", vec![("plimsoll.toml", "[[overrides]]\npaths = [\"**\"]\nignore = [\"docker\"]\n".into())], vec![], vec![]),
        ("excluded files", vec![("plimsoll.toml", "[files]\nexclude = [\"Dockerfile\"]\n".into())], vec![], vec![]),
        ("included files", vec![("plimsoll.toml", "[files]\ninclude = [\"*.tf\"]\n".into())], vec![], vec![]),
        ("largest file", vec![("plimsoll.toml", "[files]\nmax-size = 1\n".into())], vec![], vec![]),
        ("another kind", vec![("plimsoll.toml", "[files.kinds]\n\"Dockerfile\" = \"tfvars\"\n".into())], vec![], vec![]),
        ("option", vec![("plimsoll.toml", "[rules.\"docker/user-root\"]\nallow = [\"root\"]\n".into())], vec![], vec![]),
        (
            "central waiver",
            vec![(
                "plimsoll.toml",
                "[[waiver]]\nrules = [\"ALL\"]\npaths = [\"**\"]\nreason = \"x\"\nowner = \"me\"\nuntil = 2026-12-01\n".into(),
            )],
            vec![],
            vec![],
        ),
        ("lock of its own", vec![("plimsoll.toml", "ignore = [\"docker\"]\n[locked]\nrules = []\n".into())], vec![], vec![]),
        ("hidden file", vec![(".plimsoll.toml", "ignore = [\"docker\"]\n".into())], vec![], vec![]),
        ("ignore files", vec![(".ignore", "Dockerfile\n".into()), (".gitignore", "Dockerfile\n".into())], vec![], vec![]),
        ("ignore on the command line", vec![], vec!["--ignore", "docker/user-root"], vec![]),
        ("isolated", vec![], vec!["--isolated", "--select", "compose"], vec![]),
        ("exit zero", vec![], vec!["--exit-zero"], vec![]),
        ("environment", vec![], vec![], vec![("PLIMSOLL_IGNORE", "ALL"), ("PLIMSOLL_EXIT_ZERO", "true"), ("PLIMSOLL_FAIL_ON", "critical")]),
        ("isolated by environment", vec![], vec![], vec![("PLIMSOLL_ISOLATED", "true"), ("PLIMSOLL_SELECT", "terraform")]),
    ];
    assert!(tries.len() >= 20);
    for (what, files, args, variables) in tries {
        let folder = locked(&[("Dockerfile", ROOT)]);
        if what == "hidden file" {
            std::fs::remove_file(folder.path().join("plimsoll.toml")).unwrap();
        }
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in &files {
            folder.write(name, text);
        }
        let mut all = vec!["check", "--org-config", ".cache/org.toml", "--format", "json"];
        all.extend(args);
        let run = harness::run_with_env(folder.path(), &all, &variables);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{what}: {error}: {run:?}"));
        let found = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "docker/user-root");
        assert!(found.is_some_and(|finding| finding["severity"] == "critical"), "{what}: {:?} {}", fired(&report), run.stderr);
        assert_eq!(run.code, Some(1), "{what}: {run:?}");
    }
}

/// What a repository tried is told, with its place.
#[test]
fn what_was_tried_is_reported() {
    let folder = locked(&[
        ("Dockerfile", "FROM debian:12.7\n# plimsoll: ignore[docker/user-root] until=2999-01-01 owner=me -- please\nUSER root\n"),
        ("plimsoll.toml", "ignore = [\"docker/user-root\"]\n[severity]\n\"docker/user-root\" = \"low\"\n[files]\nexclude = [\"x\"]\n"),
    ]);
    let (report, _) = folder.check(&["--org-config", ".cache/org.toml"]);
    let tried = fired(&report);
    assert!(tried.contains(&"plimsoll/waiver-refused Dockerfile:2".to_owned()), "{tried:?}");
    let notices = report["notices"].to_string();
    for words in ["`ignore` does not reach", "severity does not reach", "`files.exclude` has no effect"] {
        assert!(notices.contains(words), "{words}: {notices}");
    }
    assert!(notices.contains("plimsoll.toml"));
}

#[test]
fn waivers_of_other_rules_need_what_is_asked_for() {
    let fires = |comment: &str| {
        let folder = locked(&[("Dockerfile", &format!("{comment}\nFROM debian\nUSER app\n"))]);
        let (report, _) = folder.check(&["--org-config", ".cache/org.toml", "--select", "docker/base-image-untagged"]);
        fired(&report)
    };
    let day = |days: u64| {
        let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        // Far enough from today that the civil date is beyond doubt: a year of 365 days, a month of 30.
        let days_since = seconds / 86_400 + days;
        let (mut year, mut left) = (1970, days_since);
        loop {
            let length = if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) { 366 } else { 365 };
            if left < length {
                break;
            }
            left -= length;
            year += 1;
        }
        format!("{year}-{:02}-{:02}", (left / 31) + 1, (left % 28) + 1)
    };
    let none = fires("# nothing");
    let Some(rule) = none.first().map(|line| line.split(' ').next().unwrap().to_owned()) else {
        panic!("the image has no tag, and no rule says so")
    };
    let waived = |rest: &str| fires(&format!("# plimsoll: ignore[{rule}] {rest}"));
    assert!(waived(&format!("until={} owner=me", day(40))).iter().any(|line| line.starts_with(&rule)), "no reason");
    assert!(waived(&format!("until={} -- why", day(40))).iter().any(|line| line.starts_with(&rule)), "no owner");
    assert!(waived("owner=me -- why").iter().any(|line| line.starts_with(&rule)), "no end");
    assert!(waived("until=2999-01-01 owner=me -- why").iter().any(|line| line.starts_with(&rule)), "too far");
    assert_eq!(waived(&format!("until={} owner=me -- why", day(40))), Vec::<String>::new());
}

#[test]
fn baseline_holds_nothing_that_is_locked() {
    let folder = locked(&[("Dockerfile", "FROM debian\nUSER root\n")]);
    assert_eq!(folder.run(&["baseline"]).code, Some(0));
    let (report, run) = folder.check(&["--baseline", "plimsoll-baseline.json", "--org-config", ".cache/org.toml"]);
    assert_eq!((run.code, fired(&report)), (Some(1), vec!["docker/user-root Dockerfile:2".to_owned()]));
}

#[test]
fn organisation_that_cannot_be_read_ends_the_run() {
    let folder = locked(&[("Dockerfile", ROOT)]);
    for text in ["[locked]\nrules = [\"DL3002\"]\n", "[locked]\nowner = \"yes\"\n", "[locked\n"] {
        folder.write(".cache/org.toml", text);
        let run = folder.run(&["check", "--org-config", ".cache/org.toml"]);
        assert_eq!(run.code, Some(2), "{text}: {run:?}");
    }
    assert_eq!(folder.run(&["check", "--org-config", "nowhere.toml"]).code, Some(2));
}
