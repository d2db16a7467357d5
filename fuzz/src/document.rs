//! What holds for every document, whatever it was made from.

use plimsoll_document::{Doc, Document, Node, Span, Table};
use plimsoll_formats::{Comment, MAX_DEPTH, MAX_NODES, Parsed, Problem};

/// Levels that facts and the normalised form put around what is written.
const LEVELS: u32 = 32;

/// Checks a parse and that a second one gives the same.
pub fn check(first: &Parsed, second: &Parsed) {
    well_formed(&first.document);
    assert!(first.document == second.document, "two parses of one text differ");
    assert_eq!(first.problems, second.problems, "two parses of one text differ");
    assert_eq!(first.comments, second.comments, "two parses of one text differ");
    let doc = first.document.doc();
    problems(doc, &first.problems);
    comments(doc, &first.comments);
}

/// Checks the table, every span in it, and that the tree is one.
pub fn well_formed(document: &Document) {
    let (words, text) = document.table.clone().into_parts();
    let table = Table::new(words, text.into_bytes()).expect("what a builder finished is well formed");
    let doc = table.doc();
    assert_eq!(doc.source_count() as usize, document.sources.len());
    for (index, source) in document.sources.iter().enumerate() {
        let (here, whole) = (doc.source_text(index as u32), document.source_text(index as u32));
        assert_eq!(whole.len(), source.length as usize, "{} is not known whole", source.uri);
        assert!(here == whole || source.whole.is_some() && whole.contains(here), "{} is not in the bytes", source.uri);
    }
    assert!(doc.node_count() <= MAX_NODES.saturating_add(MAX_NODES / 2), "{} nodes", doc.node_count());
    let mut depths: Vec<u32> = vec![];
    for index in 0..doc.node_count() {
        let node = doc.node(index).expect("a node below the count");
        let depth = node.parent().map_or(0, |parent| depths[parent.index() as usize] + 1);
        assert!(depth <= MAX_DEPTH + LEVELS, "{node:?} lies {depth} levels deep");
        depths.push(depth);
        check_node(document, doc, node);
    }
}

fn check_node(document: &Document, doc: Doc<'_>, node: Node<'_>) {
    assert!(!node.target().is_ref(), "{node:?} refers to nothing");
    for at in [Some(node.span()), node.key_span()].into_iter().flatten().chain(node.origin().map(|entry| entry.at)) {
        let whole = document.source_text(at.source);
        let written = whole.get(at.start as usize..at.end as usize);
        assert!(at.source < doc.source_count() && at.start <= at.end, "{node:?} at {at:?} is nowhere");
        assert!(written.is_some() || whole.is_empty(), "{node:?} at {at:?} is no slice of {} bytes", whole.len());
        // What an object takes from an anchor in another one is not in the part that it carries.
        let here = doc.slice(at);
        assert!(here.is_empty() || written == Some(here), "{node:?} at {at:?} reads {here:?}");
    }
    if node.is_ref() {
        return;
    }
    let mut before = node.index();
    let mut count = 0;
    for child in node.children() {
        assert_eq!(child.parent(), Some(node), "{child:?} is not below its parent");
        assert!(child.index() > before, "{child:?} comes before its sibling");
        before = child.index();
        count += 1;
    }
    assert_eq!(count, node.len(), "{node:?} has another number of children than it says");
}

/// Checks that a span can be sliced. That of a file without text names bytes which the document does not hold.
pub fn inside(doc: Doc<'_>, at: Span, what: impl std::fmt::Debug) {
    assert!(at.source < doc.source_count(), "{what:?} at {at:?} is in no source");
    let text = doc.source_text(at.source);
    assert!(at.start <= at.end, "{what:?} at {at:?} ends before it starts");
    let sliced = text.get(at.start as usize..at.end as usize).is_some();
    assert!(sliced || text.is_empty(), "{what:?} at {at:?} is no slice of {} bytes", text.len());
}

/// Checks the places of problems, and that their causes are written as such.
pub fn problems(doc: Doc<'_>, problems: &[Problem]) {
    for problem in problems {
        inside(doc, problem.at, problem);
        assert!(!problem.message.is_empty(), "a problem without a cause");
    }
}

/// Checks that comments are comments, and cover something that can be sliced.
pub fn comments(doc: Doc<'_>, comments: &[Comment]) {
    for comment in comments {
        inside(doc, comment.at, comment);
        let text = doc.slice(comment.at);
        let known = !doc.source_text(comment.at.source).is_empty();
        let block = text.starts_with("/*");
        assert!(!known || block || text.starts_with('#') || text.starts_with("//"), "{text:?} is no comment");
        assert!(block || !text.contains('\n'), "{text:?} is more than one line");
        if let Some(covers) = comment.covers {
            inside(doc, covers, comment);
            assert!(covers.source == comment.at.source, "a comment covers another file");
        }
    }
}

/// Checks that everything written below `node` lies in `holder`; facts may point elsewhere.
pub fn within(holder: Node<'_>, node: Node<'_>) {
    for child in node.children().filter(|child| !child.is_ref() && child.key() != "facts") {
        assert!(holder.span().contains(child.span()), "{child:?} at {:?} lies outside of {holder:?} at {:?}", child.span(), holder.span());
        within(holder, child);
    }
}
