//! Terraform's functions, by what they work on. A function that is not here, or that reads files, networks or clocks, is unknown.

mod collections;
mod encoding;
mod lookups;
mod numbers;
mod strings;

use super::convert::Known;
use super::expression::elements;
use super::scope::Environment;
use super::value::{Data, Marks, Value};
use super::{Fault, Outcome};
use crate::syntax::{Call, Expr};
use plimsoll_document::Span;
use std::rc::Rc;

/// What a function is given.
struct Arguments<'a, 'e, 's> {
    environment: &'a Environment<'e, 's>,
    name: &'a str,
    values: Vec<Value>,
}

/// Evaluates a call.
pub(crate) fn call(environment: &Environment<'_, '_>, call: &Call, span: Span) -> Outcome {
    match &*call.name {
        "try" => return attempt(environment, &call.arguments),
        "can" => return can(environment, &call.arguments),
        _ => {}
    }
    let mut values = Vec::with_capacity(call.arguments.len());
    for (at, argument) in call.arguments.iter().enumerate() {
        let value = environment.eval(argument)?;
        if !(call.expand && at + 1 == call.arguments.len()) {
            values.push(value);
            continue;
        }
        match elements(&value)? {
            Ok(list) => values.extend(list.into_iter().map(|(_, element)| element)),
            Err(cause) => return Ok(Value::unknown(cause).inheriting([&value])),
        }
    }
    let work: usize = values.iter().map(|value| 1 + value.length().unwrap_or(0)).sum();
    if !environment.scope.spend(work) {
        return Ok(Value::unknown("evaluation limit"));
    }
    let arguments = Arguments { environment, name: &call.name, values };
    Ok(environment.scope.afford(dispatch(&arguments)?).through_call(span))
}

fn dispatch(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    for library in [lookups::call, collections::call, strings::call, encoding::call, numbers::call] {
        if let Some(outcome) = library(arguments) {
            return outcome;
        }
    }
    Ok(Value::unknown(format!("function {} is not evaluated here", arguments.name)).inheriting(&arguments.values))
}

/// `try`: the first argument that holds no mistake. What depends on anything unknown cannot be told.
fn attempt(environment: &Environment<'_, '_>, arguments: &[Expr]) -> Outcome {
    for argument in arguments {
        let (outcome, unknown) = environment.scope.meeting(|| environment.eval(argument));
        if let Ok(value) = outcome
            && (!unknown || value.is_whole())
            && value.is_whole()
        {
            return Ok(value);
        }
        if unknown {
            return Ok(Value::unknown("try depends on something unknown"));
        }
    }
    Err(Fault::new("no argument of try is without mistake"))
}

fn can(environment: &Environment<'_, '_>, arguments: &[Expr]) -> Outcome {
    let [argument] = arguments else { return Err(Fault::new("can takes one argument")) };
    let (outcome, unknown) = environment.scope.meeting(|| environment.eval(argument));
    Ok(match outcome {
        Ok(value) if value.is_whole() => Value::bool(true).inheriting([&value]),
        _ if unknown => Value::unknown("can depends on something unknown"),
        Ok(_) => Value::unknown("can depends on something unknown"),
        Err(_) => Value::bool(false),
    })
}

impl Arguments<'_, '_, '_> {
    fn get(&self, at: usize) -> Result<&Value, Fault> {
        self.values.get(at).ok_or_else(|| Fault::new(format!("{} needs more arguments", self.name)))
    }

    fn exactly(&self, count: usize) -> Result<(), Fault> {
        if self.values.len() == count { Ok(()) } else { Err(Fault::new(format!("{} takes {count} arguments", self.name))) }
    }

    /// The result of a function whose arguments all must be known.
    #[expect(clippy::unnecessary_wraps, reason = "it ends functions that give outcomes")]
    fn done(&self, value: Value) -> Outcome {
        Ok(value.inheriting(&self.values))
    }

    /// Unknown, because of this.
    #[expect(clippy::unnecessary_wraps, reason = "it ends functions that give outcomes")]
    fn unknown(&self, cause: Rc<str>) -> Outcome {
        Ok(Value::unknown(cause).inheriting(&self.values))
    }

    fn text(&self, at: usize) -> Result<Known<Rc<str>>, Fault> {
        self.get(at)?.as_text()
    }

    fn number(&self, at: usize) -> Result<Known<f64>, Fault> {
        self.get(at)?.as_number()
    }

    /// The items of a list, tuple or set.
    fn items(&self, at: usize) -> Result<Known<Vec<Value>>, Fault> {
        let value = self.get(at)?;
        match &value.data {
            Data::Unknown(cause) => Ok(Known::No(cause.clone())),
            Data::Sequence(sequence) => Ok(Known::Yes(sequence.items.iter().map(|item| value.part(item)).collect())),
            _ => Err(Fault::new(format!("{} needs a list, not {}", self.name, value.type_name()))),
        }
    }

    /// Items as the one type that a list or set of them has. Unknown where they are structures, whose types would have to be unified.
    fn unified(&self, items: &[Value]) -> Result<Known<Vec<Value>>, Fault> {
        if let [_, _, ..] = items
            && items.iter().any(|item| matches!(item.data, Data::Sequence(_) | Data::Mapping(_)))
        {
            return Ok(Known::No("a list of structures".into()));
        }
        let Some(ty) = lookups::common_type(items) else { return Err(Fault::new("the elements have no common type")) };
        let scope = self.environment.scope;
        Ok(Known::Yes(items.iter().map(|item| ty.convert(scope, item)).collect::<Result<_, _>>()?))
    }

    /// The items of a list of strings, all known.
    fn texts(&self, at: usize) -> Result<Known<Vec<Rc<str>>>, Fault> {
        let items = match self.items(at)? {
            Known::Yes(items) => items,
            Known::No(cause) => return Ok(Known::No(cause)),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.as_text()? {
                Known::Yes(text) => texts.push(text),
                Known::No(cause) => return Ok(Known::No(cause)),
            }
        }
        Ok(Known::Yes(texts))
    }
}

/// Unwraps a known argument or makes the call unknown.
macro_rules! need {
    ($arguments:expr, $known:expr) => {
        match $known? {
            $crate::eval::convert::Known::Yes(value) => value,
            $crate::eval::convert::Known::No(cause) => return $arguments.unknown(cause),
        }
    };
}
use need;

impl Value {
    /// Number of items or entries, if it is a container.
    fn length(&self) -> Option<usize> {
        match &self.data {
            Data::Sequence(sequence) => Some(sequence.items.len()),
            Data::Mapping(mapping) => Some(mapping.entries.len()),
            Data::String(text) => Some(text.len() / 64),
            _ => None,
        }
    }

    /// A function's result did not come from one literal, unless the function handed one on.
    fn through_call(self, span: Span) -> Self {
        if self.at.is_some() { self.through(span) } else { self }
    }

    fn sealed(self) -> Self {
        self.marked(Marks::SENSITIVE)
    }
}
