//! Writing a document.

use crate::layout::{Flags, Kind, LAYOUT_VERSION, NONE, Role, STRIDE, column, header};
use crate::schema::KEYS;
use crate::{Doc, KeyTable, Span, Symbol, Table};
use core::ops::Range;
use std::sync::Arc;

/// Entries of a map up to which a key that may stand twice is looked for among them.
const SMALL: u32 = 64;

/// Bytes of text up to which room is made for the nodes ahead.
const LARGE: usize = 1 << 16;

/// A file that a document's spans touch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Path relative to the project root, `/`-separated.
    pub uri: String,
    /// Bytes of its text; 0 for a file that is not the document's own and comes without text.
    pub length: u32,
    /// The text of the file, where the document holds a part of it.
    pub whole: Option<Arc<str>>,
}

/// A finished document: what [`Doc`] reads and what the plugin ABI carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// `docker`, `compose`, `kubernetes` or `terraform`.
    pub target: &'static str,
    /// Every file that spans touch.
    pub sources: Vec<Source>,
    /// What it says.
    pub table: Table,
}

impl Document {
    /// The reader.
    pub const fn doc(&self) -> Doc<'_> {
        self.table.doc()
    }

    /// The whole text of a source's file, of which the document may hold a part; empty for one that is not the document's own.
    pub fn source_text(&self, source: u32) -> &str {
        match self.sources.get(source as usize).and_then(|source| source.whole.as_deref()) {
            Some(whole) => whole,
            None => self.doc().source_text(source),
        }
    }

    /// Bytes that its table takes.
    pub fn size(&self) -> usize {
        self.table.text().len() + size_of_val(self.table.words())
    }
}

/// A node of the document being written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What a map entry is called, and where that is written (`None`: nowhere, as for facts).
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// Decoded text.
    pub text: &'a str,
    /// Where the key is written.
    pub span: Option<Span>,
    /// Its symbol, if it need not be looked up.
    symbol: Option<Symbol>,
}

impl<'a> Key<'a> {
    /// A key that is written at `span`.
    pub const fn at(text: &'a str, span: Span) -> Self {
        Self { text, span: Some(span), symbol: None }
    }

    /// A key that is not written anywhere (a fact, or a field the host worked out).
    pub const fn fact(text: &'a str) -> Self {
        Self { text, span: None, symbol: None }
    }

    /// As [`Self::fact`], of a key of the schema.
    ///
    /// # Panics
    /// When the symbol is none of the schema's.
    pub const fn of(symbol: Symbol) -> Self {
        Self { text: KEYS[symbol.0 as usize - 1], span: None, symbol: Some(symbol) }
    }
}

/// The value of a node to be written.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Null.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Decoded text. Text that stands verbatim at the site is not stored twice.
    String(&'a str),
    /// A list; items are added with [`Builder::item`].
    List,
    /// A map; entries are added with [`Builder::entry`].
    Map,
    /// Another node of this document.
    Ref(NodeId),
    /// A value that cannot be told, with the cause as a lowercase fragment (`ARG VERSION has no default`).
    Unknown(&'a str),
}

impl Value<'_> {
    const fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Bool,
            Self::Number(_) => Kind::Number,
            Self::String(_) => Kind::String,
            Self::List => Kind::List,
            Self::Map => Kind::Map,
            Self::Ref(_) => Kind::Ref,
            Self::Unknown(_) => Kind::Unknown,
        }
    }
}

/// One place that took part in a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OriginEntry {
    /// What part it had.
    pub role: Role,
    /// Where it is.
    pub at: Span,
}

/// An entry of the origin table; many nodes may share one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Origin(u32);

/// What is needed to add to a list or map.
#[derive(Clone, Copy)]
struct End {
    last_child: u32,
    /// One bit for each symbol of its keys, modulo 64: most that are new are seen to be by this.
    keys_seen: u64,
}

/// Writes one document. Entries and items may be added to any list or map in any order; siblings keep the order of the calls.
pub struct Builder<'s> {
    target: &'static str,
    keys: &'s KeyTable,
    sources: Vec<Source>,
    source_starts: Vec<u32>,
    texts_end: usize,
    table: Table,
    /// Per node.
    ends: Vec<End>,
    origins: Vec<u32>,
    /// Per symbol, where the text of a key that is not written anywhere was put; 0 for nowhere yet.
    key_texts: Vec<u32>,
}

impl<'s> Builder<'s> {
    /// Starts a document of `target`. All sources are added before the first node.
    pub fn new(target: &'static str, keys: &'s KeyTable) -> Self {
        Self {
            target,
            keys,
            sources: vec![],
            source_starts: vec![],
            texts_end: 0,
            table: Table::unfinished(),
            ends: vec![],
            origins: vec![],
            key_texts: vec![],
        }
    }

    /// Adds a file of the document's own, with its text. Returns its index.
    ///
    /// # Panics
    /// When a node was written already.
    pub fn source(&mut self, uri: &str, text: &str) -> u32 {
        let start = self.table.text().len() as u32;
        self.push_source(uri, text, start, None)
    }

    /// Adds the one file that this document is a part of, by the part that its spans touch. It is source 0.
    ///
    /// # Panics
    /// When there is a source already, or the part is none of the file.
    pub fn part(&mut self, uri: &str, file: &Arc<str>, part: Range<usize>) {
        assert!(self.sources.is_empty(), "a document is a part of one file");
        self.push_source(uri, &file[part.clone()], (part.start as u32).wrapping_neg(), Some(Arc::clone(file)));
    }

    fn push_source(&mut self, uri: &str, text: &str, start: u32, whole: Option<Arc<str>>) -> u32 {
        assert!(self.node_count() == 0, "sources come before nodes");
        self.source_starts.push(start);
        let length = whole.as_ref().map_or(text.len(), |whole| whole.len()) as u32;
        self.sources.push(Source { uri: uri.to_owned(), length, whole });
        self.table.parts().1.push_str(text);
        self.texts_end = self.table.text().len();
        self.sources.len() as u32 - 1
    }

    /// Adds a file that is not the document's own (a call site, a tfvars file): spans may name it, its text stays out.
    ///
    /// # Panics
    /// When a node was written already.
    pub fn foreign_source(&mut self, uri: &str) -> u32 {
        self.source(uri, "")
    }

    /// Adds an origin: the places that took part in a value, the deciding one first.
    pub fn origin(&mut self, entries: &[OriginEntry]) -> Origin {
        if entries.is_empty() {
            return Origin(0);
        }
        let at = self.origins.len() as u32 + 1;
        self.origins.push(entries.len() as u32);
        for entry in entries {
            self.origins.extend([entry.role as u32, entry.at.source, entry.at.start, entry.at.end]);
        }
        Origin(at)
    }

    /// Writes the root. It is node 0, so this comes first.
    ///
    /// # Panics
    /// When there is a root already.
    pub fn root(&mut self, value: Value<'_>, site: Span) -> NodeId {
        assert!(self.node_count() == 0, "a document has one root");
        // A node for every four to eight bytes of text is usual; growing in steps would copy what is there several times.
        let nodes = self.texts_end.min(LARGE) / 4;
        self.table.parts().0.reserve(nodes * STRIDE as usize);
        self.ends.reserve(nodes);
        self.push(NONE, None, value, site)
    }

    /// Adds an entry to a map.
    pub fn entry(&mut self, map: NodeId, key: Key<'_>, value: Value<'_>, site: Span) -> NodeId {
        self.push(map.0, Some(key), value, site)
    }

    /// Adds an item to a list.
    pub fn item(&mut self, list: NodeId, value: Value<'_>, site: Span) -> NodeId {
        self.push(list.0, None, value, site)
    }

    /// Adds flags to a node.
    pub fn flag(&mut self, node: NodeId, flags: Flags) {
        let word = self.column(node, column::KIND_FLAGS);
        *word |= flags.0 << 8;
    }

    /// Says where a node's value came from.
    pub fn set_origin(&mut self, node: NodeId, origin: Origin) {
        *self.column(node, column::ORIGIN) = origin.0;
    }

    /// Moves a node's site, for containers whose end is known only after their children.
    pub fn set_site(&mut self, node: NodeId, site: Span) {
        *self.column(node, column::SOURCE) = site.source;
        *self.column(node, column::START) = site.start;
        *self.column(node, column::END) = site.end;
    }

    /// Replaces a node's value; a list or map that already has children must stay one.
    pub fn set_value(&mut self, node: NodeId, value: Value<'_>) {
        let site = Span::new(*self.column(node, column::SOURCE), *self.column(node, column::START), *self.column(node, column::END));
        let (a, b) = self.value_words(value, site);
        let kind = self.column(node, column::KIND_FLAGS);
        let stays_map = *kind & 0xff == Kind::Map as u32 && value.kind() == Kind::Map;
        *kind = *kind & !0xff | value.kind() as u32;
        if stays_map {
            return;
        }
        *self.column(node, column::VALUE_A) = a;
        *self.column(node, column::VALUE_B) = b;
    }

    /// Number of nodes so far.
    pub const fn node_count(&self) -> u32 {
        self.table.count()
    }

    /// Bytes of text so far that stand nowhere in the sources as they are: decoded, expanded, worked out.
    pub fn decoded(&self) -> usize {
        self.table.text().len() - self.texts_end
    }

    /// The text of an own source, to slice spans from.
    pub fn text(&self, source: u32) -> &str {
        if let Some(whole) = &self.sources[source as usize].whole {
            return whole;
        }
        let start = self.source_starts[source as usize] as usize;
        let end = start + self.sources[source as usize].length as usize;
        &self.table.text()[start..end]
    }

    /// What is written so far, to look nodes up in. Sources and origins are not shown yet.
    pub const fn doc(&self) -> Doc<'_> {
        self.table.doc()
    }

    /// Finishes the document.
    ///
    /// # Panics
    /// When no root was written.
    pub fn finish(mut self) -> Document {
        assert!(self.node_count() > 0, "a document has a root");
        let count = self.node_count();
        let (mut nodes, text) = self.table.into_parts();
        let first_node = header::SOURCES + 2 * self.sources.len();
        let first_origin = first_node + nodes.len();
        let mut words = Vec::with_capacity(first_origin + self.origins.len());
        words.extend([LAYOUT_VERSION, STRIDE, count, first_node as u32, first_origin as u32, self.sources.len() as u32]);
        for (source, start) in self.sources.iter().zip(&self.source_starts) {
            // Of a part the text reaches from the start of the file to the part's end.
            let end = if source.whole.is_some() { (self.texts_end as u32).wrapping_sub(*start) } else { source.length };
            words.extend([*start, end]);
        }
        for at in (0..nodes.len()).step_by(STRIDE as usize) {
            let origin = &mut nodes[at + column::ORIGIN];
            if *origin != 0 {
                *origin += first_origin as u32 - 1;
            }
        }
        words.append(&mut nodes);
        words.append(&mut self.origins);
        Document { target: self.target, sources: self.sources, table: Table::trusted(words, text) }
    }

    fn column(&mut self, node: NodeId, column: usize) -> &mut u32 {
        &mut self.table.parts().0[node.0 as usize * STRIDE as usize + column]
    }

    fn push(&mut self, parent: u32, key: Option<Key<'_>>, value: Value<'_>, site: Span) -> NodeId {
        let index = self.node_count();
        let (a, b) = self.value_words(value, site);
        let mut key_words = [0, 0, 0, NONE, 0, 0];
        if let Some(key) = key {
            let symbol = key.symbol.unwrap_or_else(|| self.keys.symbol(key.text));
            if symbol != Symbol::OTHER {
                let bit = 1 << (symbol.0 % 64);
                if self.ends[parent as usize].keys_seen & bit != 0 && !self.is_new(parent, symbol) {
                    *self.column(NodeId(parent), column::VALUE_A) = 0;
                }
                self.ends[parent as usize].keys_seen |= bit;
            }
            let (text, len) = self.place_key(key, symbol);
            let at = key.span.unwrap_or(Span::new(NONE, 0, 0));
            key_words = [symbol.0, text, len, at.source, at.start, at.end];
        }
        let (nodes, _, count) = self.table.parts();
        let [symbol, text, length, source, start, end] = key_words;
        let kind = value.kind() as u32;
        let row: [u32; STRIDE as usize] =
            [kind, parent, NONE, NONE, 0, symbol, text, length, source, start, end, a, b, site.source, site.start, site.end, 0];
        nodes.extend_from_slice(&row);
        *count += 1;
        self.ends.push(End { last_child: NONE, keys_seen: 0 });
        if parent != NONE {
            let last = core::mem::replace(&mut self.ends[parent as usize].last_child, index);
            if last == NONE {
                *self.column(NodeId(parent), column::FIRST_CHILD) = index;
            } else {
                *self.column(NodeId(last), column::NEXT) = index;
            }
            *self.column(NodeId(parent), column::CHILD_COUNT) += 1;
        }
        NodeId(index)
    }

    /// Whether no entry of a map has this key so far; of a large map, which nobody would look through for each, that is not said.
    fn is_new(&mut self, map: u32, symbol: Symbol) -> bool {
        let map = NodeId(map);
        if *self.column(map, column::VALUE_A) == 0 || *self.column(map, column::CHILD_COUNT) > SMALL {
            return false;
        }
        let mut entry = *self.column(map, column::FIRST_CHILD);
        while entry != NONE {
            if *self.column(NodeId(entry), column::KEY_SYMBOL) == symbol.0 {
                return false;
            }
            entry = *self.column(NodeId(entry), column::NEXT);
        }
        true
    }

    fn value_words(&mut self, value: Value<'_>, site: Span) -> (u32, u32) {
        match value {
            Value::Null | Value::List => (0, 0),
            Value::Map => (1, 0),
            Value::Bool(value) => (u32::from(value), 0),
            Value::Number(value) => {
                let bits = value.to_bits();
                (bits as u32, (bits >> 32) as u32)
            }
            Value::Ref(node) => (node.0, 0),
            Value::String(text) => self.place(text, Some(site)),
            Value::Unknown(cause) => self.place(cause, None),
        }
    }

    /// Where a key's text lies. A key of the schema that is not written anywhere is stored once, not once per node.
    fn place_key(&mut self, key: Key<'_>, symbol: Symbol) -> (u32, u32) {
        if key.span.is_some() || symbol == Symbol::OTHER {
            return self.place(key.text, key.span);
        }
        let slot = symbol.0 as usize;
        if self.key_texts.len() <= slot {
            self.key_texts.resize(slot + 1, 0);
        }
        if self.key_texts[slot] == 0 {
            self.key_texts[slot] = self.place(key.text, None).0 + 1;
        }
        (self.key_texts[slot] - 1, key.text.len() as u32)
    }

    /// Where `text` lies in the bytes: at its site if it stands there verbatim (or inside quotes), else appended.
    fn place(&mut self, text: &str, site: Option<Span>) -> (u32, u32) {
        let len = text.len() as u32;
        if let Some(site) = site
            && let (Some(start), Some(source)) = (self.source_starts.get(site.source as usize), self.sources.get(site.source as usize))
            && site.end <= source.length
        {
            for skip in 0..2 {
                let at = start.wrapping_add(site.start) as usize + skip;
                if site.start + skip as u32 + len <= site.end
                    && self.table.text().as_bytes().get(at..at + text.len()) == Some(text.as_bytes())
                {
                    return (at as u32, len);
                }
            }
        }
        if text.is_empty() {
            return (self.texts_end as u32, 0);
        }
        let at = self.table.text().len() as u32;
        self.table.parts().1.push_str(text);
        (at, len)
    }
}
