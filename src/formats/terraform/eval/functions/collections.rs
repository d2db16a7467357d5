//! Functions on lists, sets and maps.

use super::super::convert::{Known, whole};
use super::super::operators::equal;
use super::super::types::set;
use super::super::value::{Data, SequenceKind, Value};
use super::super::{Fault, Outcome};
use super::{Arguments, need};

pub(super) fn call(arguments: &Arguments<'_, '_, '_>) -> Option<Outcome> {
    Some(match arguments.name {
        "length" => length(arguments),
        "concat" => concat(arguments),
        "contains" => contains(arguments),
        "keys" => keys(arguments),
        "values" => values(arguments),
        "compact" => compact(arguments),
        "distinct" => distinct(arguments),
        "flatten" => flatten(arguments),
        "slice" => slice(arguments),
        "reverse" => reverse(arguments),
        "sort" => sort(arguments),
        "index" => index_of(arguments),
        "alltrue" => quantify(arguments, false),
        "anytrue" => quantify(arguments, true),
        "range" => range(arguments),
        "setunion" => set_union(arguments),
        "setsubtract" | "setintersection" => set_filter(arguments),
        "chunklist" => chunks(arguments),
        _ => return None,
    })
}

fn length(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let value = arguments.get(0)?;
    match &value.data {
        Data::Unknown(cause) => arguments.unknown(cause.clone()),
        Data::String(text) if text.is_ascii() => arguments.done(Value::number(text.len() as f64)),
        Data::String(_) => arguments.unknown("length of text outside ASCII".into()),
        Data::Sequence(sequence) if sequence.kind == SequenceKind::Set && !sequence.summary.whole => {
            arguments.unknown("the set has unknown elements".into())
        }
        Data::Sequence(sequence) => Ok(Value::number(sequence.items.len() as f64).inheriting([&value.with_data(Data::Null)])),
        Data::Mapping(mapping) if mapping.open => arguments.unknown("the map may hold more keys".into()),
        Data::Mapping(mapping) => Ok(Value::number(mapping.entries.len() as f64).inheriting([&value.with_data(Data::Null)])),
        _ => Err(Fault::new("length needs a string or collection")),
    }
}

fn concat(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut all = vec![];
    let mut lists = true;
    for (at, value) in arguments.values.iter().enumerate() {
        if value.type_name() == "set" {
            return Err(Fault::new("concat needs lists, not sets"));
        }
        all.extend(need!(arguments, arguments.items(at)));
        lists &= matches!(&value.data, Data::Sequence(sequence) if sequence.kind == SequenceKind::List);
    }
    Ok(Value::sequence(if lists { SequenceKind::List } else { SequenceKind::Tuple }, all))
}

fn contains(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    arguments.exactly(2)?;
    let items = need!(arguments, arguments.items(0));
    let wanted = arguments.get(1)?;
    let mut unknown = wanted.is_null();
    for item in &items {
        match equal(arguments.environment.scope, item, wanted) {
            Some(true) if !wanted.is_null() => return arguments.done(Value::bool(true)),
            Some(true) => {}
            // Lists have one element type, to which the wanted value is converted.
            Some(false) => {
                let same_text = item.as_text().ok().zip(wanted.as_text().ok());
                if let Some((Known::Yes(a), Known::Yes(b))) = same_text
                    && a == b
                {
                    unknown = true;
                }
            }
            None => unknown = true,
        }
    }
    if unknown { arguments.unknown("part of the list cannot be told".into()) } else { arguments.done(Value::bool(false)) }
}

fn keys(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let value = arguments.get(0)?;
    match &value.data {
        Data::Unknown(cause) => arguments.unknown(cause.clone()),
        Data::Mapping(mapping) if mapping.open => arguments.unknown("the map may hold more keys".into()),
        Data::Mapping(mapping) => {
            let keys = mapping.entries.keys().map(|key| Value::string(key.clone())).collect();
            let kind = if value.type_name() == "map" { SequenceKind::List } else { SequenceKind::Tuple };
            Ok(Value::sequence(kind, keys).inheriting([&value.with_data(Data::Null)]))
        }
        _ => Err(Fault::new("keys needs a map")),
    }
}

fn values(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let value = arguments.get(0)?;
    match &value.data {
        Data::Unknown(cause) => arguments.unknown(cause.clone()),
        Data::Mapping(mapping) if mapping.open => arguments.unknown("the map may hold more keys".into()),
        Data::Mapping(mapping) => {
            let values = mapping.entries.values().map(|entry| value.part(&entry.value)).collect();
            Ok(Value::sequence(if value.type_name() == "map" { SequenceKind::List } else { SequenceKind::Tuple }, values))
        }
        _ => Err(Fault::new("values needs a map")),
    }
}

fn compact(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut kept = vec![];
    for item in need!(arguments, arguments.items(0)) {
        match &item.data {
            Data::Unknown(cause) => return arguments.unknown(cause.clone()),
            Data::Null => {}
            Data::String(text) if text.is_empty() => {}
            _ => kept.push(item.to_text_value()?),
        }
    }
    Ok(Value::sequence(SequenceKind::List, kept))
}

fn distinct(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let scope = arguments.environment.scope;
    let mut kept: Vec<Value> = vec![];
    let items = need!(arguments, arguments.items(0));
    for item in need!(arguments, arguments.unified(&items)) {
        if !scope.spend(kept.len()) {
            return arguments.unknown("evaluation limit".into());
        }
        let mut same = Some(false);
        for other in &kept {
            match equal(scope, &item, other) {
                Some(true) => {
                    same = Some(true);
                    break;
                }
                Some(false) => {}
                None => same = None,
            }
        }
        match same {
            Some(true) => {}
            Some(false) => kept.push(item),
            None => return arguments.unknown("part of the list cannot be told".into()),
        }
    }
    Ok(Value::sequence(SequenceKind::List, kept))
}

fn flatten(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut flat = vec![];
    let mut stack: Vec<Value> = need!(arguments, arguments.items(0));
    stack.reverse();
    while let Some(item) = stack.pop() {
        if !arguments.environment.scope.spend(1) {
            return arguments.unknown("evaluation limit".into());
        }
        match &item.data {
            Data::Sequence(sequence) => stack.extend(sequence.items.iter().rev().map(|inner| item.part(inner))),
            // An unknown element may be a list itself.
            Data::Unknown(cause) => return arguments.unknown(cause.clone()),
            _ => flat.push(item),
        }
    }
    Ok(Value::tuple(flat))
}

fn slice(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let items = need!(arguments, arguments.items(0));
    let (start, end) = (whole(need!(arguments, arguments.number(1)))?, whole(need!(arguments, arguments.number(2)))?);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok()).filter(|(start, end)| start <= end);
    let part = range.and_then(|(start, end)| items.get(start..end)).ok_or_else(|| Fault::new("slice outside the list"))?;
    let kind = if arguments.get(0)?.type_name() == "list" { SequenceKind::List } else { SequenceKind::Tuple };
    Ok(Value::sequence(kind, part.to_vec()))
}

fn reverse(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut items = need!(arguments, arguments.items(0));
    items.reverse();
    let kind = if arguments.get(0)?.type_name() == "tuple" { SequenceKind::Tuple } else { SequenceKind::List };
    Ok(Value::sequence(kind, items))
}

fn sort(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut texts = need!(arguments, arguments.texts(0));
    texts.sort();
    arguments.done(Value::sequence(SequenceKind::List, texts.into_iter().map(Value::string).collect()))
}

fn index_of(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let items = need!(arguments, arguments.items(0));
    for (at, item) in items.iter().enumerate() {
        match equal(arguments.environment.scope, item, arguments.get(1)?) {
            Some(true) => return arguments.done(Value::number(at as f64)),
            Some(false) => {}
            None => return arguments.unknown("part of the list cannot be told".into()),
        }
    }
    Err(Fault::new("the list does not hold the value"))
}

/// `alltrue` and `anytrue`: one known item that decides is enough. Null counts as false.
fn quantify(arguments: &Arguments<'_, '_, '_>, deciding: bool) -> Outcome {
    let mut unknown = None;
    for item in need!(arguments, arguments.items(0)) {
        let known = if item.is_null() { Known::Yes(false) } else { item.as_bool()? };
        match known {
            Known::Yes(value) if value == deciding => return arguments.done(Value::bool(deciding)),
            Known::Yes(_) => {}
            Known::No(cause) => unknown = Some(cause),
        }
    }
    match unknown {
        Some(cause) => arguments.unknown(cause),
        None => arguments.done(Value::bool(!deciding)),
    }
}

fn range(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut numbers = vec![];
    for at in 0..arguments.values.len() {
        numbers.push(whole(need!(arguments, arguments.number(at)))?);
    }
    let (start, end, step) = match numbers.as_slice() {
        [end] => (0, *end, if *end < 0 { -1 } else { 1 }),
        [start, end] => (*start, *end, if end < start { -1 } else { 1 }),
        [start, end, step] if *step != 0 && (end >= start) == (*step > 0) => (*start, *end, *step),
        _ => return Err(Fault::new("range takes a start, an end and a step in their direction")),
    };
    let count = (end - start).abs().div_ceil_by(step.abs());
    if count > 1024 {
        return Err(Fault::new("range gives more than 1024 numbers"));
    }
    let items = (0..count).map(|at| Value::number((start + at * step) as f64)).collect();
    arguments.done(Value::sequence(SequenceKind::List, items))
}

trait DivCeil {
    fn div_ceil_by(self, by: Self) -> Self;
}

impl DivCeil for i64 {
    fn div_ceil_by(self, by: Self) -> Self {
        self / by + i64::from(self % by != 0)
    }
}

fn set_union(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut all = vec![];
    for at in 0..arguments.values.len() {
        all.extend(need!(arguments, arguments.items(at)));
    }
    if all.iter().any(|item| !item.is_whole()) {
        return arguments.unknown("a set has unknown elements".into());
    }
    let all = need!(arguments, arguments.unified(&all));
    arguments.done(set(arguments.environment.scope, all))
}

fn set_filter(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let mut kept = need!(arguments, arguments.items(0));
    let keep_common = arguments.name == "setintersection";
    for at in 1..arguments.values.len() {
        let other = need!(arguments, arguments.items(at));
        let scope = arguments.environment.scope;
        let split = kept.len();
        kept.extend(other);
        kept = need!(arguments, arguments.unified(&kept));
        let other = kept.split_off(split);
        if kept.iter().chain(&other).any(|item| !item.is_whole()) || !scope.spend(kept.len() * other.len()) {
            return arguments.unknown("a set has unknown elements".into());
        }
        kept.retain(|item| other.iter().any(|other| equal(scope, item, other) == Some(true)) == keep_common);
    }
    arguments.done(set(arguments.environment.scope, kept))
}

fn chunks(arguments: &Arguments<'_, '_, '_>) -> Outcome {
    let items = need!(arguments, arguments.items(0));
    let items = need!(arguments, arguments.unified(&items));
    let size = whole(need!(arguments, arguments.number(1)))?;
    if size < 1 {
        return arguments.unknown("chunks without size".into());
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let lists = items.chunks(size).map(|chunk| Value::sequence(SequenceKind::List, chunk.to_vec())).collect();
    Ok(Value::sequence(SequenceKind::List, lists))
}
