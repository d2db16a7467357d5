//! Reading a document without allocating.

use crate::layout::{Flags, Kind, LAYOUT_VERSION, NONE, Role, STRIDE, column, header};
use crate::{OriginEntry, Span, Symbol};

/// Why words and bytes are not a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Malformed {
    /// The words end early, or a count does not fit them.
    Truncated,
    /// Another layout version than [`LAYOUT_VERSION`].
    Version(u32),
    /// A node links outside the table, against the order, or has an unknown kind.
    Node(u32),
    /// A text range is outside the bytes or cuts a character.
    Text(u32),
}

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Truncated => f.write_str("document table ends early"),
            Self::Version(found) => write!(f, "document layout version {found}, this reader knows {LAYOUT_VERSION}"),
            Self::Node(at) => write!(f, "node {at} of the document table is malformed"),
            Self::Text(at) => write!(f, "node {at} of the document table has text outside the bytes"),
        }
    }
}

impl core::error::Error for Malformed {}

/// A borrowed document.
#[derive(Clone, Copy)]
pub struct Doc<'a> {
    words: &'a [u32],
    bytes: &'a [u8],
    nodes: &'a [u32],
    stride: usize,
    count: u32,
}

impl<'a> Doc<'a> {
    /// Checks and wraps a table from elsewhere.
    pub fn new(words: &'a [u32], bytes: &'a [u8]) -> Result<Self, Malformed> {
        if words.len() < header::SOURCES {
            return Err(Malformed::Truncated);
        }
        if words[header::VERSION] != LAYOUT_VERSION {
            return Err(Malformed::Version(words[header::VERSION]));
        }
        let stride = words[header::STRIDE] as usize;
        let count = words[header::NODE_COUNT] as usize;
        let first = words[header::FIRST_NODE] as usize;
        let sources_end = header::SOURCES.checked_add((words[header::SOURCE_COUNT] as usize).saturating_mul(2));
        let fits = stride > column::ORIGIN
            && count > 0
            && sources_end.is_some_and(|end| end <= first)
            && count.checked_mul(stride).and_then(|len| first.checked_add(len)).is_some_and(|end| end <= words.len());
        if !fits {
            return Err(Malformed::Truncated);
        }
        let doc = Self::trusted(words, bytes);
        for source in 0..doc.source_count() {
            let (start, len) = doc.source_range(source);
            if (start as usize).checked_add(len as usize).is_none_or(|end| end > bytes.len()) {
                return Err(Malformed::Truncated);
            }
        }
        for index in 0..doc.count {
            doc.check(index)?;
        }
        Ok(doc)
    }

    /// Wraps a table that the host or [`crate::Builder`] wrote.
    pub fn trusted(words: &'a [u32], bytes: &'a [u8]) -> Self {
        let stride = words[header::STRIDE] as usize;
        let count = words[header::NODE_COUNT];
        let first = words[header::FIRST_NODE] as usize;
        Self { words, bytes, nodes: &words[first..first + count as usize * stride], stride, count }
    }

    /// Wraps the nodes of a document that is still being written: without sources, and with an origin table that reads as empty.
    pub(crate) fn unfinished(nodes: &'a [u32], bytes: &'a [u8], count: u32) -> Self {
        Self { words: &[0; header::SOURCES], bytes, nodes, stride: STRIDE as usize, count }
    }

    fn check(self, index: u32) -> Result<(), Malformed> {
        let node = Node { doc: self, index };
        let kind = Kind::from_word(node.word(column::KIND_FLAGS)).ok_or(Malformed::Node(index))?;
        let parent = node.word(column::PARENT);
        let linked = |to: u32| to == NONE || (to < self.count && to > index);
        // Children and later siblings come after a node and parents before it, so walks end.
        let parent_ok = if index == 0 { parent == NONE } else { parent < index };
        if !parent_ok || !linked(node.word(column::NEXT)) || !linked(node.word(column::FIRST_CHILD)) {
            return Err(Malformed::Node(index));
        }
        if kind == Kind::Ref && node.word(column::VALUE_A) >= self.count {
            return Err(Malformed::Node(index));
        }
        let text_ok = |at: u32, len: u32| {
            self.bytes.get(at as usize..(at as usize).saturating_add(len as usize)).is_some_and(|text| core::str::from_utf8(text).is_ok())
        };
        if matches!(kind, Kind::String | Kind::Unknown) && !text_ok(node.word(column::VALUE_A), node.word(column::VALUE_B)) {
            return Err(Malformed::Text(index));
        }
        if node.word(column::KEY_LEN) > 0 && !text_ok(node.word(column::KEY_TEXT), node.word(column::KEY_LEN)) {
            return Err(Malformed::Text(index));
        }
        Ok(())
    }

    /// The root node.
    pub const fn root(self) -> Node<'a> {
        Node { doc: self, index: 0 }
    }

    /// Node number `index`, if there is one.
    pub fn node(self, index: u32) -> Option<Node<'a>> {
        (index < self.count).then_some(Node { doc: self, index })
    }

    /// Number of nodes.
    pub const fn node_count(self) -> u32 {
        self.count
    }

    /// Number of sources.
    pub fn source_count(self) -> u32 {
        self.words[header::SOURCE_COUNT]
    }

    fn source_range(self, source: u32) -> (u32, u32) {
        let at = header::SOURCES + 2 * source as usize;
        (self.words[at], self.words[at + 1])
    }

    /// The text of a source; empty for one that is not the document's own.
    pub fn source_text(self, source: u32) -> &'a str {
        if source >= self.source_count() {
            return "";
        }
        let (start, len) = self.source_range(source);
        self.text(start, len)
    }

    /// The text at a span; empty where the span is outside its source.
    pub fn slice(self, span: Span) -> &'a str {
        self.source_text(span.source).get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn text(self, at: u32, len: u32) -> &'a str {
        self.bytes.get(at as usize..at as usize + len as usize).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl core::fmt::Debug for Doc<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Doc({} nodes)", self.count)
    }
}

/// What stands under a key.
#[derive(Clone, Copy, Debug)]
pub enum Lookup<'a> {
    /// This node; it may itself be of kind unknown.
    Present(Node<'a>),
    /// The key is certainly not there.
    Absent,
    /// It cannot be told: the map is open, or is itself unknown (the node that is).
    Unknown(Node<'a>),
}

impl<'a> Lookup<'a> {
    /// The node, where it is present and not unknown.
    pub fn known(self) -> Option<Node<'a>> {
        match self {
            Self::Present(node) if node.kind() != Kind::Unknown => Some(node),
            _ => None,
        }
    }

    /// Whether the key is certainly absent.
    pub const fn is_absent(self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether nothing can be told: an open map without the key, or an unknown value.
    pub fn is_unknown(self) -> bool {
        match self {
            Self::Present(node) => node.kind() == Kind::Unknown,
            Self::Absent => false,
            Self::Unknown(_) => true,
        }
    }
}

/// One value of a document. Reading a ref reads what it refers to, so kinds, values and children never show a ref; [`Node::is_ref`] does.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    doc: Doc<'a>,
    index: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && core::ptr::eq(self.doc.nodes, other.doc.nodes)
    }
}

impl Eq for Node<'_> {}

impl core::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Node({} {:?}", self.index, self.own_kind())?;
        if !self.key().is_empty() {
            write!(f, " {:?}", self.key())?;
        }
        if let Some(text) = self.as_str() {
            write!(f, " = {text:?}")?;
        }
        f.write_str(")")
    }
}

impl<'a> Node<'a> {
    fn word(self, column: usize) -> u32 {
        self.doc.nodes[self.index as usize * self.doc.stride + column]
    }

    fn at(self, index: u32) -> Option<Self> {
        (index != NONE).then_some(Self { doc: self.doc, index })
    }

    fn own_kind(self) -> Kind {
        Kind::from_word(self.word(column::KIND_FLAGS)).unwrap_or(Kind::Unknown)
    }

    /// The document it belongs to.
    pub const fn doc(self) -> Doc<'a> {
        self.doc
    }

    /// Its number, as findings and ops name it.
    pub const fn index(self) -> u32 {
        self.index
    }

    /// Whether this node is a fact that refers to another node.
    pub fn is_ref(self) -> bool {
        self.own_kind() == Kind::Ref
    }

    /// The node that holds the value: itself, or what it refers to (refs to refs are followed, a ring ends where it began).
    #[must_use]
    pub fn target(self) -> Self {
        let mut node = self;
        for _ in 0..8 {
            if node.own_kind() != Kind::Ref {
                return node;
            }
            node = Self { doc: self.doc, index: node.word(column::VALUE_A) };
        }
        node
    }

    /// What a finding given this node means: what a ref refers to, or the `subject` of a fact, or the node itself.
    #[must_use]
    pub fn subject(self) -> Self {
        let node = self.target();
        if node.own_kind() == Kind::Map
            && let Some(subject) =
                node.children().find(|child| child.word(column::KEY_SYMBOL) == crate::schema::key::SUBJECT.0 && child.is_ref())
        {
            return subject.target();
        }
        node
    }

    /// Kind of the value.
    pub fn kind(self) -> Kind {
        self.target().own_kind()
    }

    /// Flags of the value.
    pub fn flags(self) -> Flags {
        Flags(self.target().word(column::KIND_FLAGS) >> 8)
    }

    /// The node this one is an entry or item of.
    pub fn parent(self) -> Option<Self> {
        self.at(self.word(column::PARENT))
    }

    /// The next entry or item after this one.
    pub fn next(self) -> Option<Self> {
        self.at(self.word(column::NEXT))
    }

    /// Entries or items, in order.
    pub fn children(self) -> Children<'a> {
        let node = self.target();
        Children { next: node.at(node.word(column::FIRST_CHILD)), left: node.word(column::CHILD_COUNT) }
    }

    /// Number of entries or items that are shown (an open one may hold more).
    pub fn len(self) -> u32 {
        self.target().word(column::CHILD_COUNT)
    }

    /// Whether no entry or item is shown.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The key's symbol.
    pub fn key_symbol(self) -> Symbol {
        Symbol(self.word(column::KEY_SYMBOL))
    }

    /// The key's decoded text; empty for items and the root.
    pub fn key(self) -> &'a str {
        self.doc.text(self.word(column::KEY_TEXT), self.word(column::KEY_LEN))
    }

    /// Where the key is written, if it is.
    pub fn key_span(self) -> Option<Span> {
        let source = self.word(column::KEY_SOURCE);
        (source != NONE).then(|| Span::new(source, self.word(column::KEY_START), self.word(column::KEY_END)))
    }

    /// The site: where this value is written.
    pub fn span(self) -> Span {
        let node = self.target();
        Span::new(node.word(column::SOURCE), node.word(column::START), node.word(column::END))
    }

    /// The text at the site, as written.
    pub fn source_text(self) -> &'a str {
        self.doc.slice(self.span())
    }

    /// The places that took part in the value, the deciding one first.
    pub fn origin(self) -> impl Iterator<Item = OriginEntry> + 'a {
        let words = self.doc.words;
        let at = self.target().word(column::ORIGIN) as usize;
        let count = if at == 0 { 0 } else { words.get(at).copied().unwrap_or(0) as usize };
        // No table holds more than it is long, whatever it says.
        (0..count.min(words.len())).filter_map(move |entry| {
            let at = at + 1 + entry * 4;
            let [role, source, start, end] = *words.get(at..at + 4)?.first_chunk::<4>()?;
            Some(OriginEntry { role: Role::from_word(role)?, at: Span::new(source, start, end) })
        })
    }

    /// The value of a bool.
    pub fn as_bool(self) -> Option<bool> {
        let node = self.target();
        (node.own_kind() == Kind::Bool).then(|| node.word(column::VALUE_A) != 0)
    }

    /// The value of a number.
    pub fn as_f64(self) -> Option<f64> {
        let node = self.target();
        (node.own_kind() == Kind::Number)
            .then(|| f64::from_bits(u64::from(node.word(column::VALUE_A)) | (u64::from(node.word(column::VALUE_B)) << 32)))
    }

    /// The value of a string.
    pub fn as_str(self) -> Option<&'a str> {
        let node = self.target();
        (node.own_kind() == Kind::String).then(|| self.doc.text(node.word(column::VALUE_A), node.word(column::VALUE_B)))
    }

    /// Why the value cannot be told.
    pub fn cause(self) -> Option<&'a str> {
        let node = self.target();
        (node.own_kind() == Kind::Unknown).then(|| self.doc.text(node.word(column::VALUE_A), node.word(column::VALUE_B)))
    }

    /// The entry under a schema key. Of an entry that is written twice, the last counts, as in every format we read.
    pub fn get(self, key: Symbol) -> Lookup<'a> {
        self.find(|_, row| row[column::KEY_SYMBOL] == key.0)
    }

    /// The entry under any key.
    pub fn get_text(self, key: &str) -> Lookup<'a> {
        // The length first: reading a key checks its UTF-8, which a long map would pay for every entry.
        self.find(|doc, row| row[column::KEY_LEN] as usize == key.len() && doc.text(row[column::KEY_TEXT], row[column::KEY_LEN]) == key)
    }

    /// The last entry whose columns fit. Rules spend most of their time here, so it walks the table's rows and makes one node.
    fn find(self, is: impl Fn(Doc<'a>, &[u32; column::ORIGIN + 1]) -> bool) -> Lookup<'a> {
        let node = self.target();
        match node.own_kind() {
            Kind::Map => {}
            Kind::Unknown => return Lookup::Unknown(node),
            _ => return Lookup::Absent,
        }
        let (mut at, mut found) = (node.word(column::FIRST_CHILD), NONE);
        // The count bounds the walk even where a hostile table links siblings in a ring.
        for _ in 0..node.word(column::CHILD_COUNT) {
            if at == NONE {
                break;
            }
            let start = at as usize * node.doc.stride;
            let Some(row) = node.doc.nodes.get(start..).and_then(<[u32]>::first_chunk) else { break };
            if is(node.doc, row) {
                found = at;
            }
            at = row[column::NEXT];
        }
        match node.at(found) {
            Some(child) => Lookup::Present(child),
            None if Flags(node.word(column::KIND_FLAGS) >> 8).has(Flags::OPEN) => Lookup::Unknown(node),
            None => Lookup::Absent,
        }
    }
}

/// Iterator over entries or items.
#[derive(Clone)]
pub struct Children<'a> {
    next: Option<Node<'a>>,
    left: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        // The count bounds the walk even where a hostile table links siblings in a ring.
        self.left = self.left.checked_sub(1)?;
        let node = self.next?;
        self.next = node.next();
        Some(node)
    }
}
