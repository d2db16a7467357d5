//! Modules in both syntaxes, with values files.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_document::{Kind, Node};
use plimsoll_formats::Parsed;
use plimsoll_fuzz::document;
use plimsoll_fuzz::project::{Project, keys};
use plimsoll_terraform::{Input, looks_like_name, parse};

fn read(project: &Project) -> Parsed {
    let names: Vec<String> = project.0.keys().filter(|name| looks_like_name(name) && !name.contains('/')).cloned().collect();
    parse(Input { directory: "", files_in_module: &names, keys: keys(), files: project })
}

/// Sites are what is written: no white space around them.
fn check_sites(node: Node<'_>) {
    let written = node.source_text();
    if !node.is_ref() && node.kind() != Kind::Unknown {
        assert_eq!(written.trim(), written, "white space around {node:?}");
    }
}

fuzz_target!(|data: &[u8]| {
    let json = data.first().is_some_and(|byte| matches!(byte, b'{' | b'['));
    let project = Project::read(if json { "main.tf.json" } else { "main.tf" }, data);
    let parsed = read(&project);
    document::check(&parsed, &read(&project));
    let doc = parsed.document.doc();
    for index in 0..doc.node_count() {
        if let Some(node) = doc.node(index) {
            check_sites(node);
        }
    }
});
