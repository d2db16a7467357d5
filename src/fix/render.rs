//! A plan becomes edits.

use crate::plan::At;
use crate::text::newline;
use crate::{Plan, TextEdit, dockerfile, hcl, yaml};
use plimsoll_document::{Document, Node, Span};

/// Why a change cannot be written, a lowercase fragment for the finding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Dropped(pub String);

impl Dropped {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// The edits of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// Sorted by path and position, never overlapping.
    pub edits: Vec<TextEdit>,
    /// Whether a literal that decides other values too is changed: the fix is unsafe whatever the rule says.
    pub shared: bool,
}

/// What a syntax's renderer writes into.
pub(crate) struct Sink<'a> {
    pub(crate) document: &'a Document,
    /// Of each source.
    texts: Vec<&'a str>,
    edits: Vec<(Span, u32, String)>,
    shared: bool,
}

impl<'a> Sink<'a> {
    fn new(document: &'a Document) -> Self {
        let texts = (0..document.doc().source_count()).map(|source| document.source_text(source)).collect();
        Self { document, texts, edits: vec![], shared: false }
    }

    pub(crate) fn text(&self, source: u32) -> &'a str {
        self.texts.get(source as usize).copied().unwrap_or_default()
    }

    pub(crate) fn node(&self, index: u32) -> Option<Node<'a>> {
        self.document.doc().node(index)
    }

    pub(crate) fn replace(&mut self, at: Span, text: impl Into<String>) {
        let text = self.in_file_lines(at.source, text.into());
        self.edits.push((at, 0, text));
    }

    pub(crate) fn insert(&mut self, source: u32, at: usize, text: impl Into<String>) {
        let text = self.in_file_lines(source, text.into());
        self.edits.push((Span::new(source, at as u32, at as u32), 0, text));
    }

    /// Inserts what belongs to the end of `container`. Where several end, what belongs to the innermost comes first.
    pub(crate) fn insert_at_end(&mut self, container: Node<'_>, source: u32, at: usize, text: impl Into<String>) {
        let text = self.in_file_lines(source, text.into());
        let depth = std::iter::successors(Some(container), |node| node.parent()).count() as u32;
        self.edits.push((Span::new(source, at as u32, at as u32), u32::MAX - depth, text));
    }

    /// What a rule wrote with LF gets the line ends of the file it goes to.
    fn in_file_lines(&self, source: u32, text: String) -> String {
        if !text.contains('\n') || text.contains("\r\n") || newline(self.text(source)) == "\n" {
            return text;
        }
        text.replace('\n', "\r\n")
    }

    pub(crate) fn mark_shared(&mut self) {
        self.shared = true;
    }

    pub(crate) fn is_json(&self, source: u32) -> bool {
        let uri = &self.document.sources[source as usize].uri;
        uri.ends_with(".json") || self.text(source).trim_start().starts_with('{')
    }
}

/// The changes of a plan that anchor in one document.
pub(crate) struct Changes<'a> {
    plan: &'a Plan,
    document: u32,
}

impl<'a> Changes<'a> {
    pub(crate) fn of<V>(&self, map: &'a std::collections::BTreeMap<At, V>) -> impl Iterator<Item = (u32, &'a V)> + use<'a, V> {
        map.range((self.document, 0)..(self.document + 1, 0)).map(|((_, node), value)| (*node, value))
    }

    /// The same document's changes of another plan.
    pub(crate) const fn with<'b>(&self, plan: &'b Plan) -> Changes<'b> {
        Changes { plan, document: self.document }
    }

    pub(crate) const fn document(&self) -> u32 {
        self.document
    }

    pub(crate) const fn plan(&self) -> &'a Plan {
        self.plan
    }

    pub(crate) fn removed(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.plan.removed.range((self.document, 0)..(self.document + 1, 0)).map(|(_, node)| *node)
    }

    pub(crate) fn is_removed(&self, node: u32) -> bool {
        self.plan.removed.contains(&(self.document, node))
    }
}

/// Renders a plan as text edits over the unit's documents.
pub fn render(unit: &[&Document], plan: &Plan) -> Result<Rendered, Dropped> {
    let mut rendered = Rendered::default();
    for (index, document) in unit.iter().enumerate() {
        let changes = Changes { plan, document: index as u32 };
        let mut sink = Sink::new(document);
        for (node, text) in changes.of(&plan.sources) {
            let node = sink.node(node).ok_or_else(|| Dropped::new("no such node"))?;
            sink.replace(node.span(), text.clone());
        }
        match document.target {
            "docker" => dockerfile::render(&mut sink, &changes)?,
            "terraform" => hcl::render(&mut sink, &changes)?,
            _ => yaml::render(&mut sink, &changes)?,
        }
        rendered.shared |= sink.shared;
        // Stable: insertions at one place keep the order in which the fixes came.
        sink.edits.sort_by_key(|(at, rank, _)| (*at, *rank));
        for (at, _, text) in sink.edits {
            let source = document.sources.get(at.source as usize).ok_or_else(|| Dropped::new("the place is in no file"))?;
            if at.end > source.length {
                return Err(Dropped::new("the place is in a file outside this document"));
            }
            rendered.edits.push(TextEdit { path: source.uri.clone(), range: Some((at.start, at.end)), text });
        }
    }
    for (path, text) in &plan.created {
        if path.split(['/', '\\']).any(|part| matches!(part, "" | "." | "..")) || path.contains(':') {
            return Err(Dropped::new("the new file would be outside the project"));
        }
        rendered.edits.push(TextEdit { path: path.clone(), range: None, text: text.clone() });
    }
    rendered.edits.sort_by(|a, b| (&a.path, a.range).cmp(&(&b.path, b.range)));
    rendered.edits.dedup();
    let overlap = rendered.edits.windows(2).any(|pair| {
        pair[0].path == pair[1].path && matches!((pair[0].range, pair[1].range), (Some((_, end)), Some((start, _))) if start < end)
    });
    if overlap { Err(Dropped::new("its parts overlap in the text")) } else { Ok(rendered) }
}
