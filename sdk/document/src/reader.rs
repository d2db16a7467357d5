//! Reading a document without allocating.

use crate::layout::{Flags, Kind, LAYOUT_VERSION, NONE, Role, STRIDE, column, header};
use crate::{OriginEntry, Span, Symbol};

/// The words of one node that this version knows.
type Row = [u32; STRIDE as usize];

/// A node of a table that has none: null, and nowhere.
static NOTHING: Row = [0, NONE, NONE, NONE, 0, 0, 0, 0, NONE, 0, 0, 0, 0, NONE, 0, 0, 0];

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
    /// The bytes are not UTF-8.
    Encoding,
}

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Truncated => f.write_str("document table ends early"),
            Self::Version(found) => write!(f, "document layout version {found}, this reader knows {LAYOUT_VERSION}"),
            Self::Node(at) => write!(f, "node {at} of the document table is malformed"),
            Self::Text(at) => write!(f, "node {at} of the document table has text outside the bytes"),
            Self::Encoding => f.write_str("text of the document table is not UTF-8"),
        }
    }
}

impl core::error::Error for Malformed {}

/// The words and the text of a document, to be read through a [`Doc`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    words: Vec<u32>,
    text: String,
    /// The word that the first node begins at.
    first: usize,
    stride: usize,
    count: u32,
    sources: u32,
    /// Whether the origin table is there: not while the document is being written.
    finished: bool,
}

impl Table {
    /// Checks and wraps a table from elsewhere.
    pub fn new(words: Vec<u32>, bytes: Vec<u8>) -> Result<Self, Malformed> {
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
        let text = String::from_utf8(bytes).map_err(|_| Malformed::Encoding)?;
        let table = Self::trusted(words, text);
        let doc = table.doc();
        for source in 0..doc.source_count() {
            let (text, _, end) = doc.source_range(source);
            let (wrapped, whole) = (text.wrapping_add(end), text.cast_signed() >= 0);
            if wrapped as usize > table.text.len() || (whole && wrapped < text) {
                return Err(Malformed::Truncated);
            }
        }
        for index in 0..table.count {
            doc.check(index)?;
        }
        Ok(table)
    }

    /// Wraps a table that the host or [`crate::Builder`] wrote.
    ///
    /// # Panics
    /// When the words end before the header does.
    pub fn trusted(words: Vec<u32>, text: String) -> Self {
        let (first, stride) = (words[header::FIRST_NODE] as usize, words[header::STRIDE] as usize);
        let (count, sources) = (words[header::NODE_COUNT], words[header::SOURCE_COUNT]);
        Self { words, text, first, stride, count, sources, finished: true }
    }

    /// The table of a document that is still being written: nodes alone, without sources and origins.
    pub(crate) const fn unfinished() -> Self {
        Self { words: vec![], text: String::new(), first: 0, stride: STRIDE as usize, count: 0, sources: 0, finished: false }
    }

    /// The reader.
    pub const fn doc(&self) -> Doc<'_> {
        Doc { table: self }
    }

    /// The words.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// The sources' texts one after the other, then the decoded scalars.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) const fn count(&self) -> u32 {
        self.count
    }

    /// The words of node `index`.
    #[inline]
    fn row(&self, index: u32) -> Option<&Row> {
        if index >= self.count {
            return None;
        }
        // A table that lies about its size has no such words.
        self.words.get(self.first.wrapping_add((index as usize).wrapping_mul(self.stride))..)?.first_chunk()
    }

    /// What a document that is being written adds to: its nodes, its text, and the number of nodes.
    pub(crate) const fn parts(&mut self) -> (&mut Vec<u32>, &mut String, &mut u32) {
        (&mut self.words, &mut self.text, &mut self.count)
    }

    /// The words and the text.
    pub fn into_parts(self) -> (Vec<u32>, String) {
        (self.words, self.text)
    }
}

/// A borrowed document.
#[derive(Clone, Copy)]
pub struct Doc<'a> {
    table: &'a Table,
}

impl<'a> Doc<'a> {
    fn check(self, index: u32) -> Result<(), Malformed> {
        let node = self.node(index).ok_or(Malformed::Node(index))?;
        let kind = Kind::from_word(node.word(column::KIND_FLAGS)).ok_or(Malformed::Node(index))?;
        let parent = node.word(column::PARENT);
        let linked = |to: u32| to == NONE || (to < self.table.count && to > index);
        // Children and later siblings come after a node and parents before it, so walks end.
        let parent_ok = if index == 0 { parent == NONE } else { parent < index };
        if !parent_ok || !linked(node.word(column::NEXT)) || !linked(node.word(column::FIRST_CHILD)) {
            return Err(Malformed::Node(index));
        }
        if kind == Kind::Ref && node.word(column::VALUE_A) >= self.table.count {
            return Err(Malformed::Node(index));
        }
        let text_ok = |at: u32, len: u32| self.table.text.get(at as usize..(at as usize).saturating_add(len as usize)).is_some();
        if matches!(kind, Kind::String | Kind::Unknown) && !text_ok(node.word(column::VALUE_A), node.word(column::VALUE_B)) {
            return Err(Malformed::Text(index));
        }
        if node.word(column::KEY_LEN) > 0 && !text_ok(node.word(column::KEY_TEXT), node.word(column::KEY_LEN)) {
            return Err(Malformed::Text(index));
        }
        Ok(())
    }

    /// The root node.
    pub fn root(self) -> Node<'a> {
        Node { table: self.table, row: self.table.row(0).unwrap_or(&NOTHING) }
    }

    /// Node number `index`, if there is one.
    #[inline]
    pub fn node(self, index: u32) -> Option<Node<'a>> {
        Some(Node { table: self.table, row: self.table.row(index)? })
    }

    /// Number of nodes.
    pub const fn node_count(self) -> u32 {
        self.table.count
    }

    /// Number of sources.
    pub const fn source_count(self) -> u32 {
        self.table.sources
    }

    /// Where in the text the source's file starts, modulo 2^32, and the first byte of the file that is here and the one past the last.
    fn source_range(self, source: u32) -> (u32, u32, u32) {
        let at = header::SOURCES + 2 * source as usize;
        let (text, end) = (self.table.words[at], self.table.words[at + 1]);
        let first = if text.cast_signed() >= 0 { 0 } else { text.wrapping_neg() };
        (text, first, end)
    }

    /// Bytes of a source's text that are here; 0 for one that is not the document's own.
    pub fn source_length(self, source: u32) -> u32 {
        if source >= self.source_count() {
            return 0;
        }
        let (_, first, end) = self.source_range(source);
        end.saturating_sub(first)
    }

    /// The text of a source, as far as it is here: a document that is one part of a file has that part. Empty for a source that is not the
    /// document's own.
    pub fn source_text(self, source: u32) -> &'a str {
        if source >= self.source_count() {
            return "";
        }
        let (text, first, _) = self.source_range(source);
        self.text(text.wrapping_add(first), self.source_length(source))
    }

    /// The text at a span; empty where the span is outside its source.
    pub fn slice(self, span: Span) -> &'a str {
        if span.source >= self.source_count() {
            return "";
        }
        let (text, first, end) = self.source_range(span.source);
        if span.start > span.end || span.start < first || span.end > end {
            return "";
        }
        // Only the slice is checked to be text: one that cuts a character is none.
        self.text(text.wrapping_add(span.start), span.end - span.start)
    }

    #[inline]
    fn text(self, at: u32, len: u32) -> &'a str {
        self.table.text.get(at as usize..(at as usize).saturating_add(len as usize)).unwrap_or_default()
    }
}

impl core::fmt::Debug for Doc<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Doc({} nodes)", self.table.count)
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
    table: &'a Table,
    /// Its words: rules spend most of their time reading them, so they are looked for once.
    row: &'a Row,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self.row, other.row)
    }
}

impl Eq for Node<'_> {}

impl core::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Node({} {:?}", self.index(), self.own_kind())?;
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
    #[inline]
    const fn word(self, column: usize) -> u32 {
        self.row[column]
    }

    #[inline]
    fn at(self, index: u32) -> Option<Self> {
        self.doc().node(index)
    }

    #[inline]
    fn own_kind(self) -> Kind {
        Kind::from_word(self.word(column::KIND_FLAGS)).unwrap_or(Kind::Unknown)
    }

    /// The document it belongs to.
    pub const fn doc(self) -> Doc<'a> {
        Doc { table: self.table }
    }

    /// Its number, as findings and ops name it.
    pub fn index(self) -> u32 {
        let bytes = self.row.as_ptr().addr().saturating_sub(self.table.words.as_ptr().addr());
        let words = (bytes / size_of::<u32>()).saturating_sub(self.table.first);
        words.checked_div(self.table.stride).unwrap_or(0) as u32
    }

    /// Whether this node is a fact that refers to another node.
    pub fn is_ref(self) -> bool {
        self.own_kind() == Kind::Ref
    }

    /// The node that holds the value: itself, or what it refers to (refs to refs are followed, a ring ends where it began).
    #[must_use]
    #[inline]
    pub fn target(self) -> Self {
        if self.own_kind() == Kind::Ref { self.referred() } else { self }
    }

    #[cold]
    fn referred(self) -> Self {
        let mut node = self;
        for _ in 0..8 {
            if node.own_kind() != Kind::Ref {
                return node;
            }
            let Some(next) = self.at(node.word(column::VALUE_A)) else { return node };
            node = next;
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
    #[inline]
    pub fn kind(self) -> Kind {
        self.target().own_kind()
    }

    /// Flags of the value.
    #[inline]
    pub fn flags(self) -> Flags {
        Flags(self.target().word(column::KIND_FLAGS) >> 8)
    }

    /// The node this one is an entry or item of.
    #[inline]
    pub fn parent(self) -> Option<Self> {
        self.at(self.word(column::PARENT))
    }

    /// The next entry or item after this one.
    #[inline]
    pub fn next(self) -> Option<Self> {
        self.at(self.word(column::NEXT))
    }

    /// Entries or items, in order.
    #[inline]
    pub fn children(self) -> Children<'a> {
        let node = self.target();
        Children { next: node.at(node.word(column::FIRST_CHILD)), left: node.word(column::CHILD_COUNT) }
    }

    /// Number of entries or items that are shown (an open one may hold more).
    #[inline]
    pub fn len(self) -> u32 {
        self.target().word(column::CHILD_COUNT)
    }

    /// Whether no entry or item is shown.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The key's symbol.
    #[inline]
    pub fn key_symbol(self) -> Symbol {
        Symbol(self.word(column::KEY_SYMBOL))
    }

    /// The key's decoded text; empty for items and the root.
    #[inline]
    pub fn key(self) -> &'a str {
        self.doc().text(self.word(column::KEY_TEXT), self.word(column::KEY_LEN))
    }

    /// Where the key is written, if it is.
    pub fn key_span(self) -> Option<Span> {
        let source = self.word(column::KEY_SOURCE);
        (source != NONE).then(|| Span::new(source, self.word(column::KEY_START), self.word(column::KEY_END)))
    }

    /// The site: where this value is written.
    #[inline]
    pub fn span(self) -> Span {
        let node = self.target();
        Span::new(node.word(column::SOURCE), node.word(column::START), node.word(column::END))
    }

    /// The text at the site, as written.
    #[inline]
    pub fn source_text(self) -> &'a str {
        self.doc().slice(self.span())
    }

    /// The places that took part in the value, the deciding one first.
    pub fn origin(self) -> impl Iterator<Item = OriginEntry> + 'a {
        let words = &self.table.words;
        let at = self.target().word(column::ORIGIN) as usize;
        let count = if at == 0 || !self.table.finished { 0 } else { words.get(at).copied().unwrap_or(0) as usize };
        // No table holds more than it is long, whatever it says.
        (0..count.min(words.len())).filter_map(move |entry| {
            let at = at + 1 + entry * 4;
            let [role, source, start, end] = *words.get(at..at + 4)?.first_chunk::<4>()?;
            Some(OriginEntry { role: Role::from_word(role)?, at: Span::new(source, start, end) })
        })
    }

    /// The value of a bool.
    #[inline]
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
    #[inline]
    pub fn as_str(self) -> Option<&'a str> {
        let node = self.target();
        (node.own_kind() == Kind::String).then(|| self.doc().text(node.word(column::VALUE_A), node.word(column::VALUE_B)))
    }

    /// Why the value cannot be told.
    pub fn cause(self) -> Option<&'a str> {
        let node = self.target();
        (node.own_kind() == Kind::Unknown).then(|| self.doc().text(node.word(column::VALUE_A), node.word(column::VALUE_B)))
    }

    /// The entry under a schema key. Of an entry that is written twice, the last counts, as in every format we read.
    ///
    /// Rules spend most of their time here.
    #[inline]
    pub fn get(self, key: Symbol) -> Lookup<'a> {
        self.shown(key).map_or_else(|| self.not_shown(key), |row| Lookup::Present(Self { table: self.table, row }))
    }

    /// Whether it is a map by itself in which no key of the schema stands twice, of a table whose rows are as this version knows them.
    #[inline]
    const fn is_plain(self) -> bool {
        self.row[column::KIND_FLAGS] & 0xff == Kind::Map as u32 && self.row[column::VALUE_A] == 1 && self.table.stride == STRIDE as usize
    }

    /// The entry under a schema key of a plain map, if it is there. One pointer is handed back in a register, a [`Lookup`] through memory, and
    /// two entries a turn cost less than two turns: in a sandbox each counts fuel and looks at the clock.
    #[inline(never)]
    fn shown(self, key: Symbol) -> Option<&'a Row> {
        if !self.is_plain() || key == Symbol::OTHER {
            return None;
        }
        let (rows, _) = self.table.words.get(self.table.first..)?.as_chunks::<{ STRIDE as usize }>();
        let mut at = self.row[column::FIRST_CHILD];
        // The count bounds the walk even where a hostile table links siblings in a ring.
        for _ in 0..self.row[column::CHILD_COUNT].div_ceil(2) {
            let one = rows.get(at as usize)?;
            if one[column::KEY_SYMBOL] == key.0 {
                return Some(one);
            }
            let other = rows.get(one[column::NEXT] as usize)?;
            if other[column::KEY_SYMBOL] == key.0 {
                return Some(other);
            }
            at = other[column::NEXT];
        }
        None
    }

    /// As [`Self::get`], where [`Self::shown`] has found nothing.
    #[inline(never)]
    fn not_shown(self, key: Symbol) -> Lookup<'a> {
        if self.is_plain() && key != Symbol::OTHER {
            return self.without();
        }
        self.find(|row| row[column::KEY_SYMBOL] == key.0)
    }

    /// What a map says of a key that it does not show.
    #[inline]
    fn without(self) -> Lookup<'a> {
        if Flags(self.row[column::KIND_FLAGS] >> 8).has(Flags::OPEN) { Lookup::Unknown(self) } else { Lookup::Absent }
    }

    /// The entry under any key.
    pub fn get_text(self, key: &str) -> Lookup<'a> {
        // The length first: it tells most keys apart.
        let doc = self.doc();
        self.find(|row| row[column::KEY_LEN] as usize == key.len() && doc.text(row[column::KEY_TEXT], row[column::KEY_LEN]) == key)
    }

    /// The last entry whose columns fit.
    fn find(self, is: impl Fn(&Row) -> bool) -> Lookup<'a> {
        let node = self.target();
        match node.own_kind() {
            Kind::Map => {}
            Kind::Unknown => return Lookup::Unknown(node),
            _ => return Lookup::Absent,
        }
        let (mut at, mut found) = (node.word(column::FIRST_CHILD), None);
        // The count bounds the walk even where a hostile table links siblings in a ring.
        for _ in 0..node.word(column::CHILD_COUNT) {
            let Some(row) = self.table.row(at) else { break };
            if is(row) {
                found = Some(row);
            }
            at = row[column::NEXT];
        }
        found.map_or_else(|| node.without(), |row| Lookup::Present(Self { table: self.table, row }))
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

    #[inline]
    fn next(&mut self) -> Option<Node<'a>> {
        // The count bounds the walk even where a hostile table links siblings in a ring.
        self.left = self.left.checked_sub(1)?;
        let node = self.next?;
        self.next = node.next();
        Some(node)
    }
}
