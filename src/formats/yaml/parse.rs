//! From the parser's events to the tree. The only file that knows `granit-parser`.

use crate::{Comment, Content, Entry, Id, Node, Problem, ProblemKind, Stream, Style, Tree, json, template};
use granit_parser::{ErrorKind, Event, Parser, Placement, ScalarStyle, ScanError, StrInput, StructureStyle, Tag};
use plimsoll_formats::MAX_DEPTH;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Under-indented continuation lines of quoted scalars that are tolerated in one text; each costs another pass.
const MAX_REPAIRS: usize = 16;

/// Parses a text. Time and memory are linear in its length.
pub fn parse(text: &str) -> Stream<'_> {
    if let Some(stream) = json::read(text) {
        return stream;
    }
    let (readable, control) = readable(text);
    let mut stream = parse_repaired(readable);
    if let Some(at) = control {
        stream.problems.push(Problem {
            kind: ProblemKind::Syntax,
            at: at..at + 1,
            message: "control characters are not allowed".to_owned(),
        });
        if let Some(tree) = stream.documents.last_mut() {
            let root = tree.root;
            tree.nodes[root.0 as usize].open = true;
        }
    }
    let broken = stream.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax);
    let mark = match broken {
        true => template::mark(text),
        false if text.contains("{{") => stream.documents.iter().find_map(|tree| template::mark_in(tree, text)),
        false => None,
    };
    if let Some(at) = mark {
        stream.documents.clear();
        stream.problems = vec![Problem { kind: ProblemKind::Template, at, message: "the file is a template".to_owned() }];
    }
    stream.problems.sort_by_key(|problem| (problem.at.start, problem.at.end));
    stream
}

/// The text up to the line with the first control character, which neither YAML nor JSON allows and which the scanner may take for the end.
fn readable(text: &str) -> (&str, Option<u32>) {
    match text.bytes().position(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) {
        Some(at) => (&text[..text[..at].rfind('\n').map_or(0, |line| line + 1)], Some(at as u32)),
        None => (text, None),
    }
}

/// go-yaml, and so kubectl, reads continuation lines of a quoted scalar at any indentation; the scanner refuses them as the specification
/// says. Its line breaks are then blanked out, which keeps every offset, and the scalar is decoded from the original.
fn parse_repaired(text: &str) -> Stream<'_> {
    let mut repaired: Option<Vec<u8>> = None;
    for _ in 0..MAX_REPAIRS {
        let input = match &repaired {
            Some(bytes) => std::str::from_utf8(bytes).unwrap_or(text),
            None => text,
        };
        let (stream, under_indented) = Reader::read(text, input);
        let Some(at) = under_indented else { return stream };
        let mut bytes = repaired.unwrap_or_else(|| text.as_bytes().to_vec());
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let start = bytes[..at].iter().rposition(|byte| !blank(byte)).map_or(0, |last| last + 1);
        if !bytes[start..at].iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return stream;
        }
        bytes[start..at].fill(b' ');
        repaired = Some(bytes);
    }
    let input = repaired.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or(text);
    Reader::read(text, input).0
}

struct Frame {
    id: Id,
    key: Option<Id>,
}

struct Reader<'t, 'i> {
    text: &'t str,
    input: &'i str,
    stream: Stream<'t>,
    nodes: Vec<Node<'t>>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Id>,
    root: Option<Id>,
    /// End of the last token seen, from which a block scalar's header is looked for.
    last_end: usize,
}

impl<'t, 'i> Reader<'t, 'i> {
    /// Reads `input`, which is `text` but for blanked line breaks, so that every offset holds in both. Also gives the place of the first
    /// under-indented continuation line.
    fn read(text: &'t str, input: &'i str) -> (Stream<'t>, Option<usize>) {
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            max_buffered_comment_events: usize::MAX,
            flow_nesting_limit: MAX_DEPTH as usize + 1,
            block_nesting_limit: MAX_DEPTH as usize + 1,
        };
        let mut parser = Parser::new_from_str_with_options(input, options);
        let mut reader = Reader {
            text,
            input,
            stream: Stream::default(),
            nodes: vec![],
            stack: vec![],
            anchors: HashMap::new(),
            root: None,
            last_end: 0,
        };
        while let Some(result) = parser.next_event() {
            let failed = match result {
                Ok((event, span)) => !reader.event(event, span),
                Err(error) if matches!(error.kind(), ErrorKind::InvalidQuotedScalarIndent) => {
                    let at = error.marker().byte_offset();
                    reader.error(&error);
                    if at.is_some() {
                        return (reader.stream, at);
                    }
                    true
                }
                Err(error) => {
                    reader.error(&error);
                    true
                }
            };
            if failed && !reader.next_document(&mut parser) {
                break;
            }
        }
        reader.finish_document(true);
        (reader.stream, None)
    }

    fn next_document(&mut self, parser: &mut Parser<'i, StrInput<'i>>) -> bool {
        self.finish_document(true);
        match parser.proceed_next_document() {
            Ok(more) => more,
            Err(error) => {
                self.error(&error);
                false
            }
        }
    }

    /// Takes one event; false if the document goes no further.
    fn event(&mut self, event: Event<'i>, span: granit_parser::Span) -> bool {
        let range = span.byte_range().unwrap_or_default();
        let tag_start = span.tag_span().and_then(|tag| tag.byte_range()).map(|tag| tag.start);
        match event {
            // An implicit start has the place of what follows it.
            Event::DocumentStart(explicit, _) if explicit => self.last_end = self.last_end.max(range.end),
            Event::DocumentEnd => {
                self.last_end = self.last_end.max(range.end);
                self.finish_document(false);
            }
            Event::Comment(_, placement) => {
                let behind = placement == Placement::Right || !self.starts_line(range.start);
                self.stream.comments.push(Comment { at: range.start as u32..range.end as u32, behind });
            }
            Event::Anchor(_, _) => {
                // Follows its node at once, before any child.
                if let Some(node) = self.nodes.last_mut() {
                    node.start = node.start.min(range.start as u32);
                    node.anchor = Some(range.start as u32..range.end as u32);
                }
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                self.leaf(Content::Alias { target }, range, None, tag_start);
            }
            Event::UnresolvedAlias(name) => {
                self.problem(ProblemKind::UnknownAlias, range.clone(), format!("alias *{name} names no anchor before it"));
                self.leaf(Content::Alias { target: None }, range, None, tag_start);
            }
            Event::Scalar(value, style, anchor, tag) => {
                let id = self.scalar(value, style, range, tag.as_deref(), tag_start);
                self.anchors.insert(anchor, id);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let content = Content::Sequence { flow: style == StructureStyle::Flow, items: vec![] };
                return self.open(content, range, anchor, tag.as_deref(), tag_start);
            }
            Event::MappingStart(style, anchor, tag) => {
                let content = Content::Mapping { flow: style == StructureStyle::Flow, entries: vec![] };
                return self.open(content, range, anchor, tag.as_deref(), tag_start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end, false),
            _ => {}
        }
        true
    }

    fn leaf(&mut self, content: Content<'t>, range: Range<usize>, tag: Option<&Tag>, tag_start: Option<usize>) -> Id {
        self.last_end = self.last_end.max(range.end);
        let id = self.push(content, range, tag, tag_start);
        self.attach(id);
        id
    }

    fn push(&mut self, content: Content<'t>, range: Range<usize>, tag: Option<&Tag>, tag_start: Option<usize>) -> Id {
        let id = Id(self.nodes.len() as u32);
        let start = tag_start.unwrap_or(range.start).min(range.start) as u32;
        let tag = tag.map(|tag| format!("{}{}", tag.handle(), tag.suffix()).into());
        self.nodes.push(Node { content, span: range.start as u32..range.end as u32, start, tag, anchor: None, open: false });
        id
    }

    fn attach(&mut self, id: Id) {
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(id);
            return;
        };
        match &mut self.nodes[frame.id.0 as usize].content {
            Content::Sequence { items, .. } => items.push(id),
            Content::Mapping { entries, .. } => match frame.key.take() {
                Some(key) => entries.push(Entry { key, value: id }),
                None => frame.key = Some(id),
            },
            _ => {}
        }
    }

    fn open(&mut self, content: Content<'t>, range: Range<usize>, anchor: usize, tag: Option<&Tag>, tag_start: Option<usize>) -> bool {
        if self.stack.len() >= MAX_DEPTH as usize {
            self.problem(ProblemKind::Limit, range, format!("nested more than {MAX_DEPTH} levels deep"));
            return false;
        }
        let flow = matches!(content, Content::Sequence { flow: true, .. } | Content::Mapping { flow: true, .. });
        if flow {
            self.last_end = self.last_end.max(range.end);
        }
        let id = self.push(content, range, tag, tag_start);
        self.anchors.insert(anchor, id);
        self.attach(id);
        self.stack.push(Frame { id, key: None });
        true
    }

    /// Closes the innermost collection. `end` is where its closing event stands, which for block collections is the next token.
    fn close(&mut self, end: usize, broken: bool) {
        let Some(frame) = self.stack.pop() else { return };
        if let Some(key) = frame.key {
            let at = self.after_colon(key);
            let value = self.push(Content::Broken, at..at, None, None);
            if let Content::Mapping { entries, .. } = &mut self.nodes[frame.id.0 as usize].content {
                entries.push(Entry { key, value });
            }
        }
        let node = &self.nodes[frame.id.0 as usize];
        let (flow, first, last) = match &node.content {
            Content::Sequence { flow, items } => (*flow, items.first(), items.last()),
            Content::Mapping { flow, entries } => {
                (*flow, entries.first().map(|entry| &entry.key), entries.last().map(|entry| &entry.value))
            }
            _ => (false, None, None),
        };
        let mut span = node.span.clone();
        let last_end = last.map(|last| self.nodes[last.0 as usize].span.end);
        let bracket = self.text.as_bytes().get(span.start as usize).is_some_and(|byte| matches!(byte, b'{' | b'['));
        if flow && bracket {
            span.end = if broken { last_end.unwrap_or(span.end).max(span.end) } else { end as u32 };
            self.last_end = self.last_end.max(span.end as usize);
        } else if let (Some(first), Some(last_end)) = (first, last_end) {
            let first = &self.nodes[first.0 as usize];
            if matches!(node.content, Content::Mapping { .. }) {
                span.start = first.span.start;
            } else if self.text.as_bytes().get(span.start as usize) != Some(&b'-') {
                span.start = self.text[..first.start as usize].rfind('-').map_or(first.start, |dash| dash as u32);
            }
            span.end = last_end.max(span.start);
        }
        self.duplicates(frame.id);
        let node = &mut self.nodes[frame.id.0 as usize];
        node.open = broken;
        if node.start == node.span.start || node.start > span.start {
            node.start = span.start;
        }
        node.span = span;
    }

    fn duplicates(&mut self, id: Id) {
        let Content::Mapping { entries, .. } = &self.nodes[id.0 as usize].content else { return };
        let text = |entry: &Entry| match &self.nodes[entry.key.0 as usize].content {
            Content::Scalar { value, .. } => Some(value.as_ref()),
            _ => None,
        };
        let mut twice = vec![];
        if entries.len() <= 8 {
            for (at, entry) in entries.iter().enumerate() {
                if let Some(key) = text(entry)
                    && entries[..at].iter().any(|before| text(before) == Some(key))
                {
                    twice.push((entry.key, key.to_owned()));
                }
            }
        } else {
            let mut seen = std::collections::HashSet::with_capacity(entries.len());
            for entry in entries {
                if let Some(key) = text(entry)
                    && !seen.insert(key)
                {
                    twice.push((entry.key, key.to_owned()));
                }
            }
        }
        for (key, name) in twice {
            let span = self.nodes[key.0 as usize].span.clone();
            self.problem(ProblemKind::DuplicateKey, span.start as usize..span.end as usize, format!("key `{name}` is written twice"));
        }
    }

    fn scalar(&mut self, value: Cow<'i, str>, style: ScalarStyle, range: Range<usize>, tag: Option<&Tag>, tag_start: Option<usize>) -> Id {
        let style = match style {
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            ScalarStyle::Plain => Style::Plain,
        };
        if style == Style::Plain && range.is_empty() {
            let at = match self.stack.last().and_then(|frame| frame.key) {
                Some(key) if tag_start.is_none() => {
                    // The scanner names the place of what follows; where nothing but blanks and comments stands between, it is right
                    // behind the colon, or behind the `? key` that has none.
                    let after = self.after_colon(key);
                    if self.past_blanks(after, range.start) >= range.start { after } else { after.max(range.start) }
                }
                None if tag_start.is_none() => {
                    let before = self.text[..range.start].trim_end_matches([' ', '\t']);
                    if before.ends_with('-') { before.len() } else { self.behind_indicator(range.start).unwrap_or(range.start) }
                }
                _ => range.start,
            };
            // The scanner says `~` for a value left out.
            return self.leaf(Content::Scalar { value: Cow::Borrowed(""), style }, at..at, tag, tag_start);
        }
        let (range, value) = match style {
            // The scanner ends the last line where the text does not; go-yaml leaves it as it is.
            Style::Literal | Style::Folded if range.end == self.text.len() && !self.text.ends_with(['\n', '\r']) => {
                (self.block(range), Cow::Owned(value.strip_suffix('\n').unwrap_or(&value).to_owned()))
            }
            Style::Literal | Style::Folded => (self.block(range), value),
            _ => (range, value),
        };
        let written = &self.text[range.clone()];
        let repaired = self.input.as_bytes().get(range.clone()) != Some(written.as_bytes());
        let value = if repaired { Cow::Owned(decode(written).unwrap_or_else(|| value.into_owned())) } else { verbatim(written, value) };
        self.leaf(Content::Scalar { value, style }, range, tag, tag_start)
    }

    /// The whole of a block scalar: the scanner's range begins with its first content line and ends at the next token.
    fn block(&self, range: Range<usize>) -> Range<usize> {
        // The header is on the last line with text, or above comments that are none of an empty scalar's text. Behind an error or a `...`
        // anything may stand between the last token and that line.
        let line = self.text[..range.start].trim_end().rfind(['\n', '\r']).map_or(0, |line| line + 1);
        let header = header(self.text, line.max(self.last_end), range.start).or_else(|| header(self.text, self.last_end, range.start));
        let Some(header) = header else { return range };
        let line_end = self.text[header..].find(['\n', '\r']).map_or(self.text.len(), |at| header + at);
        let indicator = self.text[header..line_end].split([' ', '\t']).next().unwrap_or_default();
        let mut end = range.end.max(header + indicator.len());
        let body = &self.text[header..end];
        if indicator.contains('+') {
            // Blank lines at the end belong to the value; the indentation of the next token and the last line break do not.
            let kept = body.trim_end_matches([' ', '\t']);
            let kept = kept.strip_suffix('\n').map_or(kept, |kept| kept.strip_suffix('\r').unwrap_or(kept));
            end = header + kept.len();
        } else {
            end = self.block_content_end(range.start..end).unwrap_or(header + indicator.len());
        }
        header..end.max(header + indicator.len())
    }

    /// End of the last line that reaches beyond the indentation of the first: a line of spaces may be content, or only look like it.
    fn block_content_end(&self, range: Range<usize>) -> Option<usize> {
        let line = self.text[..range.start].rfind(['\n', '\r']).map_or(0, |line| line + 1);
        let indent = range.start - line;
        let mut at = line;
        let mut end = None;
        for line in self.text.get(line..range.end)?.split_inclusive(['\n', '\r']) {
            let content = line.trim_end_matches(['\n', '\r']);
            if content.len() > indent {
                end = Some(at + content.len());
            }
            at += line.len();
        }
        end.filter(|end| *end > range.start)
    }

    /// Right behind the colon of an entry, or behind its key if it has none.
    fn after_colon(&self, key: Id) -> usize {
        let end = self.nodes[key.0 as usize].span.end as usize;
        let next = self.past_blanks(end, self.text.len());
        if self.text[next..].starts_with(':') { next + 1 } else { end }
    }

    /// Right behind the `-` of an item left out, or the `?` of an entry that leaves out its key and its colon; `next` is where the scanner
    /// sees them, beyond comments and line breaks.
    fn behind_indicator(&self, next: usize) -> Option<usize> {
        let mut at = self.past_blanks(self.last_end, next);
        let mut last = None;
        while at < next {
            last = Some(at);
            at = self.past_blanks(at + 1, next);
        }
        let at = last?;
        match self.text.as_bytes()[at] {
            b'-' => Some(at + 1),
            b'?' if !self.text[next..].starts_with(':') => Some(at + 1),
            _ => None,
        }
    }

    /// The first byte from `from` that is no blank, line break or comment, or `to` if there is none before.
    fn past_blanks(&self, from: usize, to: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < to {
            match bytes[at] {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => at = bytes[at..to].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(to, |length| at + length),
                _ => break,
            }
        }
        at
    }

    fn starts_line(&self, at: usize) -> bool {
        let line = self.text[..at].rfind(['\n', '\r']).map_or(0, |line| line + 1);
        self.text[line..at].trim_start_matches('\u{feff}').trim().is_empty()
    }

    fn finish_document(&mut self, broken: bool) {
        while let Some(frame) = self.stack.last() {
            let end = self.nodes[frame.id.0 as usize].span.end as usize;
            self.close(end, true);
        }
        let nodes = std::mem::take(&mut self.nodes);
        self.anchors.clear();
        if let Some(root) = self.root.take() {
            let empty = matches!(&nodes[root.0 as usize], Node { content: Content::Scalar { value, style: Style::Plain }, tag: None, anchor: None, .. } if value.is_empty());
            if !empty || broken {
                self.stream.documents.push(Tree { nodes, root });
            }
        }
    }

    fn problem(&mut self, kind: ProblemKind, range: Range<usize>, message: String) {
        self.stream.problems.push(Problem { kind, at: range.start as u32..range.end as u32, message });
    }

    fn error(&mut self, error: &ScanError) {
        let limit = matches!(error.kind(), ErrorKind::RecursionLimitExceeded);
        let mut at = error.marker().byte_offset().unwrap_or(self.last_end).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        if matches!(error.kind(), ErrorKind::UnclosedFlowCollection { .. }) {
            let opened = self
                .stack
                .iter()
                .rev()
                .map(|frame| &self.nodes[frame.id.0 as usize])
                .find(|node| matches!(node.content, Content::Sequence { flow: true, .. } | Content::Mapping { flow: true, .. }));
            at = opened.map_or(at, |node| node.span.start as usize);
        }
        let width = self.text[at..].chars().next().filter(|c| !c.is_control()).map_or(0, char::len_utf8);
        let message = if limit { format!("nested more than {MAX_DEPTH} levels deep") } else { error.kind().to_string() };
        self.problem(if limit { ProblemKind::Limit } else { ProblemKind::Syntax }, at..at + width, message);
    }
}

/// The value as a slice of what is written, where it stands there verbatim or inside quotes.
fn verbatim<'t>(written: &'t str, value: Cow<'_, str>) -> Cow<'t, str> {
    if written == value {
        return Cow::Borrowed(written);
    }
    match written.get(1..written.len().saturating_sub(1)) {
        Some(inner) if inner == value => Cow::Borrowed(inner),
        _ => Cow::Owned(value.into_owned()),
    }
}

/// A quoted scalar by itself, where no indentation is asked of continuation lines.
fn decode(written: &str) -> Option<String> {
    Parser::new_from_str(written).find_map(|event| match event {
        Ok((Event::Scalar(value, ..), _)) => Some(value.into_owned()),
        _ => None,
    })
}

/// Where the `|` or `>` of a block scalar stands: after `from`, behind dashes, colons, anchors, tags, comments and line breaks.
fn header(text: &str, from: usize, limit: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < limit.min(bytes.len()) {
        match bytes[at] {
            b'|' | b'>' => return Some(at),
            b' ' | b'\t' | b'\n' | b'\r' | b'-' | b':' | b'?' | 0xef | 0xbb | 0xbf => at += 1,
            b'&' | b'!' => at += bytes[at..].iter().position(u8::is_ascii_whitespace)?,
            b'#' => at += bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'))?,
            _ => return None,
        }
    }
    None
}
