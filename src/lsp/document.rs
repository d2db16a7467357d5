//! A text with its lines, and the version that the client knows it by.

use crate::position::{Encoding, Lines};
use crate::protocol::{Position, Range, TextDocumentContentChangeEvent, Uri};
use crate::uri;
use std::path::Path;
use std::sync::Arc;

/// A text that positions refer to.
#[derive(Debug, Clone)]
#[allow(clippy::struct_field_names, reason = "a text has an address, a version and its text")]
pub(crate) struct Text {
    /// The address that the client uses for it.
    pub(crate) uri: Uri,
    /// Its version, if it is open.
    pub(crate) version: Option<i32>,
    pub(crate) text: Arc<str>,
    pub(crate) lines: Arc<Lines>,
}

impl Text {
    pub(crate) fn new(uri: Uri, version: Option<i32>, text: &str) -> Self {
        Self { uri, version, lines: Arc::new(Lines::new(text)), text: text.into() }
    }

    /// A file that is not open, as it is on disk; empty if it cannot be read.
    pub(crate) fn saved(path: &Path) -> Self {
        let bytes = plimsoll_source::read_regular(path, plimsoll_source::DiskFiles::HARD_LIMIT).unwrap_or_default();
        Self::new(uri::of_path(path), None, &String::from_utf8_lossy(&bytes))
    }

    pub(crate) fn range(&self, start: u32, end: u32, encoding: Encoding) -> Range {
        self.lines.range(&self.text, start, end, encoding)
    }

    pub(crate) fn offset(&self, position: Position, encoding: Encoding) -> u32 {
        self.lines.offset(&self.text, position, encoding)
    }

    /// The bytes of a range.
    pub(crate) fn bytes(&self, range: Range, encoding: Encoding) -> (u32, u32) {
        let start = self.offset(range.start, encoding);
        (start, self.offset(range.end, encoding).max(start))
    }

    /// Applies a client's changes, each to the text that the one before it left.
    pub(crate) fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        for change in changes {
            let text = match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => whole.text,
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let (start, end) = self.bytes(part.range, encoding);
                    let mut text = String::with_capacity(self.text.len() + part.text.len());
                    text.push_str(&self.text[..start as usize]);
                    text.push_str(&part.text);
                    text.push_str(&self.text[end as usize..]);
                    text
                }
            };
            self.lines = Arc::new(Lines::new(&text));
            self.text = text.into();
        }
        self.version = Some(version);
    }
}
