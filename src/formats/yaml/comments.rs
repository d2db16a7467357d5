//! What a comment covers.

use crate::{Comment, Content, Stream, Tree};
use std::ops::Range;

/// Everything of a stream that a comment can cover: entries (key to end of value), items (dash included) and whole documents.
#[derive(Debug)]
pub struct Covers<'t> {
    text: &'t str,
    /// By start, the longer first; the flag tells a whole document.
    spans: Vec<(Range<u32>, bool)>,
}

impl<'t> Covers<'t> {
    /// Collects what can be covered.
    pub fn new(text: &'t str, stream: &Stream<'t>) -> Self {
        let mut spans = vec![];
        for tree in &stream.documents {
            collect(tree, text, &mut spans);
        }
        spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        Self { text, spans }
    }

    /// What a waiver in this comment covers, whole: the outermost entry or item that begins on its line if something stands before it
    /// there (else what encloses that), the next entry or item otherwise. In front of a document's first entry it is the document.
    pub fn of(&self, comment: &Comment) -> Option<Range<u32>> {
        if !comment.behind {
            let next = self.spans.partition_point(|(span, _)| span.start < comment.at.end);
            return self.spans.get(next).map(|(span, _)| span.clone());
        }
        let at = comment.at.start as usize;
        let line = self.text[..at].rfind(['\n', '\r']).map_or(0, |line| line + 1) as u32;
        let first = self.spans.partition_point(|(span, _)| span.start < line);
        let begun = self.spans[first..].iter().take_while(|(span, _)| span.start < comment.at.start).find(|(_, document)| !document);
        if let Some((span, _)) = begun {
            return Some(span.clone());
        }
        // A closing bracket, or a further line of a scalar: the nearest thing begun before it that reaches this line. `---` is in front of
        // its document.
        let around = self.spans[..first].iter().rev().take(1_000).find(|(span, document)| !document && span.end > line);
        around.or_else(|| self.spans.get(first)).map(|(span, _)| span.clone())
    }
}

fn collect(tree: &Tree<'_>, text: &str, spans: &mut Vec<(Range<u32>, bool)>) {
    let root = tree.node(tree.root());
    spans.push((root.start.min(root.span.start)..root.span.end, true));
    for id in tree.ids() {
        match &tree.node(id).content {
            Content::Mapping { entries, .. } => {
                for entry in entries {
                    let (key, value) = (tree.node(entry.key), tree.node(entry.value));
                    spans.push((key.span.start..value.span.end.max(key.span.end), false));
                }
            }
            Content::Sequence { flow, items } => {
                for item in items {
                    let item = tree.node(*item);
                    let before = text[..item.start as usize].trim_end();
                    let start = if !flow && before.ends_with('-') { before.len() as u32 - 1 } else { item.start };
                    spans.push((start..item.span.end.max(item.start), false));
                }
            }
            _ => {}
        }
    }
}
