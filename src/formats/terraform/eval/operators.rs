//! Unary and binary operators.

use super::convert::{Known, known};
use super::value::{Data, MappingKind, SequenceKind, Value};
use super::{Fault, Outcome, Scope};
use crate::syntax::{Binary, Unary};

pub(crate) fn unary(operator: Unary, operand: &Value) -> Outcome {
    Ok(match operator {
        Unary::Negate => Value::number(-known!(operand.as_number()?, operand)),
        Unary::Not => Value::bool(!known!(operand.as_bool()?, operand)),
    }
    .inheriting([operand]))
}

pub(crate) fn binary(scope: &Scope<'_>, operator: Binary, left: &Value, right: &Value) -> Outcome {
    let value = match operator {
        Binary::Equal | Binary::NotEqual => match equal(scope, left, right) {
            Some(same) => Value::bool(same == (operator == Binary::Equal)),
            None => Value::unknown(cause(left, right)),
        },
        Binary::And | Binary::Or => return logical(operator, left, right),
        Binary::Less | Binary::LessEqual | Binary::Greater | Binary::GreaterEqual => {
            let (a, b) = numbers(left, right)?;
            let (Known::Yes(a), Known::Yes(b)) = (a, b) else {
                return Ok(Value::unknown(cause(left, right)).inheriting([left, right]));
            };
            Value::bool(match operator {
                Binary::Less => a < b,
                Binary::LessEqual => a <= b,
                Binary::Greater => a > b,
                _ => a >= b,
            })
        }
        Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => {
            let (a, b) = numbers(left, right)?;
            let (Known::Yes(a), Known::Yes(b)) = (a, b) else {
                return Ok(Value::unknown(cause(left, right)).inheriting([left, right]));
            };
            arithmetic(operator, a, b)?
        }
    };
    Ok(value.inheriting([left, right]))
}

fn numbers(left: &Value, right: &Value) -> Result<(Known<f64>, Known<f64>), Fault> {
    Ok((left.as_number()?, right.as_number()?))
}

fn cause(left: &Value, right: &Value) -> std::rc::Rc<str> {
    match (&left.data, &right.data) {
        (Data::Unknown(cause), _) | (_, Data::Unknown(cause)) => cause.clone(),
        _ => "part of the comparison cannot be told".into(),
    }
}

/// A known false decides `&&`, a known true `||`, whatever the other side is worth.
fn logical(operator: Binary, left: &Value, right: &Value) -> Outcome {
    let deciding = operator == Binary::Or;
    let (a, b) = (left.as_bool()?, right.as_bool()?);
    let value = match (&a, &b) {
        (Known::Yes(a), Known::Yes(b)) => Value::bool(if deciding { *a || *b } else { *a && *b }),
        (Known::Yes(known), Known::No(_)) | (Known::No(_), Known::Yes(known)) if *known == deciding => Value::bool(deciding),
        _ => Value::unknown(cause(left, right)),
    };
    Ok(value.inheriting([left, right]))
}

/// Whether doubles hold this number with room to spare: then sums and products are exact, as Terraform's wide numbers are.
fn plain(number: f64) -> bool {
    number.abs() < 4_294_967_296.0 && (number * 65_536.0).fract() == 0.0
}

fn arithmetic(operator: Binary, a: f64, b: f64) -> Outcome {
    if matches!(operator, Binary::Divide | Binary::Remainder) && b == 0.0 {
        return Err(Fault::new("division by zero"));
    }
    let result = match operator {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide => a / b,
        _ => a % b,
    };
    let exact = plain(a) && plain(b) && (operator != Binary::Divide || result * b == a && (result * 65_536.0).fract() == 0.0);
    Ok(if exact && result.abs() < 9e15 { Value::number(result) } else { Value::unknown("arithmetic beyond exact numbers") })
}

/// Whether two values are equal; `None` if it cannot be told. Different types are never equal, as in cty.
pub(crate) fn equal(scope: &Scope<'_>, left: &Value, right: &Value) -> Option<bool> {
    if !scope.spend(1) {
        return None;
    }
    match (&left.data, &right.data) {
        (Data::Unknown(_), _) | (_, Data::Unknown(_)) => None,
        (Data::Null, Data::Null) => Some(true),
        (Data::Bool(a), Data::Bool(b)) => Some(a == b),
        (Data::Number(a), Data::Number(b)) => {
            // Two different long decimals may share a double.
            if a == b && !plain(*a) && a.fract() != 0.0 { (format!("{a}").len() < 16).then_some(true) } else { Some(a == b) }
        }
        (Data::String(a), Data::String(b)) => Some(a == b),
        (Data::Sequence(a), Data::Sequence(b)) => {
            if a.kind != b.kind {
                return Some(false);
            }
            if a.items.is_empty() && b.items.is_empty() && a.kind != SequenceKind::Tuple {
                // The element types decide, and they are not kept.
                return None;
            }
            if a.kind == SequenceKind::Set && !(a.summary.whole && b.summary.whole) {
                return None;
            }
            if a.items.len() != b.items.len() {
                return Some(false);
            }
            all(a.items.iter().zip(&b.items).map(|(a, b)| equal(scope, a, b)))
        }
        (Data::Mapping(a), Data::Mapping(b)) => {
            if a.kind != b.kind {
                return Some(false);
            }
            if a.open || b.open || (a.entries.is_empty() && b.entries.is_empty() && a.kind == MappingKind::Map) {
                return None;
            }
            if a.entries.len() != b.entries.len() || a.entries.keys().ne(b.entries.keys()) {
                return Some(false);
            }
            all(a.entries.values().zip(b.entries.values()).map(|(a, b)| equal(scope, &a.value, &b.value)))
        }
        _ => Some(false),
    }
}

fn all(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for result in results {
        match result {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}
