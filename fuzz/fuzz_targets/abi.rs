//! The words and bytes of a document as a plugin gets them, and the host's check of what a plugin gives back.
//!
//! The host's check is compiled from its own source file, so that neither wasmtime nor Cranelift is built with instrumentation. The
//! records it reads derive wasmtime's traits where they stand (`src/host/finding.rs`); they are repeated here, and a field that changes
//! there breaks this target's build.

#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary, Result as Made, Unstructured};
use libfuzzer_sys::fuzz_target;
use plimsoll_document::{Builder, Doc, Document, Flags, Key, Kind, Node, NodeId, OriginEntry, Role, Span, Symbol, Table, Value};
use plimsoll_fuzz::document;
use plimsoll_fuzz::project::keys;

#[allow(dead_code, missing_docs, reason = "only what the check needs is used")]
#[path = "../../src/host/unit.rs"]
mod unit;
#[allow(dead_code, unreachable_pub, reason = "only what the check needs is used")]
#[path = "../../src/host/validate.rs"]
mod validate;

pub use unit::Unit;

/// As `src/host/finding.rs` has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Arbitrary)]
pub struct RawSpan {
    pub document: u32,
    pub source: u32,
    pub start: u32,
    pub end: u32,
}

impl RawSpan {
    pub const fn span(self) -> Span {
        Span::new(self.source, self.start, self.end)
    }
}

/// As `src/host/finding.rs` has it.
#[derive(Clone, PartialEq, Eq, Debug, Arbitrary)]
pub struct RawRelated {
    pub at: RawSpan,
    pub label: String,
}

/// As `src/host/finding.rs` has it.
#[derive(Clone, PartialEq, Eq, Debug, Arbitrary)]
pub struct RawOp {
    pub kind: u8,
    pub document: u32,
    pub node: u32,
    pub key: String,
    pub text: String,
}

/// As `src/host/finding.rs` has it.
#[derive(Clone, PartialEq, Eq, Debug, Arbitrary)]
pub struct RawFix {
    pub title: String,
    pub applicability: u8,
    pub ops: Vec<RawOp>,
}

/// As `src/host/finding.rs` has it.
#[derive(Clone, PartialEq, Eq, Debug, Arbitrary)]
pub struct RawFinding {
    pub rule: u32,
    pub severity: Option<u8>,
    pub message: String,
    pub node: u32,
    pub at: RawSpan,
    pub related: Vec<RawRelated>,
    pub secrets: Vec<RawSpan>,
    pub fixes: Vec<RawFix>,
}

/// Everything that can be asked of a table from elsewhere. Nothing may panic or go on for ever.
fn walk(doc: Doc<'_>) {
    for index in 0..doc.node_count() {
        let node = doc.node(index).expect("a node below the count");
        let _ = (node.key(), node.key_span(), node.flags(), node.as_bool(), node.as_f64(), node.as_str(), node.cause(), node.source_text());
        let _ = (node.subject(), node.next(), node.is_ref(), node.kind(), node.get(Symbol(1)), node.get_text("image"), format!("{node:?}"));
        assert!(node.children().count() <= node.len() as usize);
        assert!(node.children().count() <= doc.node_count() as usize, "more children than nodes");
        let mut above = 0;
        let mut at = node;
        while let Some(parent) = at.parent() {
            assert!(parent.index() < at.index(), "a way up that does not end");
            at = parent;
            above += 1;
        }
        assert!(above <= doc.node_count());
        let _ = node.origin().take(1_000).count();
    }
    let _ = (doc.node(doc.node_count()), doc.source_text(doc.source_count()));
}

/// A table of arbitrary words, most of which make sense in their place.
fn table(u: &mut Unstructured<'_>) -> Made<(Vec<u32>, Vec<u8>)> {
    let sources = u.int_in_range(0..=3_u32)?;
    let stride = if u.ratio(9, 10)? { u.int_in_range(17..=19_u32)? } else { u.arbitrary()? };
    let count = if u.ratio(9, 10)? { u.int_in_range(0..=12_u32)? } else { u.arbitrary()? };
    let first = 6 + 2 * sources;
    let mut words = vec![1, stride, count, first, first, sources];
    let bytes: Vec<u8> = u.arbitrary()?;
    while !u.is_empty() && words.len() < 400 {
        words.push(match u.int_in_range(0..=3)? {
            0 => u.arbitrary()?,
            1 => u32::MAX,
            _ => u.int_in_range(0..=24)?,
        });
    }
    Ok((words, bytes))
}

/// A document from arbitrary calls of the builder, and what each of its nodes must read as.
fn build(u: &mut Unstructured<'_>) -> Made<(Document, Vec<Written>)> {
    let mut builder = Builder::new("kubernetes", keys());
    let text: String = u.arbitrary()?;
    let source = builder.source("text", &text);
    if u.arbitrary()? {
        builder.foreign_source("elsewhere");
    }
    let boundaries: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
    let span = |u: &mut Unstructured<'_>| -> Made<Span> {
        let (a, b) = (*u.choose(&boundaries)?, *u.choose(&boundaries)?);
        Ok(Span::new(source, a.min(b), a.max(b)))
    };
    let at = span(u)?;
    let root = builder.root(Value::Map, at);
    let mut written = vec![Written { key: String::new(), value: Kept::Map, at, flags: 0 }];
    let mut containers: Vec<(NodeId, bool)> = vec![(root, true)];
    while !u.is_empty() && written.len() < 200 {
        let at = span(u)?;
        let kept = match u.int_in_range(0..=8)? {
            0 => Kept::Null,
            1 => Kept::Bool(u.arbitrary()?),
            2 => Kept::Number(f64::from_bits(u.arbitrary()?)),
            3 => Kept::String(text[at.start as usize..at.end as usize].to_owned()),
            4 => Kept::String(u.arbitrary()?),
            5 => Kept::List,
            6 => Kept::Map,
            7 => Kept::Ref(u.int_in_range(0..=written.len() as u32 - 1)?),
            _ => Kept::Unknown(u.arbitrary()?),
        };
        let (parent, map) = *u.choose(&containers)?;
        let key: String = if !map {
            String::new()
        } else if u.arbitrary()? {
            u.arbitrary()?
        } else {
            (*u.choose(&["image", "spec", "containers", "facts", "subject", ""])?).to_owned()
        };
        let place = if u.arbitrary()? { Some(span(u)?) } else { None };
        let node = if map {
            builder.entry(parent, place.map_or(Key::fact(&key), |place| Key::at(&key, place)), kept.value(), at)
        } else {
            builder.item(parent, kept.value(), at)
        };
        if matches!(kept, Kept::List | Kept::Map) {
            containers.push((node, matches!(kept, Kept::Map)));
        }
        let flags = u.int_in_range(0..=0x7f_u32)?;
        builder.flag(node, Flags(flags));
        if u.ratio(1, 4)? {
            let origin = builder.origin(&[OriginEntry { role: Role::Decided, at }]);
            builder.set_origin(node, origin);
        }
        written.push(Written { key, value: kept, at, flags });
    }
    Ok((builder.finish(), written))
}

struct Written {
    key: String,
    value: Kept,
    at: Span,
    flags: u32,
}

enum Kept {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    List,
    Map,
    Ref(u32),
    Unknown(String),
}

impl Kept {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(*value),
            Self::String(text) => Value::String(text),
            Self::List => Value::List,
            Self::Map => Value::Map,
            Self::Ref(node) => Value::Ref(NodeId(*node)),
            Self::Unknown(cause) => Value::Unknown(cause),
        }
    }

    fn is(&self, node: Node<'_>) -> bool {
        match self {
            Self::Null => node.kind() == Kind::Null,
            Self::Bool(value) => node.as_bool() == Some(*value),
            Self::Number(value) => node.as_f64().map(f64::to_bits) == Some(value.to_bits()),
            Self::String(text) => node.as_str() == Some(text),
            Self::List => node.kind() == Kind::List,
            Self::Map => node.kind() == Kind::Map,
            Self::Ref(_) => node.is_ref(),
            Self::Unknown(cause) => node.cause() == Some(cause),
        }
    }
}

fn check_built(document: &Document, written: &[Written]) {
    // Refs to refs may be longer than are followed, so the walk is the reader's; a parser's documents are checked more closely.
    let (words, text) = document.table.clone().into_parts();
    let table = Table::new(words, text.into_bytes()).expect("what a builder finished is well formed");
    let doc = table.doc();
    walk(doc);
    assert_eq!(doc.node_count() as usize, written.len());
    for (index, kept) in written.iter().enumerate() {
        let node = doc.node(index as u32).expect("a node below the count");
        assert!(kept.value.is(node) && node.key() == kept.key, "{node:?} is not what was written");
        if !node.is_ref() {
            assert_eq!((node.span(), node.flags().0), (kept.at, kept.flags), "{node:?}");
        }
        if !kept.key.is_empty() && keys().symbol(&kept.key) != Symbol::OTHER {
            assert_eq!(node.key_symbol(), keys().symbol(&kept.key));
        }
    }
}

/// A finding that passes has only what the unit holds.
fn check_finding(documents: &[&Document], finding: &RawFinding) {
    let span = |at: &RawSpan| {
        let document = documents[at.document as usize];
        document::inside(document.doc(), at.span(), at);
    };
    assert!(finding.node < documents[0].doc().node_count());
    assert!(finding.severity.is_none_or(|severity| severity <= 4));
    span(&finding.at);
    finding.related.iter().for_each(|related| span(&related.at));
    finding.secrets.iter().for_each(span);
    for op in finding.fixes.iter().flat_map(|fix| &fix.ops) {
        assert!(op.kind <= 7 && op.node < documents[op.document as usize].doc().node_count());
    }
}

fn run(u: &mut Unstructured<'_>) -> Made<()> {
    match u.int_in_range(0..=2)? {
        0 => {
            let (words, bytes) = table(u)?;
            if let Ok(table) = Table::new(words, bytes) {
                walk(table.doc());
            }
        }
        1 => {
            let (document, written) = build(u)?;
            check_built(&document, &written);
        }
        _ => {
            let mut findings: Vec<RawFinding> = u.arbitrary()?;
            let wrap: bool = u.arbitrary()?;
            let (first, _) = build(u)?;
            let second = first.clone();
            let documents = [&first, &second];
            let mut validator = validate::Validator::new(&Unit { documents: &documents, edges: &[] });
            for finding in &mut findings {
                if wrap {
                    tame(finding, &first);
                }
                if validator.check(finding, &[0, 1, 7]).is_ok() {
                    check_finding(&documents, finding);
                }
            }
        }
    }
    Ok(())
}

/// Brings numbers near those that exist, so that more than the first check is reached.
fn tame(finding: &mut RawFinding, document: &Document) {
    let (nodes, bytes) = (document.doc().node_count() + 1, document.sources[0].length + 2);
    let span = |at: &mut RawSpan| {
        *at = RawSpan { document: at.document % 3, source: at.source % 3, start: at.start % bytes, end: at.end % bytes };
    };
    finding.rule %= 8;
    finding.node %= nodes;
    span(&mut finding.at);
    finding.related.iter_mut().for_each(|related| span(&mut related.at));
    finding.secrets.iter_mut().for_each(span);
    for op in finding.fixes.iter_mut().flat_map(|fix| &mut fix.ops) {
        op.document %= 3;
        op.node %= nodes;
    }
}

fuzz_target!(|data: &[u8]| {
    // The first words as they are: a table that nothing made sense of.
    let words: Vec<u32> = data.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
    if let Ok(table) = Table::new(words, data.to_vec()) {
        walk(table.doc());
    }
    // An input that ends early is no failure.
    let _ = run(&mut Unstructured::new(data));
});
