//! Dockerfiles with their ignore files.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_dockerfile::Input;
use plimsoll_document::Node;
use plimsoll_formats::Parsed;
use plimsoll_fuzz::document;
use plimsoll_fuzz::project::{Project, keys};

fn parse(project: &Project, text: &str) -> Parsed {
    let args = [("VERSION".to_owned(), "1.2".to_owned()), ("EMPTY".to_owned(), String::new())];
    let shipped = ["build".to_owned(), "0".to_owned()];
    let input = Input { path: "Dockerfile", text, context: None, shipped: &shipped, args: &args, keys: keys(), files: project };
    plimsoll_dockerfile::parse(&input)
}

fn list<'a>(node: Node<'a>, key: &str) -> Vec<Node<'a>> {
    node.get_text(key).known().map(|list| list.children().collect()).unwrap_or_default()
}

/// The instructions of the file, triggers aside.
fn instructions(root: Node<'_>) -> Vec<Node<'_>> {
    let mut found = list(root, "args");
    for stage in list(root, "stages") {
        found.extend(stage.get_text("from").known());
        found.extend(list(stage, "instructions"));
    }
    found
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let project = Project::read("Dockerfile", data);
    let Ok(text) = std::str::from_utf8(&project.0["Dockerfile"]) else { return Corpus::Reject };
    let parsed = parse(&project, text);
    document::check(&parsed, &parse(&project, text));
    let root = parsed.document.doc().root();
    let mut end = 0;
    for instruction in instructions(root) {
        document::within(instruction, instruction);
        let span = instruction.span();
        assert!(span.source == 0 && span.start >= end, "{instruction:?} at {span:?} overlaps the one before, which ends at {end}");
        end = span.end;
    }
    for index in 0..parsed.document.doc().node_count() {
        let Some(node) = parsed.document.doc().node(index) else { continue };
        if let Some(at) = node.key_span() {
            assert!(node.doc().slice(at).eq_ignore_ascii_case(node.key()), "{node:?} is not called so where it says");
        }
    }
    Corpus::Keep
});
