//! Findings against the documents they are about.

use crate::{RawFinding, RawSpan, Unit};
use plimsoll_document::{Doc, Document, Span};
use std::collections::HashSet;

/// Checks the findings of one unit.
pub(crate) struct Validator<'a> {
    documents: Vec<Known<'a>>,
}

struct Known<'a> {
    document: &'a Document,
    doc: Doc<'a>,
    /// Spans that origins name; the only ones a source without text may have. Collected when first asked for.
    origins: Option<HashSet<Span>>,
}

impl<'a> Validator<'a> {
    pub(crate) fn new(unit: &Unit<'a>) -> Self {
        let documents = unit.documents.iter().map(|document| Known { document, doc: document.doc(), origins: None });
        Self { documents: documents.collect() }
    }

    /// What is wrong with a finding, as a lowercase fragment.
    pub(crate) fn check(&mut self, finding: &RawFinding, enabled: &[u32]) -> Result<(), String> {
        // `enabled` is sorted by the caller.
        if enabled.binary_search(&finding.rule).is_err() {
            return Err(format!("it names rule {}, which was not asked for", finding.rule));
        }
        if finding.severity.is_some_and(|severity| severity > 4) {
            return Err("its severity is not one of 0 to 4".to_owned());
        }
        self.node(0, finding.node)?;
        self.span(finding.at)?;
        for related in &finding.related {
            self.span(related.at)?;
        }
        for secret in &finding.secrets {
            self.span(*secret)?;
        }
        for fix in &finding.fixes {
            if fix.applicability > 1 {
                return Err(format!("applicability {} does not exist", fix.applicability));
            }
            for op in &fix.ops {
                if op.kind > 7 {
                    return Err(format!("operation {} does not exist", op.kind));
                }
                self.node(op.document, op.node)?;
            }
        }
        Ok(())
    }

    fn node(&self, document: u32, node: u32) -> Result<(), String> {
        let known = self.documents.get(document as usize).ok_or_else(|| format!("document {document} is not in the unit"))?;
        if node < known.doc.node_count() { Ok(()) } else { Err(format!("node {node} is not in document {document}")) }
    }

    fn span(&mut self, at: RawSpan) -> Result<(), String> {
        let RawSpan { document, source, start, end } = at;
        let known = self.documents.get_mut(document as usize).ok_or_else(|| format!("document {document} is not in the unit"))?;
        let of = known.document.sources.get(source as usize).ok_or_else(|| format!("document {document} has no source {source}"))?;
        let outside = || Err(format!("bytes {start}..{end} are not in source {source} of document {document}"));
        if start > end {
            return outside();
        }
        if end > of.length {
            // A source without text: its length is not known, but the places that took part in a value are.
            return if of.length == 0 && known.origins().contains(&at.span()) { Ok(()) } else { outside() };
        }
        let text = known.document.source_text(source);
        if !text.is_char_boundary(start as usize) || !text.is_char_boundary(end as usize) {
            return Err(format!("bytes {start}..{end} of source {source} of document {document} cut a character"));
        }
        Ok(())
    }
}

impl Known<'_> {
    fn origins(&mut self) -> &HashSet<Span> {
        let doc = self.doc;
        self.origins.get_or_insert_with(|| {
            let nodes = (0..doc.node_count()).filter_map(|node| doc.node(node));
            nodes.flat_map(|node| node.origin().map(|entry| entry.at).chain([node.span()]).chain(node.key_span())).collect()
        })
    }
}
