//! The tree: what is written, with nothing expanded.

use std::borrow::Cow;
use std::ops::Range;

/// Everything a text holds.
#[derive(Debug, Clone, Default)]
pub struct Stream<'t> {
    /// The documents in order, empty ones left out. None if the text is a template.
    pub documents: Vec<Tree<'t>>,
    /// The comments in order.
    pub comments: Vec<Comment>,
    /// What is wrong, in order of its place.
    pub problems: Vec<Problem>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The whole comment, `#` included, line end excluded.
    pub at: Range<u32>,
    /// Whether something is written before it on its line.
    pub behind: bool,
}

/// Something wrong with the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// Where, at most one character wide for syntax errors.
    pub at: Range<u32>,
    /// The cause, a lowercase fragment.
    pub message: String,
}

/// Kinds of problem. What they mean for a file is the format's to say: Kubernetes takes the last of two equal keys, Compose refuses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The text is not YAML here; the document ends at this place and what encloses it is open.
    Syntax,
    /// The text is a template (Helm, Jinja, Go).
    Template,
    /// Nesting beyond [`plimsoll_formats::MAX_DEPTH`].
    Limit,
    /// A mapping has two equal keys; both entries are kept.
    DuplicateKey,
    /// An alias names no anchor before it.
    UnknownAlias,
}

/// A node of one [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub(crate) u32);

/// One document.
#[derive(Debug, Clone)]
pub struct Tree<'t> {
    pub(crate) nodes: Vec<Node<'t>>,
    pub(crate) root: Id,
}

/// One node.
#[derive(Debug, Clone)]
pub struct Node<'t> {
    /// What it is.
    pub content: Content<'t>,
    /// Where it is written, without anchor and tag. Scalars: quotes and the `|` or `>` of a block scalar included, trailing line break
    /// excluded. Block collections: first key or first dash to the end of the last child. A value left out: zero width, after the colon.
    pub span: Range<u32>,
    /// Where its anchor or tag begins, or the span's start if it has neither.
    pub start: u32,
    /// Resolved tag, if one is written (`tag:yaml.org,2002:str`, `!vault`).
    pub tag: Option<Box<str>>,
    /// Where its anchor `&name` is written, if it has one.
    pub anchor: Option<Range<u32>>,
    /// Whether an error inside it may have hidden entries or items.
    pub open: bool,
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum Content<'t> {
    /// A scalar; its type is for the format to say ([`crate::kubernetes_scalar`], [`crate::compose_scalar`]).
    Scalar {
        /// Decoded text: quotes, escapes and folding resolved.
        value: Cow<'t, str>,
        /// How it is written.
        style: Style,
    },
    /// A sequence.
    Sequence {
        /// Whether it is written in brackets.
        flow: bool,
        /// Its items.
        items: Vec<Id>,
    },
    /// A mapping.
    Mapping {
        /// Whether it is written in braces.
        flow: bool,
        /// Its entries in order, equal keys and `<<` included.
        entries: Vec<Entry>,
    },
    /// `*name`.
    Alias {
        /// The anchored node; `None` if there is none. May be a node that encloses the alias.
        target: Option<Id>,
    },
    /// A value that a syntax error swallowed.
    Broken,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes; also a value left out.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// `|`.
    Literal,
    /// `>`.
    Folded,
}

/// An entry of a mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The key; any node may be one.
    pub key: Id,
    /// The value.
    pub value: Id,
}

/// An entry of a mapping whose aliases and merge keys are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// The entry as written, wherever that is.
    pub entry: Entry,
    /// Whether it came through `<<`.
    pub merged: bool,
}

impl<'t> Tree<'t> {
    /// The root node.
    pub const fn root(&self) -> Id {
        self.root
    }

    /// A node.
    pub fn node(&self, id: Id) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has no node; never so for a parsed one.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every node, children after their parents or, for keys, in order of writing.
    pub fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        (0..self.nodes.len() as u32).map(Id)
    }

    /// What an alias stands for; other nodes stand for themselves.
    #[must_use]
    pub fn resolve(&self, id: Id) -> Id {
        match self.node(id).content {
            // An alias never targets an alias: `&a *b` is refused by the parser.
            Content::Alias { target: Some(target) } => target,
            _ => id,
        }
    }

    /// The decoded text of a scalar, aliases followed.
    pub fn scalar(&self, id: Id) -> Option<&str> {
        match &self.node(self.resolve(id)).content {
            Content::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The entries of a mapping as written, aliases followed; empty for anything else.
    pub fn entries(&self, id: Id) -> &[Entry] {
        match &self.node(self.resolve(id)).content {
            Content::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The items of a sequence, aliases followed; empty for anything else.
    pub fn items(&self, id: Id) -> &[Id] {
        match &self.node(self.resolve(id)).content {
            Content::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    /// The value under a key: the last one that is written, else the first one merged.
    pub fn get(&self, id: Id, key: &str) -> Option<Id> {
        let written = self.entries(id).iter().rev().find(|entry| self.scalar(entry.key) == Some(key));
        if let Some(entry) = written {
            return Some(entry.value);
        }
        self.merged(id).into_iter().find(|found| self.scalar(found.entry.key) == Some(key)).map(|found| found.entry.value)
    }

    /// Whether an entry is a merge key: a plain `<<` (or one tagged so).
    pub fn is_merge(&self, entry: Entry) -> bool {
        let key = self.node(entry.key);
        match &key.content {
            Content::Scalar { value, style: Style::Plain } => value == "<<" && key.tag.as_deref().is_none_or(|tag| tag.ends_with(":merge")),
            _ => false,
        }
    }

    /// The entries of a mapping after merging: those written, in order and with equal keys kept, then those that `<<` adds. What is written
    /// wins over what is merged, the earlier of two merged mappings over the later. Merging stops at mappings that merge themselves and at
    /// [`plimsoll_formats::MAX_NODES`] entries.
    pub fn merged(&self, id: Id) -> Vec<Merged> {
        let entries = self.entries(id);
        let mut out: Vec<Merged> =
            entries.iter().filter(|entry| !self.is_merge(**entry)).map(|entry| Merged { entry: *entry, merged: false }).collect();
        if out.len() == entries.len() {
            return out;
        }
        let mut seen: std::collections::HashSet<String> =
            out.iter().filter_map(|found| self.scalar(found.entry.key)).map(str::to_owned).collect();
        let mut visited = std::collections::HashSet::from([self.resolve(id)]);
        self.merge_into(id, &mut seen, &mut visited, &mut out, 0);
        out
    }

    fn merge_into(
        &self,
        id: Id,
        seen: &mut std::collections::HashSet<String>,
        visited: &mut std::collections::HashSet<Id>,
        out: &mut Vec<Merged>,
        depth: u32,
    ) {
        if depth >= plimsoll_formats::MAX_DEPTH {
            return;
        }
        for merge in self.entries(id).iter().filter(|entry| self.is_merge(**entry)) {
            let value = self.resolve(merge.value);
            let sources = match &self.node(value).content {
                Content::Mapping { .. } => std::slice::from_ref(&value),
                Content::Sequence { items, .. } => items,
                _ => &[],
            };
            for source in sources {
                // A mapping that was merged once adds nothing the second time, which also bounds hostile nests of merges.
                if !visited.insert(self.resolve(*source)) {
                    continue;
                }
                for entry in self.entries(*source).iter().filter(|entry| !self.is_merge(**entry)) {
                    if self.scalar(entry.key).is_none_or(|key| seen.insert(key.to_owned())) {
                        out.push(Merged { entry: *entry, merged: true });
                    }
                }
                self.merge_into(*source, seen, visited, out, depth + 1);
            }
        }
    }

    /// Whether `<<` of this mapping merges something that cannot be told (an unknown alias, a swallowed value): the merged mapping is open.
    pub fn merge_is_open(&self, id: Id) -> bool {
        self.entries(id).iter().filter(|entry| self.is_merge(**entry)).any(|entry| {
            let value = self.resolve(entry.value);
            let lost = |id: Id| {
                let node = self.node(self.resolve(id));
                node.open || matches!(node.content, Content::Alias { target: None } | Content::Broken)
            };
            lost(value) || self.items(value).iter().any(|item| lost(*item))
        })
    }
}
