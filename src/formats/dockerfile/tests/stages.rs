//! Stages, what is in force in them, variables with their origins, images and the build context.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use plimsoll_dockerfile::Input;
use plimsoll_document::{Flags, KeyTable, Kind, Node, Role};
use plimsoll_formats::{Entry, Files, Parsed, ReadError};
use std::sync::Arc;
use support::{at, parse, text};

fn stage(parsed: &Parsed, number: usize) -> Node<'_> {
    at(parsed.document.doc().root(), &["stages"]).unwrap().children().nth(number).unwrap()
}

fn fact<'a>(parsed: &'a Parsed, number: usize, path: &[&str]) -> Option<Node<'a>> {
    at(at(stage(parsed, number), &["facts"]).unwrap(), path)
}

fn shown(parsed: &Parsed, number: usize, path: &[&str]) -> String {
    match fact(parsed, number, path) {
        None => "-".to_owned(),
        Some(node) => match node.kind() {
            Kind::Unknown => "?".to_owned(),
            Kind::Bool => node.as_bool().unwrap().to_string(),
            Kind::String => node.as_str().unwrap().to_owned(),
            _ => node.source_text().to_owned(),
        },
    }
}

#[test]
fn stages_inherit_and_ship() {
    let parsed = parse(
        "FROM debian AS Base\nUSER app\nWORKDIR /a\nENV A=1\nHEALTHCHECK CMD x\nCMD y\nFROM base AS tool\nWORKDIR b\nENTRYPOINT [\"z\"]\n\
         FROM scratch AS unused\nFROM alpine\nCOPY --from=tool /x /x\nRUN --mount=from=2,target=/m a\n",
    );
    assert!(parsed.problems.is_empty());
    assert_eq!(shown(&parsed, 1, &["user", "value"]), "app");
    assert_eq!(shown(&parsed, 1, &["workdir", "value"]), "/a/b");
    assert_eq!(shown(&parsed, 1, &["healthcheck"]), "HEALTHCHECK CMD x");
    assert_eq!(shown(&parsed, 1, &["cmd"]), "-", "an ENTRYPOINT resets the parent's CMD");
    assert_eq!(shown(&parsed, 1, &["base"]), "debian");
    assert_eq!(shown(&parsed, 1, &["env", "A", "value"]), "1");
    assert_eq!(shown(&parsed, 3, &["user"]), "-");
    let flags = |key: &str| (0..4).map(|number| shown(&parsed, number, &[key])).collect::<Vec<_>>();
    assert_eq!(flags("shipped"), ["false", "false", "false", "true"]);
    assert_eq!(flags("used"), ["true", "true", "true", "true"]);
    assert_eq!(fact(&parsed, 1, &["parent"]).unwrap().target(), stage(&parsed, 0));
    assert!(!fact(&parsed, 2, &["env"]).unwrap().flags().has(Flags::OPEN), "scratch has no environment");
    assert!(fact(&parsed, 1, &["env"]).unwrap().flags().has(Flags::OPEN));
}

#[test]
fn a_target_of_settings_is_shipped() {
    let keys = KeyTable::new();
    let text = "FROM a AS x\nFROM b AS y\nFROM c\n";
    let shipped = ["X".to_owned()];
    let input =
        Input { path: "Dockerfile", text, context: None, shipped: &shipped, args: &[], keys: &keys, files: &plimsoll_formats::NoFiles };
    let parsed = plimsoll_dockerfile::parse(&input);
    assert_eq!([0, 1, 2].map(|number| shown(&parsed, number, &["shipped"])), ["true", "false", "true"]);
    let wrong = ["other".to_owned()];
    let parsed = plimsoll_dockerfile::parse(&Input { shipped: &wrong, ..input });
    assert_eq!([0, 1, 2].map(|number| shown(&parsed, number, &["shipped"])), ["?", "?", "true"]);
}

#[test]
fn arguments_have_scopes_defaults_and_origins() {
    let source = "ARG V=18\nARG W\nFROM node:$V AS a\nUSER $V\nARG V\nUSER $V\nARG W\nUSER $W\nUSER ${W:-w}\nARG V=19\nENV V=20\nUSER x$V\nFROM a\nUSER $V\n";
    let parsed = parse(source);
    let users: Vec<Node<'_>> = support::instructions(parsed.document.doc().root())
        .into_iter()
        .filter(|node| text(*node, "keyword") == Some("USER"))
        .map(|node| at(node, &["value"]).unwrap())
        .collect();
    let values: Vec<_> = users.iter().map(|node| node.as_str().unwrap_or("?")).collect();
    assert_eq!(values, ["?", "18", "?", "w", "x20", "20"]);
    assert!(users[1].flags().has(Flags::DEFAULTED | Flags::FROM_VARIABLE));
    assert!(users[3].flags().has(Flags::DEFAULTED));
    assert!(!users[5].flags().has(Flags::DEFAULTED));
    let decided = |node: Node<'_>| node.origin().find(|entry| entry.role == Role::Decided).map(|entry| entry.at.start as usize);
    assert_eq!(decided(users[1]), source.find("18"));
    assert_eq!(decided(users[4]), None, "two literals make this value");
    assert_eq!(decided(users[5]), source.find("20"));
    let tag = at(stage(&parsed, 0), &["from", "image", "tag"]).unwrap();
    assert_eq!((tag.as_str(), tag.source_text(), decided(tag)), (Some("18"), "$V", source.find("18")));
}

#[test]
fn build_arguments_of_a_relation_win() {
    let keys = KeyTable::new();
    let args = [("V".to_owned(), "21".to_owned())];
    let text = "ARG V=18\nFROM node:$V\nARG V\nUSER $V\n";
    let input =
        Input { path: "Dockerfile", text, context: None, shipped: &[], args: &args, keys: &keys, files: &plimsoll_formats::NoFiles };
    let parsed = plimsoll_dockerfile::parse(&input);
    let tag = at(stage(&parsed, 0), &["from", "image", "tag"]).unwrap();
    assert_eq!((tag.as_str(), tag.flags().has(Flags::DEFAULTED)), (Some("21"), false));
    assert_eq!(shown(&parsed, 0, &["user", "value"]), "21");
}

#[test]
fn an_unknown_base_leaves_what_it_may_decide_unknown() {
    let parsed = parse("ARG B\nFROM x AS y\nUSER root\nFROM $B\nFROM ${B}/y:1\n");
    assert_eq!(shown(&parsed, 1, &["parent"]), "?");
    assert_eq!(shown(&parsed, 1, &["user"]), "?");
    assert_eq!(shown(&parsed, 2, &["parent"]), "-");
    assert_eq!(shown(&parsed, 2, &["user"]), "-");
    let fragment = parse("RUN a\nUSER b\n");
    assert!(fragment.problems.is_empty());
    assert_eq!(shown(&fragment, 0, &["base"]), "?");
    assert_eq!(shown(&fragment, 0, &["user", "value"]), "b");
}

#[test]
fn templates_are_one_notice() {
    let parsed = parse("FROM a\n{{ if x }}\nRUN y\n{{ end }}\nBOGUS\n");
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(parsed.problems[0].kind, plimsoll_formats::ProblemKind::Template);
    assert!(at(parsed.document.doc().root(), &["stages"]).is_none());
    let plain = parse("FROM a\nRUN docker inspect --format '{{.Id}}' x\n");
    assert!(plain.problems.is_empty());
}

#[test]
fn comments_cover_the_next_instruction_whole() {
    let source = "# syntax=x\n# a\n\n# b\nFROM a\nRUN x \\\n  # c\n  y\n# d\nCOPY <<E /x\n# not one\nE\n# e\n";
    let parsed = parse(source);
    let doc = parsed.document.doc();
    let covers: Vec<_> = parsed.comments.iter().map(|comment| (doc.slice(comment.at), comment.covers.map(|at| doc.slice(at)))).collect();
    assert_eq!(
        covers,
        [
            ("# syntax=x", None),
            ("# a", Some("FROM a")),
            ("# b", Some("FROM a")),
            ("# c", Some("RUN x \\\n  # c\n  y")),
            ("# d", Some("COPY <<E /x\n# not one\nE")),
            ("# e", None)
        ]
    );
}

/// A project in memory.
struct Project(&'static [(&'static str, &'static str)]);

impl Files for Project {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        self.0.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_bytes().into()).ok_or(ReadError::Missing)
    }

    fn list(&self, directory: &str) -> Option<Vec<Entry>> {
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let mut names: Vec<_> = self.0.iter().filter_map(|(name, _)| name.strip_prefix(&*prefix)).collect();
        names.sort_unstable();
        let mut entries: Vec<Entry> = names
            .into_iter()
            .map(|name| match name.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), directory: true },
                None => Entry { name: name.to_owned(), directory: false },
            })
            .collect();
        entries.dedup();
        Some(entries)
    }
}

#[test]
fn the_context_and_its_ignore_file() {
    let files = Project(&[
        ("app/Dockerfile", ""),
        ("app/.dockerignore", "# all\n*\n!src/main.c\n"),
        ("app/.git/config", ""),
        ("app/src/main.c", ""),
        ("other/Dev.dockerignore", "x"),
        ("other/.dockerignore", "y"),
        ("other/x", ""),
    ]);
    let keys = KeyTable::new();
    let input = Input {
        path: "app/Dockerfile",
        text: "FROM a\nCOPY . .\nCOPY src /\n",
        context: None,
        shipped: &[],
        args: &[],
        keys: &keys,
        files: &files,
    };
    let entries = |parsed: &Parsed| {
        let context = at(parsed.document.doc().root(), &["facts", "context"]).unwrap();
        let entries = at(context, &["entries"]).unwrap().children();
        let shown =
            entries.map(|entry| format!("{} {}", text(entry, "path").unwrap(), at(entry, &["ignored"]).unwrap().as_bool().unwrap()));
        (
            text(context, "path").unwrap().to_owned(),
            at(context, &["dockerignore"]).and_then(|file| text(file, "path")).map(str::to_owned),
            shown.collect::<Vec<_>>(),
        )
    };
    let parsed = plimsoll_dockerfile::parse(&input);
    let expected = [".dockerignore true", ".git true", "Dockerfile true", "src false"].map(str::to_owned).to_vec();
    assert_eq!(entries(&parsed), ("app".to_owned(), Some("app/.dockerignore".to_owned()), expected));
    let pattern = at(parsed.document.doc().root(), &["facts", "context", "dockerignore", "patterns"]).unwrap().children().last().unwrap();
    assert_eq!((pattern.span().source, pattern.source_text()), (1, "!src/main.c"));
    let whole: Vec<_> = support::instructions(parsed.document.doc().root())
        .into_iter()
        .filter_map(|node| at(node, &["facts", "whole-context"]).and_then(Node::as_bool))
        .collect();
    assert_eq!(whole, [true, false]);
    let other = plimsoll_dockerfile::parse(&Input { path: "other/Dev", context: Some("other"), ..input });
    assert_eq!(entries(&other).1.as_deref(), Some("other/Dev.dockerignore"));
    let moved = plimsoll_dockerfile::parse(&Input { context: Some("."), ..input });
    assert_eq!((entries(&moved).0.as_str(), entries(&moved).1), (".", None));
}
