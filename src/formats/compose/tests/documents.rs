//! What rules find in a document.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use plimsoll_document::{Flags, Kind, Lookup, Node, Role};
use plimsoll_formats::{Parsed, ProblemKind};
use support::{Texts, parse};

fn read(files: &[(&str, &str)]) -> Parsed {
    parse(files[0].0, &Texts::new(files))
}

fn at<'a>(parsed: &'a Parsed, path: &str) -> Lookup<'a> {
    let mut node = parsed.document.doc().root();
    for key in path.split('/') {
        let found = match key.parse::<usize>() {
            Ok(index) => node.children().nth(index).map_or(Lookup::Absent, Lookup::Present),
            Err(_) => node.get_text(key),
        };
        match found {
            Lookup::Present(found) => node = found,
            other => return other,
        }
    }
    Lookup::Present(node)
}

fn get<'a>(parsed: &'a Parsed, path: &str) -> Node<'a> {
    match at(parsed, path) {
        Lookup::Present(node) => node,
        other => panic!("{path}: {other:?}"),
    }
}

#[test]
fn a_port_stands_in_its_short_text() {
    let parsed = read(&[("compose.yaml", "services:\n  db:\n    ports:\n      - \"127.0.0.1:5433:5432/udp\"\n      - 80:80\n")]);
    let port = get(&parsed, "services/db/ports/0");
    assert_eq!(port.source_text(), "\"127.0.0.1:5433:5432/udp\"");
    for (key, text) in [("host_ip", "127.0.0.1"), ("published", "5433"), ("target", "5432"), ("protocol", "udp")] {
        assert_eq!(get(&parsed, &format!("services/db/ports/0/{key}")).source_text(), text);
    }
    assert_eq!(get(&parsed, "services/db/ports/0/target").as_f64(), Some(5432.0));
    assert_eq!(get(&parsed, "services/db/ports/0/facts/quoted").as_bool(), Some(true));
    assert_eq!(get(&parsed, "services/db/ports/1/facts/quoted").as_bool(), Some(false));
    assert!(at(&parsed, "services/db/ports/1/host_ip").is_absent());
}

#[test]
fn a_variable_without_value_is_unknown_and_a_default_is_not() {
    let parsed = read(&[(
        "compose.yaml",
        "services:\n  a:\n    image: nginx:${TAG}\n    ports: [\"${PORT}:80\"]\n  b:\n    image: nginx:${TAG:-1.27}\n    environment:\n      - HOME\n",
    )]);
    assert_eq!(get(&parsed, "services/a/image").kind(), Kind::Unknown);
    assert!(get(&parsed, "services/a/image").flags().has(Flags::FROM_VARIABLE));
    assert_eq!(get(&parsed, "services/a/facts/image/name").as_str(), Some("nginx"));
    assert!(at(&parsed, "services/a/facts/image/tag").is_unknown());
    assert!(at(&parsed, "services/a/facts/image/digest").is_unknown());
    assert!(at(&parsed, "services/a/ports/0/host_ip").is_unknown());
    assert_eq!(get(&parsed, "services/a/ports/0/target").as_f64(), Some(80.0));
    let image = get(&parsed, "services/b/image");
    assert_eq!((image.as_str(), image.flags().has(Flags::DEFAULTED)), (Some("nginx:1.27"), true));
    assert_eq!(get(&parsed, "services/b/facts/image/tag").source_text(), "${TAG:-1.27}");
    assert_eq!(get(&parsed, "services/b/environment/HOME").kind(), Kind::Unknown);
}

#[test]
fn the_literal_that_decides_is_the_origin() {
    let files =
        [("app/compose.yaml", "services:\n  a:\n    image: ${IMAGE}\n    user: ${USER_ID:-0}\n"), ("app/.env", "# x\nIMAGE=nginx:1\n")];
    let parsed = read(&files);
    let doc = parsed.document.doc();
    for (path, literal) in [("services/a/image", "nginx:1"), ("services/a/user", "0")] {
        let origin: Vec<_> = get(&parsed, path).origin().collect();
        assert_eq!(origin.len(), 1, "{path}");
        assert_eq!((origin[0].role, doc.slice(origin[0].at)), (Role::Decided, literal), "{path}");
    }
    assert_eq!(get(&parsed, "facts/variables/IMAGE").as_str(), Some("nginx:1"));
    assert_eq!(get(&parsed, "facts/directory").as_str(), Some("app"));
}

#[test]
fn an_override_changes_values_and_leaves_maps_in_the_base() {
    let parsed = read(&[
        ("compose.yaml", "services:\n  a:\n    image: x:1\n    environment:\n      A: 1\n"),
        ("compose.override.yaml", "services:\n  a:\n    image: x:2\n    environment: [B=2]\n    restart: always\n"),
    ]);
    assert_eq!(get(&parsed, "services/a").span().source, 0);
    assert_eq!(get(&parsed, "services/a/environment").span().source, 0);
    let image = get(&parsed, "services/a/image");
    assert_eq!((image.as_str(), image.span().source), (Some("x:2"), 1));
    assert_eq!(get(&parsed, "services/a/environment/B").span().source, 1);
    assert_eq!(get(&parsed, "services/a/environment").len(), 2);
}

#[test]
fn an_env_file_that_cannot_be_read_leaves_the_environment_open() {
    let parsed =
        read(&[("compose.yaml", "services:\n  a:\n    image: x\n    env_file: [.secrets, ../../outside]\n    environment: {A: 1}\n")]);
    assert!(at(&parsed, "services/a/environment/B").is_unknown());
    assert_eq!(get(&parsed, "services/a/environment/A").as_str(), Some("1"));
    assert_eq!(parsed.problems.iter().filter(|problem| problem.kind == ProblemKind::File).count(), 2);
}

#[test]
fn what_an_env_file_sets_is_told_from_what_is_written() {
    let parsed = read(&[
        ("compose.yaml", "services:\n  a:\n    image: x\n    env_file: x.env\n    environment: {A: own}\n"),
        ("x.env", "A=file\nDB_PASSWORD='hunter2'\n"),
    ]);
    assert_eq!(get(&parsed, "services/a/environment/A").as_str(), Some("own"));
    let password = get(&parsed, "services/a/environment/DB_PASSWORD");
    assert_eq!((password.as_str(), password.source_text()), (Some("hunter2"), "'hunter2'"));
    assert!(password.flags().has(Flags::SENSITIVE));
    let from_files = get(&parsed, "services/a/facts/from-files");
    assert_eq!(from_files.children().map(|entry| entry.target().key()).collect::<Vec<_>>(), ["DB_PASSWORD"]);
}

#[test]
fn facts_of_a_service() {
    let parsed = read(&[(
        "app/compose.yaml",
        "services:\n  web:\n    build: {context: ../lib, dockerfile: Dockerfile.prod}\n    depends_on:\n      migrate: {condition: service_completed_successfully}\n      db: {condition: service_healthy}\n  migrate:\n    image: x\n  db:\n    image: host:5000/a/b:t@sha256:ab\n    profiles: [full]\n    volumes: [/var/run/../run/docker.sock:/s, ./data:/d]\n",
    )]);
    assert_eq!(get(&parsed, "services/migrate/facts/one-shot").as_bool(), Some(true));
    assert_eq!(get(&parsed, "services/db/facts/one-shot").as_bool(), Some(false));
    assert_eq!(get(&parsed, "services/db/facts/profiled").as_bool(), Some(true));
    assert_eq!(get(&parsed, "services/db/facts/dependents/0/condition").as_str(), Some("service_healthy"));
    assert_eq!(get(&parsed, "services/db/facts/dependents/0").subject().key(), "db");
    assert_eq!(get(&parsed, "services/web/depends_on/db/facts/service").target().key(), "db");
    assert_eq!(get(&parsed, "services/web/facts/build/context").as_str(), Some("lib"));
    assert_eq!(get(&parsed, "services/web/facts/build/dockerfile").as_str(), Some("lib/Dockerfile.prod"));
    for (key, text) in [("registry", "host:5000"), ("repository", "a/b"), ("name", "b"), ("tag", "t"), ("digest", "sha256:ab")] {
        let part = get(&parsed, &format!("services/db/facts/image/{key}"));
        assert_eq!((part.as_str(), part.source_text()), (Some(text), text));
    }
    assert_eq!(get(&parsed, "services/db/volumes/0/facts/host-path").as_str(), Some("/var/run/docker.sock"));
    assert_eq!(get(&parsed, "services/db/volumes/1/facts/host-path").as_str(), Some("app/data"));
}

#[test]
fn an_extended_service_stands_where_it_is_declared() {
    let parsed = read(&[
        ("compose.yaml", "services:\n  a:\n    extends: {file: lib/base.yaml, service: b}\n    image: own\n"),
        ("lib/base.yaml", "services:\n  b:\n    image: base\n    privileged: true\n    volumes: [./x:/x]\n"),
    ]);
    assert_eq!(get(&parsed, "services/a").span().source, 0);
    assert_eq!(get(&parsed, "services/a/privileged").span().source, 1);
    assert_eq!(get(&parsed, "services/a/image").as_str(), Some("own"));
    assert_eq!(get(&parsed, "services/a/volumes/0/facts/host-path").as_str(), Some("lib/x"));
    assert_eq!(get(&parsed, "services/a/facts/inherited/0").as_str(), Some("lib/base.yaml#b"));
}

#[test]
fn a_service_whose_base_cannot_be_read_is_open() {
    let parsed = read(&[("compose.yaml", "services:\n  a:\n    extends: {file: missing.yaml, service: b}\n    image: x\n")]);
    assert!(at(&parsed, "services/a/privileged").is_unknown());
    assert_eq!(get(&parsed, "services/a/image").as_str(), Some("x"));
    assert_eq!(parsed.problems[0].kind, ProblemKind::File);
}

#[test]
fn a_broken_file_keeps_what_stands_before() {
    let parsed = read(&[("compose.yaml", "services:\n  a:\n    image: x:1\n    ports: [\"80\n")]);
    assert_eq!(get(&parsed, "services/a/image").as_str(), Some("x:1"));
    assert!(at(&parsed, "services/a/restart").is_unknown());
    assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax));
}

#[test]
fn reset_and_override_take_away() {
    let parsed = read(&[
        ("compose.yaml", "services:\n  a:\n    image: x\n    ports: [\"1:1\"]\n    volumes: [/a]\n"),
        ("compose.override.yaml", "services:\n  a:\n    ports: !reset []\n    volumes: !override [/b]\n"),
    ]);
    assert!(at(&parsed, "services/a/ports").is_absent());
    assert_eq!(get(&parsed, "services/a/volumes").len(), 1);
    assert_eq!(get(&parsed, "services/a/volumes/0/target").as_str(), Some("/b"));
}

#[test]
fn a_comment_covers_the_next_entry_or_the_one_it_stands_behind() {
    let text = "services:\n  # one\n  a:\n    image: x # two\n";
    let parsed = read(&[("compose.yaml", text)]);
    let covered: Vec<_> = parsed.comments.iter().map(|comment| parsed.document.doc().slice(comment.covers.unwrap())).collect();
    assert_eq!(covered, ["a:\n    image: x", "image: x"]);
}

#[test]
fn overrides_belong_to_the_file_that_compose_takes() {
    let files = Texts::new(&[
        ("docker-compose.yml", ""),
        ("docker-compose.override.yml", ""),
        ("x/compose.yaml", ""),
        ("x/docker-compose.yml", ""),
        ("x/compose.override.yml", ""),
    ]);
    assert_eq!(plimsoll_compose::overrides_of("docker-compose.yml", &files), ["docker-compose.override.yml"]);
    assert_eq!(plimsoll_compose::overrides_of("x/compose.yaml", &files), ["x/compose.override.yml"]);
    assert!(plimsoll_compose::overrides_of("x/docker-compose.yml", &files).is_empty());
    assert!(plimsoll_compose::overrides_of("docker-compose.prod.yml", &files).is_empty());
}
