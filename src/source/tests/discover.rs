//! Discovery on real directories.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_source::{ConfigLookup, FileKind, Found, Request, Root, Scope, discover};
use std::path::{Path, PathBuf};

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn find_with(cwd: &Path, paths: &[&str], threads: usize, scope: &dyn Fn(&Root) -> Scope) -> Found {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    discover(&Request {
        cwd,
        paths: &paths,
        stdin: None,
        lookup: ConfigLookup::Closest,
        threads,
        scope,
        strict: false,
        listed: None,
        unsaved: &|_| None,
        remember: false,
    })
}

fn find(cwd: &Path, paths: &[&str]) -> Found {
    find_with(cwd, paths, 0, &|_| Scope::default())
}

fn listing(found: &Found) -> Vec<(String, FileKind)> {
    found.projects.iter().flat_map(|project| project.files.iter().map(|file| (file.shown.clone(), file.kind))).collect()
}

fn names(found: &Found) -> Vec<String> {
    listing(found).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_repository_with_everything_in_it() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    std::fs::create_dir(root.join(".git")).unwrap();
    write(root, ".git/Dockerfile", "FROM a");
    write(root, ".gitignore", "out/\n");
    write(root, "out/Dockerfile", "FROM a");
    write(root, ".devcontainer/Dockerfile", "FROM a");
    write(root, ".terraform/modules/x/main.tf", "");
    write(root, "Dockerfile", "FROM a");
    write(root, "compose.yaml", "");
    write(root, "ci.yml", "services:\n  - docker\n");
    write(root, "deploy/stack.yml", "services:\n  web:\n    image: a\n");
    write(root, "deploy/app.yaml", "apiVersion: v1\nkind: Pod\n");
    write(root, "deploy/app.json", "{\"kind\": \"Pod\", \"apiVersion\": \"v1\"}");
    write(root, "infra/main.tf", "");
    write(root, "infra/prod.tfvars", "");
    write(root, "README.md", "FROM here on");
    let found = find(root, &[]);
    let expected = [
        (".devcontainer/Dockerfile", FileKind::Dockerfile),
        ("Dockerfile", FileKind::Dockerfile),
        ("compose.yaml", FileKind::Compose),
        ("deploy/app.json", FileKind::Kubernetes),
        ("deploy/app.yaml", FileKind::Kubernetes),
        ("deploy/stack.yml", FileKind::Compose),
        ("infra/main.tf", FileKind::Terraform),
        ("infra/prod.tfvars", FileKind::TerraformVars),
    ];
    assert_eq!(listing(&found), expected.map(|(name, kind)| (name.to_owned(), kind)));
    assert!(found.notices.is_empty() && found.missing.is_empty(), "{:?}", found.notices);
}

#[test]
fn order_and_kinds_do_not_depend_on_threads() {
    let directory = tempfile::tempdir().unwrap();
    for at in 0..200 {
        write(directory.path(), &format!("d{}/f{at}.yaml", at % 7), if at % 3 == 0 { "apiVersion: v1\nkind: Pod\n" } else { "a: b\n" });
    }
    let one = listing(&find_with(directory.path(), &[], 1, &|_| Scope::default()));
    assert_eq!(one.len(), 67);
    assert_eq!(one, listing(&find_with(directory.path(), &[], 4, &|_| Scope::default())));
}

#[test]
fn nested_configuration_makes_a_project_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(root, "plimsoll.toml", "");
    write(root, "Dockerfile", "FROM a");
    write(root, "team/.plimsoll.toml", "");
    write(root, "team/svc/Dockerfile", "FROM a");
    let found = find(root, &[]);
    let seen: Vec<_> = found.projects.iter().map(|project| (project.root.path.clone(), project.files[0].path.clone())).collect();
    assert_eq!(seen, [(root.to_owned(), "Dockerfile".to_owned()), (root.join("team"), "svc/Dockerfile".to_owned())]);
    let named = find(root, &["team/svc/Dockerfile"]);
    assert_eq!(named.projects[0].root.path, root.join("team"));
    assert_eq!(named.projects[0].files[0].shown, "team/svc/Dockerfile");
}

#[test]
fn named_files_are_taken_by_content_and_even_when_ignored() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    std::fs::create_dir(root.join(".git")).unwrap();
    write(root, ".gitignore", "*\n");
    write(root, "image.txt", "# c\nFROM debian\n");
    write(root, "notes.txt", "hello");
    let found = find(root, &["image.txt", "./x/../notes.txt", "absent"]);
    assert_eq!(listing(&found), [("image.txt".to_owned(), FileKind::Dockerfile)]);
    assert_eq!(found.notices.len(), 1, "{:?}", found.notices);
    assert_eq!(found.missing, [PathBuf::from("absent")]);
    assert!(found.projects[0].files[0].explicit);
}

#[test]
fn file_settings_narrow_exclude_and_name_kinds() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(root, "plimsoll.toml", "");
    write(root, "a/Dockerfile", "FROM a");
    write(root, "test/Dockerfile", "FROM a");
    write(root, "a/image.build", "RUN x");
    let scope = |_: &Root| Scope::new(&[], &["test/".into()], &[("*.build".into(), FileKind::Dockerfile)], None).unwrap();
    assert_eq!(names(&find_with(root, &[], 2, &scope)), ["a/Dockerfile", "a/image.build"]);
    let named = find_with(root, &["test/Dockerfile"], 2, &scope);
    assert!(named.projects.is_empty());
    assert_eq!((named.excluded, named.notices.len()), (1, 1));
    assert!(!named.notices[0].incomplete);
}

#[test]
fn a_file_that_is_named_and_walked_is_judged_once() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "plimsoll.toml", "");
    write(directory.path(), "Dockerfile", "FROM a");
    let found = find(directory.path(), &[".", "Dockerfile", "Dockerfile"]);
    assert_eq!(found.projects[0].files.len(), 1);
    assert!(found.projects[0].files[0].explicit);
}

#[test]
fn stdin_stands_for_its_file() {
    let directory = tempfile::tempdir().unwrap();
    let scope = |_: &Root| Scope::default();
    let bytes = b"apiVersion: v1\nkind: Pod\n";
    let mut request = Request {
        cwd: directory.path(),
        paths: &[],
        stdin: Some((Path::new("deploy/x.yaml"), bytes)),
        lookup: ConfigLookup::Closest,
        threads: 1,
        scope: &scope,
        strict: false,
        listed: None,
        unsaved: &|_| None,
        remember: false,
    };
    assert_eq!(listing(&discover(&request)), [("deploy/x.yaml".to_owned(), FileKind::Kubernetes)]);
    request.stdin = Some((Path::new("-"), b"FROM a\n"));
    assert_eq!(listing(&discover(&request)), [("-".to_owned(), FileKind::Dockerfile)]);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_end_nothing() {
    use std::os::unix::fs::symlink;
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    write(root, "real/Dockerfile", "FROM a");
    symlink("../real", root.join("real/again")).unwrap();
    symlink("Dockerfile", root.join("real/Dockerfile.link")).unwrap();
    symlink("self", root.join("self")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(root.join("Dockerfile")).arg(root.join("a.yaml")).status().unwrap();
    assert!(made.success());
    assert_eq!(names(&find(root, &[])), ["real/Dockerfile"]);
    let named = find(root, &["Dockerfile", "self"]);
    assert_eq!(named.notices.len(), 2, "{:?}", named.notices);
    assert!(named.projects.is_empty());
    symlink("real", root.join("linked")).unwrap();
    assert_eq!(names(&find(root, &["linked"])), ["linked/Dockerfile"]);
}

#[test]
fn one_named_file_does_not_walk_its_repository() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    std::fs::create_dir(root.join(".git")).unwrap();
    write(root, "Dockerfile", "FROM a");
    // A directory that a walk would trip over: were it entered, its file would be found.
    write(root, "sub/Dockerfile", "FROM a");
    assert_eq!(names(&find(root, &["Dockerfile"])), ["Dockerfile"]);
}
