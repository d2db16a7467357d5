//! JSON by itself. YAML was meant to hold it, but refuses DEL and other characters in strings, keys beyond 1,024 characters and more, all of
//! which an API server takes.

use crate::{Content, Entry, Id, Node, Problem, ProblemKind, Stream, Style, Tree};
use plimsoll_formats::{MAX_DEPTH, MAX_NODES};
use std::borrow::Cow;
use std::collections::HashSet;

/// Nodes that room is made for at once; a text of many more grows its list as it goes.
const ROOM: usize = 4096;

/// Reads a text that is one JSON object or array and nothing else; `None` for any other, which YAML may still make sense of.
pub(crate) fn read(text: &str) -> Option<Stream<'_>> {
    read_without(text, &[])
}

/// Like [`read`], but leaves out the entry at a path of keys: it is checked to be JSON, and is not in the tree.
pub fn read_without<'t>(text: &'t str, left_out: &'t [&'t str]) -> Option<Stream<'t>> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let nodes = Vec::with_capacity((text.len() / 24).min(ROOM));
    let mut reader = Reader { text, at: start, nodes, problems: vec![], left_out, along: 0 };
    reader.blank();
    if !matches!(reader.peek(), Some(b'{' | b'[')) {
        return None;
    }
    let root = reader.value(0)?;
    reader.blank();
    (reader.at == text.len()).then(|| Stream {
        documents: vec![Tree { nodes: reader.nodes, root }],
        comments: vec![],
        problems: reader.problems,
    })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    nodes: Vec<Node<'t>>,
    problems: Vec<Problem>,
    left_out: &'t [&'t str],
    /// Keys of `left_out` that led to the object that is being read. Only an object at that depth is on the way.
    along: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Takes a byte, if it is the next one after blanks.
    fn take(&mut self, byte: u8) -> bool {
        self.blank();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn push(&mut self, content: Content<'t>, start: usize) -> Id {
        let span = start as u32..self.at as u32;
        self.nodes.push(Node { content, start: span.start, span, tag: None, anchor: None, open: false });
        Id(self.nodes.len() as u32 - 1)
    }

    fn value(&mut self, depth: u32) -> Option<Id> {
        if depth >= MAX_DEPTH || self.nodes.len() >= MAX_NODES as usize {
            return None;
        }
        self.blank();
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string(),
            _ => {
                let start = self.at;
                let word = self.word()?;
                Some(self.push(Content::Scalar { value: Cow::Borrowed(word), style: Style::Plain }, start))
            }
        }
    }

    fn object(&mut self, depth: u32) -> Option<Id> {
        let start = self.at;
        self.at += 1;
        let id = self.push(Content::Mapping { flow: true, entries: vec![] }, start);
        let mut entries = vec![];
        if !self.take(b'}') {
            loop {
                self.blank();
                let key = (self.peek()? == b'"').then(|| self.string())??;
                if !self.take(b':') {
                    return None;
                }
                match self.way(key, depth) {
                    Way::Off => entries.push(Entry { key, value: self.value(depth + 1)? }),
                    Way::Along => {
                        self.along += 1;
                        entries.push(Entry { key, value: self.value(depth + 1)? });
                        self.along -= 1;
                    }
                    Way::End => {
                        self.nodes.pop();
                        self.pass(depth + 1)?;
                    }
                }
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return None;
                }
            }
        }
        self.duplicates(&entries);
        self.close(id, Content::Mapping { flow: true, entries })
    }

    /// Where a key of an object at this depth leads.
    fn way(&self, key: Id, depth: u32) -> Way {
        let wanted = self.left_out.get(self.along).filter(|_| self.along == depth as usize);
        match (wanted, &self.nodes[key.0 as usize].content) {
            (Some(wanted), Content::Scalar { value, .. }) if value == wanted => {
                if self.along + 1 == self.left_out.len() {
                    Way::End
                } else {
                    Way::Along
                }
            }
            _ => Way::Off,
        }
    }

    /// Goes past a value without a node for anything in it.
    fn pass(&mut self, depth: u32) -> Option<()> {
        if depth >= MAX_DEPTH {
            return None;
        }
        self.blank();
        let close = match self.peek()? {
            b'{' => b'}',
            b'[' => b']',
            b'"' => return self.text().map(drop),
            _ => return self.word().map(drop),
        };
        self.at += 1;
        if self.take(close) {
            return Some(());
        }
        loop {
            self.blank();
            if close == b'}' {
                (self.peek()? == b'"').then(|| self.text())??;
                if !self.take(b':') {
                    return None;
                }
            }
            self.pass(depth + 1)?;
            if self.take(close) {
                return Some(());
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: u32) -> Option<Id> {
        let start = self.at;
        self.at += 1;
        let id = self.push(Content::Sequence { flow: true, items: vec![] }, start);
        let mut items = vec![];
        if !self.take(b']') {
            loop {
                items.push(self.value(depth + 1)?);
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return None;
                }
            }
        }
        self.close(id, Content::Sequence { flow: true, items })
    }

    fn close(&mut self, id: Id, content: Content<'t>) -> Option<Id> {
        let node = self.nodes.get_mut(id.0 as usize)?;
        node.content = content;
        node.span.end = self.at as u32;
        Some(id)
    }

    fn duplicates(&mut self, entries: &[Entry]) {
        // Most objects are small, and comparing a few keys costs less than hashing them.
        const FEW: usize = 8;
        let text = |entry: &Entry| match &self.nodes[entry.key.0 as usize].content {
            Content::Scalar { value, .. } => value.as_ref(),
            _ => "",
        };
        if entries.len() <= FEW && entries.iter().enumerate().all(|(at, one)| entries[..at].iter().all(|other| text(other) != text(one))) {
            return;
        }
        let mut seen = HashSet::with_capacity(entries.len());
        let twice = entries.iter().filter(|entry| !seen.insert(text(entry))).map(|entry| {
            let message = format!("key `{}` is written twice", text(entry));
            Problem { kind: ProblemKind::DuplicateKey, at: self.nodes[entry.key.0 as usize].span.clone(), message }
        });
        self.problems.extend(twice);
    }

    fn string(&mut self) -> Option<Id> {
        let start = self.at;
        let value = self.text()?;
        Some(self.push(Content::Scalar { value, style: Style::Double }, start))
    }

    /// A string's text, decoded.
    fn text(&mut self) -> Option<Cow<'t, str>> {
        self.at += 1;
        let mut decoded: Option<String> = None;
        let mut from = self.at;
        loop {
            self.at += self.text.as_bytes()[self.at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    let decoded = decoded.get_or_insert_default();
                    decoded.push_str(&self.text[from..self.at]);
                    decoded.push(self.escape()?);
                    from = self.at;
                }
                _ => return None,
            }
        }
        let rest = &self.text[from..self.at];
        self.at += 1;
        Some(match decoded {
            Some(decoded) => Cow::Owned(decoded + rest),
            None => Cow::Borrowed(rest),
        })
    }

    fn escape(&mut self) -> Option<char> {
        self.at += 2;
        Some(match self.text.as_bytes().get(self.at - 1)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex(self.at)?;
                self.at += 4;
                // A lone half of a pair is U+FFFD, as Go decodes it.
                if !(0xd800..0xdc00).contains(&first) {
                    return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                let second = if self.text[self.at..].starts_with("\\u") { self.hex(self.at + 2)? } else { 0 };
                if !(0xdc00..0xe000).contains(&second) {
                    return Some(char::REPLACEMENT_CHARACTER);
                }
                self.at += 6;
                char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))?
            }
            _ => return None,
        })
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }

    /// `null`, `true`, `false` or a number.
    fn word(&mut self) -> Option<&'t str> {
        let start = self.at;
        let length = self.text[start..]
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'))
            .unwrap_or(self.text.len() - start);
        let word = &self.text[start..start + length];
        if !matches!(word, "null" | "true" | "false") && !is_number(word) {
            return None;
        }
        self.at += length;
        Some(word)
    }
}

/// What a key is on the way to the entry that is left out.
enum Way {
    /// Not on it.
    Off,
    /// On it.
    Along,
    /// The entry.
    End,
}

/// Whether a word is a number by JSON's grammar.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = word.split_once(['e', 'E']).map_or((word, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
