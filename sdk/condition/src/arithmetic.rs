//! Arithmetic, as CEL has it: no mixing of int and double, no overflow in silence.

use crate::code::Binary;
use crate::eval::no_overload;
use crate::value::{List, MadeList, Value};
use std::rc::Rc;

#[inline(never)]
pub(crate) fn negate<'a>(of: &Value<'a>) -> Value<'a> {
    match of {
        Value::Int(number) => number.checked_neg().map_or_else(overflow, Value::Int),
        Value::Double(number) => Value::Double(-number),
        Value::Unknown | Value::Error(_) => of.clone(),
        other => no_overload("-", &[other]),
    }
}

#[inline(never)]
pub(crate) fn binary<'a>(binary: Binary, left: &Value<'a>, right: &Value<'a>) -> Value<'a> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => ints(binary, *left, *right),
        (Value::Double(left), Value::Double(right)) => match binary {
            Binary::Add => Value::Double(left + right),
            Binary::Subtract => Value::Double(left - right),
            Binary::Multiply => Value::Double(left * right),
            Binary::Divide => Value::Double(left / right),
            _ => Value::error("`%` takes ints"),
        },
        (Value::Int(_), Value::Double(_)) | (Value::Double(_), Value::Int(_)) => {
            Value::error(format!("`{}` does not mix int and double (convert with `double(…)` or `int(…)`)", binary.text()))
        }
        (Value::Text(left), Value::Text(right)) if binary == Binary::Add => Value::text(format!("{}{}", left.as_str(), right.as_str())),
        (Value::List(left), Value::List(right)) if binary == Binary::Add => {
            let items = left.items().chain(right.items()).collect();
            Value::List(List::Made(Rc::new(MadeList { items, open: left.is_open() || right.is_open() })))
        }
        _ => no_overload(binary.text(), &[left, right]),
    }
}

fn ints<'a>(binary: Binary, left: i64, right: i64) -> Value<'a> {
    let result = match binary {
        Binary::Add => left.checked_add(right),
        Binary::Subtract => left.checked_sub(right),
        Binary::Multiply => left.checked_mul(right),
        Binary::Divide if right == 0 => return Value::error("division by zero"),
        Binary::Divide => left.checked_div(right),
        _ if right == 0 => return Value::error("remainder of a division by zero"),
        _ => left.checked_rem(right),
    };
    result.map_or_else(overflow, Value::Int)
}

fn overflow<'a>() -> Value<'a> {
    Value::error("int overflow")
}
