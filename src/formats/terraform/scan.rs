//! The outer shape of HCL text, without parsing it: where top-level items begin and end, and where comments are.
//!
//! The parser knows no recovery and drops some comments. This scanner knows strings, templates, heredocs and brackets well enough to
//! hand the parser one item at a time, so a mistake costs one item. It keeps its own stack, so nesting cannot overflow it.

/// What the scanner saw in a stretch of text. All positions are byte offsets into the whole text.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// Top-level items (argument or block), without trivia around them.
    pub(crate) items: Vec<ItemRange>,
    /// Comments in order, markers included, line ends excluded.
    pub(crate) comments: Vec<(u32, u32)>,
}

/// One top-level item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ItemRange {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// A mistake that the parser would not see, or that shifts every bracket after it.
    pub(crate) mistake: Option<Mistake>,
}

/// A mistake in the outer shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) at: u32,
    pub(crate) cause: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// Anything that is neither trivia nor a bracket.
    Token(usize),
    Newline(usize),
    Comment(usize, usize),
    Open(u8, usize),
    Close(u8, usize),
    Mistake(usize, &'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Inside a bracket; `$` stands for `${` and `%{`.
    Code(u8),
    Quote(usize),
    Heredoc {
        marker: (usize, usize),
        line_start: bool,
    },
}

/// Reads HCL text event by event.
pub(crate) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    end: usize,
    modes: Vec<Mode>,
    /// End of the last byte that is not trivia.
    solid: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str, start: usize, end: usize) -> Self {
        Self { text: text.as_bytes(), at: start, end, modes: vec![], solid: start }
    }

    /// How many brackets, strings and heredocs are open.
    pub(crate) fn depth(&self) -> usize {
        self.modes.len()
    }

    fn byte(&self, ahead: usize) -> u8 {
        if self.at + ahead < self.end { self.text[self.at + ahead] } else { 0 }
    }

    fn find(&self, from: usize, byte: u8) -> usize {
        self.text[from..self.end].iter().position(|found| *found == byte).map_or(self.end, |at| from + at)
    }

    pub(crate) fn next(&mut self) -> Option<Event> {
        loop {
            if self.at >= self.end {
                return self.finish();
            }
            let event = match self.modes.last().copied() {
                None | Some(Mode::Code(_)) => {
                    let event = self.code();
                    if event.is_some_and(|event| !matches!(event, Event::Newline(_) | Event::Comment(..))) {
                        self.solid = self.at;
                    }
                    event
                }
                Some(Mode::Quote(_)) => self.quote(),
                Some(Mode::Heredoc { marker, line_start }) => self.heredoc(marker, line_start),
            };
            if event.is_some() {
                return event;
            }
        }
    }

    /// At the end of the text: what is still open is reported once.
    fn finish(&mut self) -> Option<Event> {
        let open = self.modes.iter().rev().find_map(|mode| match mode {
            Mode::Quote(start) => Some((*start, "unterminated string")),
            Mode::Heredoc { marker, .. } => Some((marker.0, "unterminated heredoc")),
            Mode::Code(_) => None,
        });
        self.modes.retain(|mode| matches!(mode, Mode::Code(_)));
        open.map(|(at, cause)| Event::Mistake(at, cause))
    }

    fn code(&mut self) -> Option<Event> {
        let start = self.at;
        let byte = self.byte(0);
        self.at += 1;
        match byte {
            b' ' | b'\t' => None,
            b'\r' if self.byte(0) == b'\n' => None,
            b'\r' => Some(Event::Mistake(start, "carriage return without line feed")),
            b'\n' => Some(Event::Newline(start)),
            b'#' => Some(self.line_comment(start)),
            b'/' if self.byte(0) == b'/' => Some(self.line_comment(start)),
            b'/' if self.byte(0) == b'*' => {
                let body = &self.text[(start + 2).min(self.end)..self.end];
                if let Some(length) = body.windows(2).position(|pair| pair == b"*/") {
                    self.at = start + 4 + length;
                    return Some(Event::Comment(start, self.at));
                }
                self.at = self.end;
                Some(Event::Mistake(start, "unterminated comment"))
            }
            b'"' => {
                self.modes.push(Mode::Quote(start));
                Some(Event::Token(start))
            }
            b'{' | b'[' | b'(' => {
                self.modes.push(Mode::Code(byte));
                Some(Event::Open(byte, start))
            }
            b'}' | b']' | b')' => Some(self.close(byte, start)),
            b'<' if self.byte(0) == b'<' => {
                if let Some(marker) = self.heredoc_marker() {
                    self.at = self.find(marker.1, b'\n') + 1;
                    self.modes.push(Mode::Heredoc { marker, line_start: true });
                }
                Some(Event::Token(start))
            }
            _ => {
                while self.at < self.end
                    && (self.text[self.at].is_ascii_alphanumeric() || matches!(self.text[self.at], b'_' | b'-' | 0x80..))
                {
                    self.at += 1;
                }
                Some(Event::Token(start))
            }
        }
    }

    fn line_comment(&mut self, start: usize) -> Event {
        let mut end = self.find(start, b'\n');
        self.at = end;
        if end > start && self.text[end - 1] == b'\r' {
            end -= 1;
        }
        Event::Comment(start, end)
    }

    fn close(&mut self, byte: u8, start: usize) -> Event {
        let opener = match byte {
            b'}' => b'{',
            b']' => b'[',
            _ => b'(',
        };
        for at in (0..self.modes.len()).rev() {
            match self.modes[at] {
                Mode::Code(b'$') if byte == b'}' => {
                    self.modes.truncate(at);
                    return Event::Close(b'$', start);
                }
                Mode::Code(open) if open == opener => {
                    let crossed = at + 1 < self.modes.len();
                    self.modes.truncate(at);
                    return if crossed { Event::Mistake(start, "closing bracket of another kind") } else { Event::Close(byte, start) };
                }
                // Looking far up for every stray bracket would be quadratic, and no longer helps.
                Mode::Code(_) if self.modes.len() - at < 64 => {}
                _ => break,
            }
        }
        Event::Mistake(start, "closing bracket without its opening one")
    }

    /// The marker of a heredoc that starts here (one `<` already taken).
    fn heredoc_marker(&self) -> Option<(usize, usize)> {
        let mut start = self.at + 1;
        if start < self.end && self.text[start] == b'-' {
            start += 1;
        }
        let mut end = start;
        while end < self.end && (self.text[end].is_ascii_alphanumeric() || matches!(self.text[end], b'_' | b'-' | 0x80..)) {
            end += 1;
        }
        let newline =
            matches!(self.text.get(end), Some(b'\n')) || (self.text.get(end) == Some(&b'\r') && self.text.get(end + 1) == Some(&b'\n'));
        (end > start && end < self.end && newline).then_some((start, end))
    }

    /// `$${` and `%%{` are text, `${` and `%{` open a template.
    fn template(&mut self) -> Option<Event> {
        let start = self.at;
        let byte = self.byte(0);
        if self.byte(1) == byte && self.byte(2) == b'{' {
            self.at += 3;
            return None;
        }
        if self.byte(1) == b'{' {
            self.at += 2;
            self.modes.push(Mode::Code(b'$'));
            return Some(Event::Open(b'$', start));
        }
        self.at += 1;
        None
    }

    fn quote(&mut self) -> Option<Event> {
        while self.at < self.end {
            match self.text[self.at] {
                b'\\' if self.byte(1) != b'\n' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    self.solid = self.at;
                    self.modes.pop();
                    return None;
                }
                b'$' | b'%' => {
                    let event = self.template();
                    if event.is_some() {
                        return event;
                    }
                }
                b'\n' => {
                    self.solid = self.at;
                    self.modes.pop();
                    return Some(Event::Mistake(self.at, "line break in a quoted string"));
                }
                _ => self.at += 1,
            }
        }
        None
    }

    fn heredoc(&mut self, marker: (usize, usize), line_start: bool) -> Option<Event> {
        if line_start {
            let line_end = self.find(self.at, b'\n');
            let line = &self.text[self.at..line_end];
            if line.trim_ascii() == &self.text[marker.0..marker.1] {
                let indent = line.len() - line.trim_ascii_start().len();
                self.at += indent + (marker.1 - marker.0);
                self.solid = self.at;
                self.modes.pop();
                return None;
            }
            if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
                *line_start = false;
            }
        }
        while self.at < self.end {
            match self.text[self.at] {
                b'\n' => {
                    self.at += 1;
                    if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
                        *line_start = true;
                    }
                    return None;
                }
                b'$' | b'%' => {
                    let event = self.template();
                    if event.is_some() {
                        return event;
                    }
                }
                _ => self.at += 1,
            }
        }
        None
    }
}

/// Words that begin a top-level block. One of them at the start of a line inside an unfinished block means that a brace is missing above.
const TOP_LEVEL: [&str; 14] = [
    "terraform",
    "provider",
    "variable",
    "locals",
    "resource",
    "data",
    "ephemeral",
    "module",
    "output",
    "moved",
    "import",
    "removed",
    "check",
    "action",
];

/// Splits `start..end` of `text` into items. Time is linear: going back to an earlier line after a missing brace draws on a budget, after
/// which such a line ends the item at once.
pub(crate) fn shape(text: &str, start: usize, end: usize) -> Shape {
    let mut shape = Shape::default();
    let mut budget = 4 * (end - start);
    let mut from = start;
    while from < end {
        from = items(text, from, end, &mut shape, &mut budget);
    }
    shape
}

/// Reads items from `from` on; returns where to go on, `end` if everything was read.
fn items(text: &str, from: usize, end: usize, shape: &mut Shape, budget: &mut usize) -> usize {
    let mut lexer = Lexer::new(text, from, end);
    let mut item: Option<ItemRange> = None;
    let mut candidate: Option<(usize, usize)> = None;
    loop {
        let before = lexer.solid;
        let Some(event) = lexer.next() else { break };
        match event {
            Event::Newline(_) if lexer.depth() == 0 => {
                if let Some(range) = item.take() {
                    shape.items.push(ItemRange { end: lexer.solid as u32, ..range });
                }
                candidate = None;
            }
            Event::Newline(_) => {}
            Event::Comment(start, comment_end) => shape.comments.push((start as u32, comment_end as u32)),
            Event::Token(at) | Event::Open(_, at) | Event::Close(_, at) | Event::Mistake(at, _) => {
                if let Event::Token(at) = event
                    && candidate.is_none()
                    && lexer.depth() > 0
                    && item.is_some()
                    && begins_block(text, at)
                {
                    if *budget == 0 {
                        return cut(shape, item, before, at);
                    }
                    candidate = Some((at, before));
                }
                let range = item.get_or_insert(ItemRange { start: at as u32, end: at as u32, mistake: None });
                if let Event::Mistake(at, cause) = event
                    && range.mistake.is_none()
                {
                    range.mistake = Some(Mistake { at: at as u32, cause });
                }
            }
        }
    }
    if lexer.depth() > 0
        && let Some((at, before)) = candidate
    {
        *budget = budget.saturating_sub(end - at);
        return cut(shape, item, before, at);
    }
    if let Some(mut range) = item {
        if lexer.depth() > 0 && range.mistake.is_none() {
            range.mistake = Some(Mistake { at: range.start, cause: "a bracket that is opened here is never closed" });
        }
        let item_end = if range.mistake.is_some() { trimmed(text, range.start as usize, end) } else { lexer.solid };
        shape.items.push(ItemRange { end: item_end as u32, ..range });
    }
    end
}

/// Ends the unfinished item before `at`, forgets what was seen from there on, and goes on there.
fn cut(shape: &mut Shape, item: Option<ItemRange>, before: usize, at: usize) -> usize {
    while shape.comments.last().is_some_and(|(start, _)| *start as usize >= at) {
        shape.comments.pop();
    }
    if let Some(range) = item {
        let mistake = range.mistake.filter(|mistake| (mistake.at as usize) < at);
        let mistake = mistake.or(Some(Mistake { at: range.start, cause: "a bracket that is opened here is never closed" }));
        shape.items.push(ItemRange { end: before as u32, mistake, ..range });
    }
    at
}

/// The end of the last item: without trailing white space (trailing comments may stay, the parser knows them).
fn trimmed(text: &str, start: usize, end: usize) -> usize {
    start + text[start..end].trim_end().len()
}

fn begins_block(text: &str, at: usize) -> bool {
    if at > 0 && text.as_bytes()[at - 1] != b'\n' {
        return false;
    }
    let rest = &text[at..];
    TOP_LEVEL.iter().any(|word| {
        rest.strip_prefix(word).is_some_and(|rest| {
            let after = rest.trim_start_matches([' ', '\t']);
            after.starts_with('{') || (after.len() < rest.len() && after.starts_with('"'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        shape(text, 0, text.len()).items.iter().map(|item| &text[item.start as usize..item.end as usize]).collect()
    }

    #[test]
    fn items_end_where_their_line_ends_outside_brackets() {
        let text = "a = 1 # c\nb \"x\" {\n  c = [\n    1,\n  ]\n}\n\n# d\ne = \"${\n  f}\"\n";
        assert_eq!(split(text), ["a = 1", "b \"x\" {\n  c = [\n    1,\n  ]\n}", "e = \"${\n  f}\""]);
    }

    #[test]
    fn brackets_in_strings_comments_and_heredocs_do_not_count() {
        let text = "a = \"{ \\\" $${ \"\nb = <<-E\n  } ${ {x = 1}.x } \n E x\n  E\nc = 1 /* { */\n";
        assert_eq!(split(text), ["a = \"{ \\\" $${ \"", "b = <<-E\n  } ${ {x = 1}.x } \n E x\n  E", "c = 1"]);
    }

    #[test]
    fn a_missing_brace_costs_one_block() {
        let text = "resource \"a\" \"b\" {\n  c {\n}\nresource \"d\" \"e\" {\n}\n";
        assert_eq!(split(text), ["resource \"a\" \"b\" {\n  c {\n}", "resource \"d\" \"e\" {\n}"]);
        assert!(shape(text, 0, text.len()).items[0].mistake.is_some());
        assert!(shape(text, 0, text.len()).items[1].mistake.is_none());
    }

    #[test]
    fn ten_thousand_unclosed_blocks_take_linear_time() {
        let text = "resource \"a\" \"b\" {\n".repeat(10_000);
        assert_eq!(shape(&text, 0, text.len()).items.len(), 10_000);
    }

    #[test]
    fn a_nested_block_named_like_a_top_level_one_stays_inside() {
        let text = "a {\ndata \"x\" {\n}\n}\n";
        assert_eq!(split(text), [text.trim_end()]);
    }
}
