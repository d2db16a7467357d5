//! Manifests: telling what a file is, and the objects in it.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_document::{Flags, Kind, Node, Table};
use plimsoll_fuzz::document;
use plimsoll_fuzz::project::keys;
use plimsoll_kubernetes::{File, Input, parse};
use plimsoll_source::{decode, kind_by_content, looks_like_dockerfile};

/// Whether everything in a map or list stands inside it: nothing came through an alias or merge key.
fn check_nesting(node: Node<'_>) {
    for child in node.children().filter(|child| !child.is_ref() && child.key() != "facts" && !child.flags().has(Flags::FROM_ANCHOR)) {
        if child.origin().next().is_none() && node.kind() != Kind::Unknown {
            assert!(node.span().contains(child.span()), "{child:?} at {:?} lies outside of {node:?} at {:?}", child.span(), node.span());
        }
        check_nesting(child);
    }
}

fn check(file: &File, text: &str) {
    for object in &file.objects {
        document::well_formed(object);
        assert_eq!(object.sources.len(), 1);
        let doc = object.doc();
        assert!(doc.root().get_text("facts").known().is_some_and(|facts| facts.kind() == Kind::Map), "an object without facts");
        check_nesting(doc.root());
    }
    // The comments and problems of a file without objects have no document to be checked against, so its text serves.
    let words = [1, 17, 1, 8, 25, 1, 0, text.len() as u32, 0, u32::MAX, u32::MAX, u32::MAX, 0, 0, 0, 0, u32::MAX, 0, 0, 0, 0, 0, 0, 0, 0];
    let table = Table::new(words.to_vec(), text.as_bytes().to_vec()).expect("a document of one null");
    let doc = table.doc();
    document::problems(doc, &file.problems);
    document::comments(doc, &file.comments);
}

fuzz_target!(|data: &[u8]| -> Corpus {
    // What discovery asks of every file before anything is parsed.
    let _ = (kind_by_content(data), looks_like_dockerfile(data), decode(data));
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Keep };
    let input = Input { path: "manifest.yaml", text, keys: keys() };
    let (file, again) = (parse(&input), parse(&input));
    assert!(
        file.objects == again.objects && file.problems == again.problems && file.comments == again.comments,
        "two parses of one text differ"
    );
    check(&file, text);
    Corpus::Keep
});
