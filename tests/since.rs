//! `--since`: what a change touched, what depends on it, and only what is new.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::{Folder, fired, run_in};
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, args: &[&str]) {
    let run = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn commit(folder: &Folder) {
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "x"]);
}

fn repository(files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(files);
    folder.write(".gitignore", ".cache\n");
    git(folder.path(), &["init", "-q"]);
    commit(&folder);
    folder
}

fn since(folder: &Folder, args: &[&str]) -> (Vec<String>, harness::Run) {
    let (report, run) = folder.check(&[&["--since", "main"], args].concat());
    (fired(&report), run)
}

const DOCKERFILE: &str = "FROM debian\nRUN sudo apt-get install curl\nUSER root\n";

#[test]
fn only_what_is_new_against_the_branch() {
    let folder = repository(&[("a/Dockerfile", DOCKERFILE), ("b/Dockerfile", DOCKERFILE)]);
    git(folder.path(), &["switch", "-q", "-c", "work"]);
    assert_eq!(since(&folder, &[]).0, Vec::<String>::new());
    assert_eq!(since(&folder, &[]).1.code, Some(0), "a change of nothing is no mistake");

    folder.write("a/Dockerfile", format!("# moved\n\n{DOCKERFILE}HEALTHCHECK NONE\n"));
    folder.write("c/Dockerfile", "FROM debian:12.7\nUSER root\n");
    let (new, run) = since(&folder, &["--select", "docker/user-root,docker/healthcheck*,docker/base-image-untagged,docker/run-sudo"]);
    assert_eq!(run.code, Some(1));
    assert!(new.iter().any(|line| line == "docker/user-root c/Dockerfile:2"), "an untracked file: {new:?}");
    assert!(new.iter().all(|line| !line.contains("b/Dockerfile") && !line.contains("a/Dockerfile:5")), "{new:?}");
    commit(&folder);
    assert_eq!(since(&folder, &["--select", "docker/user-root"]).0, ["docker/user-root c/Dockerfile:2"], "committed or not");
    assert_eq!(since(&folder, &["--select", "docker/user-root", "b"]).0, Vec::<String>::new(), "named paths narrow it");

    let below = run_in(&folder.path().join("c"), &["check", "--since", "main", "--format", "concise", "--select", "docker/user-root"], "");
    assert!(below.stdout.starts_with("Dockerfile:2:1"), "{below:?}");
}

/// What others did on the branch since is not this change's.
#[test]
fn it_is_compared_with_the_point_of_departure() {
    let folder = repository(&[("a/Dockerfile", DOCKERFILE)]);
    git(folder.path(), &["switch", "-q", "-c", "work"]);
    folder.write("b/Dockerfile", "FROM debian:12.7\nUSER app\n");
    commit(&folder);
    git(folder.path(), &["switch", "-q", "main"]);
    folder.write("a/Dockerfile", "FROM debian:12.7\nUSER app\n");
    commit(&folder);
    git(folder.path(), &["switch", "-q", "work"]);
    let (new, _) = since(&folder, &["--select", "docker/user-root"]);
    assert_eq!(new, Vec::<String>::new());
}

#[test]
fn renamed_file_is_no_new_one() {
    let folder =
        repository(&[("a/Dockerfile", DOCKERFILE), ("infra/main.tf", "resource \"aws_s3_bucket\" \"a\" {\n  acl = \"public-read\"\n}\n")]);
    git(folder.path(), &["switch", "-q", "-c", "work"]);
    git(folder.path(), &["mv", "a", "api"]);
    git(folder.path(), &["mv", "infra", "terraform"]);
    let (new, run) = since(&folder, &[]);
    assert_eq!((new, run.code), (vec![], Some(0)));
}

/// A variable's default, a base stage's user, an override, an ignore file: what changes reaches what depends on it.
#[test]
fn a_change_reaches_its_dependants() {
    let folder = repository(&[
        ("infra/main.tf", "resource \"aws_db_instance\" \"db\" {\n  publicly_accessible = var.public\n}\n"),
        ("infra/variables.tf", "variable \"public\" {\n  type    = bool\n  default = false\n}\n"),
        (
            "modules/db/main.tf",
            "variable \"public\" {\n  type = bool\n}\nresource \"aws_db_instance\" \"db\" {\n  publicly_accessible = var.public\n}\n",
        ),
        ("live/main.tf", "module \"db\" {\n  source = \"../modules/db\"\n  public = false\n}\n"),
        ("compose.yaml", "services:\n  web:\n    image: ${IMAGE:-nginx:1.27.3}\n"),
        (".env", "IMAGE=nginx:1.27.3\n"),
    ]);
    git(folder.path(), &["switch", "-q", "-c", "work"]);
    folder.write("infra/variables.tf", "variable \"public\" {\n  type    = bool\n  default = true\n}\n");
    let (new, run) = since(&folder, &["--select", "terraform/*public*"]);
    assert!(new.iter().any(|line| line.contains("infra/variables.tf:3") || line.contains("infra/main.tf:2")), "{new:?} {run:?}");

    git(folder.path(), &["checkout", "-q", "."]);
    folder.write("compose.override.yaml", "services:\n  web:\n    privileged: true\n");
    let (new, _) = since(&folder, &["--select", "compose/privileged"]);
    assert_eq!(new, ["compose/privileged compose.override.yaml:3"]);

    std::fs::remove_file(folder.path().join("compose.override.yaml")).unwrap();
    folder.write(".env", "IMAGE=nginx:latest\n");
    let (new, run) = since(&folder, &["--select", "compose/image-unpinned"]);
    assert_eq!(new.len(), 1, "{new:?} {run:?}");
}

/// What a changed base stage does to the stages above it is new, though their lines are as they were.
#[test]
fn a_changed_base_stage_reaches_the_stages_above() {
    let file = |user: &str| format!("FROM debian:12.7 AS base\nRUN useradd app\n{user}FROM base\nEXPOSE 8080\nCMD [\"/app\", \"serve\"]\n");
    let folder = repository(&[("Dockerfile", &file("USER 10001\n")), ("other/Dockerfile", &file("USER 10001\n"))]);
    git(folder.path(), &["switch", "-q", "-c", "work"]);
    folder.write("Dockerfile", file(""));
    let (new, run) = since(&folder, &["--select", "docker/user-missing"]);
    assert_eq!(new, ["docker/user-missing Dockerfile:3"], "{run:?}");
    git(folder.path(), &["checkout", "-q", "."]);
    folder.write("Dockerfile", file("USER 10001\nLABEL a=b\n"));
    assert_eq!(since(&folder, &["--select", "docker/user-missing"]).0, Vec::<String>::new());
}

/// A Service is judged with the workload that it selects, whichever of the two files a change touched.
#[test]
fn a_changed_workload_reaches_the_services_that_select_it() {
    let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app: web\n";
    let deployment = |label: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    metadata:\n      labels:\n        app: {label}\n    spec:\n      containers:\n        - name: web\n"
        )
    };
    let folder = repository(&[("service.yaml", service), ("apps/web.yaml", &deployment("web"))]);
    git(folder.path(), &["switch", "-q", "-c", "work"]);
    folder.write("apps/web.yaml", deployment("website"));
    let (new, run) = since(&folder, &["--select", "kubernetes/service-without-pods"]);
    assert_eq!(new, ["kubernetes/service-without-pods service.yaml:7"], "{run:?}");

    git(folder.path(), &["checkout", "-q", "."]);
    std::fs::remove_file(folder.path().join("apps/web.yaml")).unwrap();
    folder.write("apps/api.yaml", deployment("api"));
    let (new, run) = since(&folder, &["--select", "kubernetes/service-without-pods"]);
    assert_eq!(new, ["kubernetes/service-without-pods service.yaml:7"], "{run:?}");
}

#[test]
fn bare_and_shallow_clones_and_wrong_words_are_told() {
    let folder = repository(&[("Dockerfile", DOCKERFILE)]);
    folder.write("Dockerfile", "FROM debian:12.7\n");
    commit(&folder);
    let told = |at: &Path, revision: &str, words: &[&str]| {
        let run = run_in(at, &["check", "--since", revision], "");
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(words.iter().all(|word| run.stderr.contains(word)), "{words:?}: {}", run.stderr);
    };
    told(folder.path(), "nowhere", &["no revision `nowhere`"]);
    told(folder.path(), "-x", &["unexpected"]);
    let other = tempfile::tempdir().unwrap();
    told(other.path(), "main", &["no git repository"]);
    let source = folder.path().to_str().unwrap();
    git(other.path(), &["clone", "-q", "--bare", source, "bare.git"]);
    told(&other.path().join("bare.git"), "main", &["bare"]);
    git(other.path(), &["clone", "-q", "--depth", "1", &format!("file://{source}"), "shallow"]);
    told(&other.path().join("shallow"), "HEAD~1", &["shallow", "fetch-depth: 0"]);
}
