//! Conversion between the primitive types, as cty does it where a type is expected.

use super::value::{Data, Marks, STRING_LIMIT, Value, number_text};
use super::{Fault, Outcome};
use std::rc::Rc;

/// What is left of a value where a primitive is expected: the primitive, or that it is unknown.
pub(crate) enum Known<T> {
    Yes(T),
    No(Rc<str>),
}

/// Unwraps a known primitive or returns the unknown from the function around.
macro_rules! known {
    ($known:expr, $($operand:expr),+) => {
        match $known {
            $crate::eval::convert::Known::Yes(value) => value,
            $crate::eval::convert::Known::No(cause) => return Ok(Value::unknown(cause).inheriting([$($operand),+])),
        }
    };
}
pub(crate) use known;

impl Value {
    pub(crate) fn as_number(&self) -> Result<Known<f64>, Fault> {
        match &self.data {
            Data::Unknown(cause) => Ok(Known::No(cause.clone())),
            Data::Number(number) => Ok(Known::Yes(*number)),
            Data::String(text) => match parse_number(text) {
                Some(number) => Ok(Known::Yes(number)),
                None => Err(Fault::new("a number is required")),
            },
            _ => Err(Fault::new(format!("a number is required, not {}", self.type_name()))),
        }
    }

    pub(crate) fn as_bool(&self) -> Result<Known<bool>, Fault> {
        match &self.data {
            Data::Unknown(cause) => Ok(Known::No(cause.clone())),
            Data::Bool(value) => Ok(Known::Yes(*value)),
            Data::String(text) => match &**text {
                "true" | "1" => Ok(Known::Yes(true)),
                "false" | "0" => Ok(Known::Yes(false)),
                _ => Err(Fault::new("a bool is required")),
            },
            _ => Err(Fault::new(format!("a bool is required, not {}", self.type_name()))),
        }
    }

    pub(crate) fn as_text(&self) -> Result<Known<Rc<str>>, Fault> {
        match &self.data {
            Data::Unknown(cause) => Ok(Known::No(cause.clone())),
            Data::Bool(value) => Ok(Known::Yes(if *value { "true" } else { "false" }.into())),
            Data::Number(number) => {
                Ok(number_text(*number)
                    .map_or_else(|| Known::No("number is too large to write out".into()), |text| Known::Yes(text.into())))
            }
            Data::String(text) => Ok(Known::Yes(text.clone())),
            _ => Err(Fault::new(format!("a string is required, not {}", self.type_name()))),
        }
    }

    /// This value as a string, keeping what is known of its way.
    pub(crate) fn to_text_value(&self) -> Outcome {
        match self.as_text()? {
            Known::Yes(text) => Ok(self.with_data(Data::String(text))),
            Known::No(cause) => Ok(self.with_data(Data::Unknown(cause))),
        }
    }

    pub(crate) fn to_number_value(&self) -> Outcome {
        match self.as_number()? {
            Known::Yes(number) => Ok(self.with_data(Data::Number(number))),
            Known::No(cause) => Ok(self.with_data(Data::Unknown(cause))),
        }
    }

    pub(crate) fn to_bool_value(&self) -> Outcome {
        match self.as_bool()? {
            Known::Yes(value) => Ok(self.with_data(Data::Bool(value))),
            Known::No(cause) => Ok(self.with_data(Data::Unknown(cause))),
        }
    }

    pub(crate) fn with_data(&self, data: Data) -> Self {
        Self { data, marks: self.marks, at: self.at, way: self.way.clone() }
    }

    /// The same without the sensitive mark.
    pub(crate) fn unsealed(mut self) -> Self {
        self.marks = self.marks.without(Marks::SENSITIVE);
        self
    }
}

/// A string, unless it grew beyond what is built.
pub(crate) fn text_value(text: String) -> Value {
    if text.len() > STRING_LIMIT { Value::unknown("text is too long to build") } else { Value::string(text) }
}

/// A decimal number as cty parses it from a string.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// An argument that must be known to count with: a whole number that a double holds exactly.
pub(crate) fn whole(number: f64) -> Result<i64, Fault> {
    if number.fract() == 0.0 && number.abs() < 9e15 { Ok(number as i64) } else { Err(Fault::new("a whole number is required")) }
}
