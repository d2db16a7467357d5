//! Text with `{expression}`s, and new values that hold such text.

use crate::bytes::{Malformed, Reader, Writer};
use crate::code::Program;
use crate::convert;
use crate::eval::Scope;
use crate::json::Json;
use crate::value::{Failure, Value};

/// Nesting beyond which a new value is refused.
pub(crate) const MAX_DEPTH: u32 = 32;

/// Text with expressions in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template {
    pub(crate) parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub(crate) enum Part {
    Literal(Box<str>),
    Expression(Program),
}

/// A text that could not be written.
#[derive(Debug)]
pub(crate) enum Unwritten {
    /// Part of it cannot be told.
    Unknown,
    /// Part of it cannot be evaluated.
    Failed(Failure),
}

impl Template {
    pub(crate) fn write(&self, out: &mut Writer) {
        out.count(self.parts.len());
        for part in &self.parts {
            match part {
                Part::Literal(text) => {
                    out.byte(0);
                    out.text(text);
                }
                Part::Expression(program) => {
                    out.byte(1);
                    program.write(out);
                }
            }
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>, variables: u32) -> Result<Self, Malformed> {
        let parts = (0..from.count()?)
            .map(|_| Ok(if from.flag()? { Part::Expression(Program::read(from, variables)?) } else { Part::Literal(from.text()?.into()) }));
        Ok(Self { parts: parts.collect::<Result<_, Malformed>>()? })
    }

    /// The text for a reader: what cannot be told says so; the first failure is given beside it.
    pub(crate) fn show<'a>(&'a self, scope: Scope<'a, '_>) -> (String, Option<Failure>) {
        let mut text = String::new();
        let mut failed = None;
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Expression(program) => {
                    let value = program.evaluate(scope);
                    text.push_str(&value.display());
                    if let Value::Error(failure) = value {
                        failed.get_or_insert(failure);
                    }
                }
            }
        }
        (text, failed)
    }

    /// The text for a file: complete, or not at all.
    fn fill<'a>(&'a self, scope: Scope<'a, '_>) -> Result<String, Unwritten> {
        self.assemble(scope, |part| part)
    }

    /// As [`Self::fill`], each inserted value escaped as part of a JSON Pointer.
    pub(crate) fn pointer<'a>(&'a self, scope: Scope<'a, '_>) -> Result<String, Unwritten> {
        self.assemble(scope, |part| part.replace('~', "~0").replace('/', "~1"))
    }

    fn assemble<'a>(&'a self, scope: Scope<'a, '_>, escape: impl Fn(String) -> String) -> Result<String, Unwritten> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Expression(program) => {
                    let value = match program.evaluate(scope) {
                        Value::Error(failure) => return Err(Unwritten::Failed(failure)),
                        Value::Text(part) => part.as_str().to_owned(),
                        other => convert::to_json(&other).ok_or(Unwritten::Unknown)?.to_string(),
                    };
                    text.push_str(&escape(value));
                }
            }
        }
        Ok(text)
    }
}

/// A new value: JSON in which texts are templates, and a text that is one expression is worth what that is worth.
#[derive(Clone, Debug)]
pub(crate) enum Plan {
    Null,
    Bool(bool),
    Number(f64),
    Text(Template),
    Value(Program),
    List(Vec<Plan>),
    Map(Vec<(Box<str>, Plan)>),
}

impl Plan {
    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Self::Null => out.byte(0),
            Self::Bool(value) => out.byte(1 + u8::from(*value)),
            Self::Number(number) => {
                out.byte(3);
                out.bytes.extend_from_slice(&number.to_le_bytes());
            }
            Self::Text(template) => {
                out.byte(4);
                template.write(out);
            }
            Self::Value(program) => {
                out.byte(5);
                program.write(out);
            }
            Self::List(items) => {
                out.byte(6);
                out.count(items.len());
                for item in items {
                    item.write(out);
                }
            }
            Self::Map(entries) => {
                out.byte(7);
                out.count(entries.len());
                for (key, value) in entries {
                    out.text(key);
                    value.write(out);
                }
            }
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>, variables: u32, depth: u32) -> Result<Self, Malformed> {
        if depth > MAX_DEPTH {
            return Err(Malformed("a new value is nested too deeply"));
        }
        Ok(match from.byte()? {
            0 => Self::Null,
            1 => Self::Bool(false),
            2 => Self::Bool(true),
            3 => {
                let mut bytes = [0; 8];
                for byte in &mut bytes {
                    *byte = from.byte()?;
                }
                Self::Number(f64::from_le_bytes(bytes))
            }
            4 => Self::Text(Template::read(from, variables)?),
            5 => Self::Value(Program::read(from, variables)?),
            6 => Self::List((0..from.count()?).map(|_| Self::read(from, variables, depth + 1)).collect::<Result<_, _>>()?),
            7 => {
                let entries = (0..from.count()?).map(|_| Ok((from.text()?.into(), Self::read(from, variables, depth + 1)?)));
                Self::Map(entries.collect::<Result<_, Malformed>>()?)
            }
            _ => return Err(Malformed("a kind of new value is not known")),
        })
    }

    /// The value, complete or not at all.
    pub(crate) fn fill<'a>(&'a self, scope: Scope<'a, '_>) -> Result<Json, Unwritten> {
        Ok(match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(number) => Json::Number(*number),
            Self::Text(template) => Json::String(template.fill(scope)?),
            Self::Value(program) => match program.evaluate(scope) {
                Value::Error(failure) => return Err(Unwritten::Failed(failure)),
                value => convert::to_json(&value).ok_or(Unwritten::Unknown)?,
            },
            Self::List(items) => Json::List(items.iter().map(|item| item.fill(scope)).collect::<Result<_, _>>()?),
            Self::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| Ok((key.to_string(), value.fill(scope)?)));
                Json::Map(entries.collect::<Result<_, Unwritten>>()?)
            }
        })
    }
}
