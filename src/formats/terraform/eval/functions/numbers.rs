//! Functions on numbers.

use super::super::Outcome;
use super::super::convert::{parse_number, whole};
use super::super::value::{Data, Value};
use super::super::{Fault, operators};
use super::{Arguments, need};
use crate::syntax::Binary;

pub(super) fn call(arguments: &Arguments<'_, '_, '_>) -> Option<Outcome> {
    Some(match arguments.name {
        "max" => extreme(arguments, f64::max),
        "min" => extreme(arguments, f64::min),
        "abs" => map(arguments, f64::abs),
        "ceil" => map(arguments, f64::ceil),
        "floor" => map(arguments, f64::floor),
        "signum" => signum(arguments),
        "sum" => sum(arguments),
        "parseint" => parse_int(arguments),
        _ => return None,
    })
}

fn map(arguments: &Arguments<'_, '_, '_>, change: impl FnOnce(f64) -> f64) -> Outcome {
    arguments.exactly(1)?;
    let number = need!(arguments, arguments.number(0));
    arguments.done(Value::number(change(number)))
}

fn signum(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let number = whole(need!(arguments, arguments.number(0)))?;
    arguments.done(Value::number(number.signum() as f64))
}

fn extreme(arguments: &Arguments<'_, '_, '_>, choose: impl Fn(f64, f64) -> f64) -> Outcome {
    let mut best = need!(arguments, arguments.number(0));
    for at in 1..arguments.values.len() {
        best = choose(best, need!(arguments, arguments.number(at)));
    }
    arguments.done(Value::number(best))
}

fn sum(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let items = need!(arguments, arguments.items(0));
    let Some((first, rest)) = items.split_first() else { return Err(Fault::new("sum needs a list that is not empty")) };
    let mut total = first.to_number_value()?;
    for item in rest {
        total = operators::binary(arguments.environment.scope, Binary::Add, &total, item)?;
    }
    arguments.done(total)
}

fn parse_int(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    arguments.exactly(2)?;
    if !matches!(arguments.get(0)?.data, Data::String(_) | Data::Unknown(_)) {
        return Err(Fault::new("parseint needs a string"));
    }
    let (text, base) = (need!(arguments, arguments.text(0)), need!(arguments, arguments.number(1)));
    let parsed = if base == 10.0 {
        parse_number(&text).filter(|number| number.fract() == 0.0 && !text.contains(['.', 'e', 'E']))
    } else if (2.0..=36.0).contains(&base) {
        i64::from_str_radix(&text, base as u32).ok().map(|number| number as f64)
    } else {
        return arguments.unknown("parseint with a rare base".into());
    };
    match parsed {
        Some(number) if number.abs() < 9e15 => arguments.done(Value::number(number)),
        Some(_) => arguments.unknown("number is too large".into()),
        None => Err(Fault::new("parseint needs a whole number")),
    }
}
