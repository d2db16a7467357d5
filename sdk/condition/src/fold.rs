//! The macros `all`, `exists`, `exists_one`, `map` and `filter`.
//!
//! A list that is open, and items that may or may not exist, leave the answer unknown unless what is certain decides it.

use crate::code::{Fold, FoldKind};
use crate::eval::{Evaluator, Rest, no_overload, not_bool};
use crate::value::{Item, List, MadeList, Value};
use std::rc::Rc;

struct Range<'a> {
    /// What the variables are: the item, or index and item; the key, or key and value.
    entries: Vec<(Value<'a>, Item<'a>)>,
    open: bool,
}

fn range<'a>(of: Value<'a>, fold: &Fold) -> Result<Range<'a>, Value<'a>> {
    match of {
        Value::Unknown | Value::Error(_) => Err(of),
        Value::Null => Ok(Range { entries: vec![], open: false }),
        Value::List(list) => {
            let entries = list.items().enumerate().map(|(at, item)| (Value::count(at), item)).collect();
            Ok(Range { entries, open: list.is_open() })
        }
        Value::Map(map) => {
            let mut entries = map.entries();
            if !fold.pairs {
                for (key, item) in &mut entries {
                    item.value = key.clone();
                }
            }
            Ok(Range { entries, open: map.is_open() })
        }
        other => Err(no_overload("a macro", &[&other])),
    }
}

#[inline(never)]
pub(crate) fn fold<'a>(evaluator: &mut Evaluator<'a, '_>, fold: &Fold) -> Value<'a> {
    let of = evaluator.eval(fold.range);
    let range = match range(of, fold) {
        Ok(range) => range,
        Err(value) => return value,
    };
    match fold.kind {
        FoldKind::All => quantify(evaluator, fold, range, false),
        FoldKind::Exists => quantify(evaluator, fold, range, true),
        FoldKind::ExistsOne => exists_one(evaluator, fold, range),
        FoldKind::Map => map(evaluator, fold, range),
        FoldKind::Filter => filter(evaluator, fold, range),
    }
}

/// Evaluates part of a macro with its variables in force.
fn with<'a>(evaluator: &mut Evaluator<'a, '_>, fold: &Fold, key: &Value<'a>, item: &Value<'a>, part: u32) -> Value<'a> {
    let before = evaluator.locals.len();
    if fold.pairs {
        evaluator.locals.push(key.clone());
    }
    evaluator.locals.push(item.clone());
    let value = evaluator.eval(part);
    evaluator.locals.truncate(before);
    value
}

/// `all` is decided by a false, `exists` by a true.
fn quantify<'a>(evaluator: &mut Evaluator<'a, '_>, fold: &Fold, range: Range<'a>, decides: bool) -> Value<'a> {
    let mut rest = Rest::default();
    for (key, item) in range.entries {
        match with(evaluator, fold, &key, &item.value, fold.body) {
            Value::Bool(value) if value != decides => {}
            Value::Bool(_) if item.may_exist => rest.add(Value::Unknown),
            Value::Bool(_) => return Value::Bool(decides),
            other => rest.add(not_bool(other, if decides { "exists" } else { "all" })),
        }
    }
    if range.open {
        rest.add(Value::Unknown);
    }
    rest.or(Value::Bool(!decides))
}

fn exists_one<'a>(evaluator: &mut Evaluator<'a, '_>, fold: &Fold, range: Range<'a>) -> Value<'a> {
    let mut count = 0;
    let mut rest = None;
    let mut maybe = range.open;
    for (key, item) in range.entries {
        match with(evaluator, fold, &key, &item.value, fold.body) {
            Value::Bool(false) => {}
            Value::Bool(true) if item.may_exist => maybe = true,
            Value::Bool(true) => count += 1,
            // The last one counts, as CEL's expansion of the macro has it.
            other => rest = Some(not_bool(other, "exists_one")),
        }
    }
    match rest {
        Some(value) => value,
        // Two are too many, whatever else there may be.
        None if count > 1 => Value::Bool(false),
        None if maybe => Value::Unknown,
        None => Value::Bool(count == 1),
    }
}

fn map<'a>(evaluator: &mut Evaluator<'a, '_>, fold: &Fold, range: Range<'a>) -> Value<'a> {
    let mut made = MadeList { items: Vec::with_capacity(range.entries.len()), open: range.open };
    for (key, item) in range.entries {
        let mut may_exist = item.may_exist;
        if let Some(filter) = fold.filter {
            match with(evaluator, fold, &key, &item.value, filter) {
                Value::Bool(true) => {}
                Value::Bool(false) => continue,
                Value::Unknown => may_exist = true,
                other => return not_bool(other, "map"),
            }
        }
        match with(evaluator, fold, &key, &item.value, fold.body) {
            // An item that may not be there at all is no reason to fail.
            Value::Error(_) if may_exist && !item.may_exist => made.open = true,
            Value::Error(failure) => return Value::Error(failure),
            value => made.items.push(Item { value, may_exist }),
        }
    }
    Value::List(List::Made(Rc::new(made)))
}

fn filter<'a>(evaluator: &mut Evaluator<'a, '_>, fold: &Fold, range: Range<'a>) -> Value<'a> {
    let mut made = MadeList { items: vec![], open: range.open };
    for (key, item) in range.entries {
        match with(evaluator, fold, &key, &item.value, fold.body) {
            Value::Bool(false) => {}
            Value::Bool(true) => made.items.push(item),
            Value::Unknown => made.items.push(Item { value: item.value, may_exist: true }),
            other => return not_bool(other, "filter"),
        }
    }
    Value::List(List::Made(Rc::new(made)))
}
