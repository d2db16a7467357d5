//! The YAML of front matter: a tree in which every value knows its line. Anchors, tags and several documents have no place there.

use granit_parser::{Event, Parser, ScalarStyle, Span};
use plimsoll_finding::Lines;

/// Deeper front matter is a mistake.
const MAX_DEPTH: usize = 32;

/// A value with the line it starts at, counted from 1 in the text it was read from.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Yaml {
    pub(crate) line: u32,
    /// Column of the first character of a plain scalar's text, from 1; 0 where text and source differ.
    pub(crate) column: u32,
    pub(crate) value: Value,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// Text, and whether it was written plain: then it may mean null, a bool or a number.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Yaml>),
    Map(Vec<Entry>),
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) line: u32,
    pub(crate) value: Yaml,
}

/// Reads one value; an error has a line and a cause.
pub(crate) fn parse(text: &str) -> Result<Yaml, (u32, String)> {
    let parser = Parser::new_from_str(text).filter(|event| !matches!(event, Ok((Event::Comment(..), _))));
    let mut events = Events { parser, text, lines: Lines::new(text) };
    let mut root = None;
    loop {
        match events.next()? {
            (Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
            (Event::StreamEnd, _) => break,
            (event, span) if root.is_none() => root = Some(events.value(event, span, 0)?),
            (_, span) => return Err((events.line(&span), "front matter is one YAML document".to_owned())),
        }
    }
    Ok(root.unwrap_or(Yaml { line: 1, column: 0, value: Value::Map(vec![]) }))
}

type Item<'t> = Result<(Event<'t>, Span), granit_parser::ScanError>;

struct Events<'t, I> {
    parser: I,
    text: &'t str,
    lines: Lines,
}

impl<'t, I: Iterator<Item = Item<'t>>> Events<'t, I> {
    fn next(&mut self) -> Result<(Event<'t>, Span), (u32, String)> {
        match self.parser.next() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err((self.line_at(error.marker().byte_offset()), error.info().clone())),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// The line of a place. The parser counts a carriage return alone as the end of a line, which nobody else does.
    fn line_at(&self, offset: Option<usize>) -> u32 {
        self.lines.position(self.text, offset.unwrap_or_default() as u32).line
    }

    fn line(&self, span: &Span) -> u32 {
        self.line_at(span.start.byte_offset())
    }

    fn value(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Yaml, (u32, String)> {
        let at = self.line(&span);
        if depth > MAX_DEPTH {
            return Err((at, "nested too deeply".to_owned()));
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let plain = style == ScalarStyle::Plain;
                // Only where the text stands on one line as it is written does a column in it mean a column of the file.
                let column = if plain && span.end.line() == span.start.line() { span.start.col() as u32 + 1 } else { 0 };
                Ok(Yaml { line: at, column, value: Value::Scalar { text: text.into_owned(), plain } })
            }
            Event::SequenceStart(..) => {
                let mut items = vec![];
                loop {
                    match self.next()? {
                        (Event::SequenceEnd | Event::StreamEnd, _) => break,
                        (event, span) => items.push(self.value(event, span, depth + 1)?),
                    }
                }
                Ok(Yaml { line: at, column: 0, value: Value::List(items) })
            }
            Event::MappingStart(..) => {
                let mut entries: Vec<Entry> = vec![];
                loop {
                    let (event, span) = self.next()?;
                    let line = self.line(&span);
                    let key = match event {
                        Event::MappingEnd | Event::StreamEnd => break,
                        Event::Scalar(text, ..) => text.into_owned(),
                        _ => return Err((line, "a key must be a word".to_owned())),
                    };
                    if entries.iter().any(|entry| entry.key == key) {
                        return Err((line, format!("`{key}` is written twice")));
                    }
                    let (event, span) = self.next()?;
                    entries.push(Entry { key, line, value: self.value(event, span, depth + 1)? });
                }
                Ok(Yaml { line: at, column: 0, value: Value::Map(entries) })
            }
            _ => Err((at, "anchors and aliases have no place in front matter".to_owned())),
        }
    }
}

impl Yaml {
    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether nothing is written.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// As JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Scalar { text, plain: true } => match text.as_str() {
                "" | "~" | "null" => Json::Null,
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                _ => number(text).unwrap_or_else(|| Json::String(text.clone())),
            },
            Value::Scalar { text, .. } => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(Self::json).collect()),
            Value::Map(entries) => Json::Object(entries.iter().map(|entry| (entry.key.clone(), entry.value.json())).collect()),
        }
    }
}

fn number(text: &str) -> Option<serde_json::Value> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(serde_json::Value::Number)
}
