//! Compiles `schema/*.schema` into the tables of `src/schema.rs`.
//!
//! Grammar, line by line: `type Name`, then indented prose lines (its doc), then fields `  name: type [key=field] -- doc`;
//! `#` starts a comment line. Types: `bool number string dyn Name list<T> map<T> ref<T>`.

#[expect(unreachable_pub, reason = "the crate itself publishes them")]
#[path = "src/constant.rs"]
mod constant;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

const TARGETS: [&str; 4] = ["docker", "compose", "kubernetes", "terraform"];

fn main() {
    println!("cargo::rerun-if-changed=schema");
    let mut types =
        String::from("/// Every type of every target; a target's root comes first among its types.\npub static TYPES: &[Type] = &[\n");
    let frozen = fs::read_to_string("schema/symbols").unwrap_or_default();
    let mut keys: Vec<String> = frozen.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let mut seen: BTreeSet<String> = BTreeSet::from(["subject".to_owned()]);
    let mut parsed = vec![];
    for target in TARGETS {
        let path = format!("schema/{target}.schema");
        let text = fs::read_to_string(&path).unwrap_or_default();
        parsed.push((target, parse(&path, &text)));
    }
    for (_, list) in &parsed {
        for ty in list {
            seen.extend(ty.fields.iter().map(|field| field.name.clone()));
        }
    }
    keys.extend(seen.into_iter().filter(|key| !frozen.lines().any(|line| line == key)).collect::<Vec<_>>());
    let symbol = |name: &str| keys.iter().position(|key| key == name).expect("every key was collected") + 1;
    let places: Vec<(&str, &str)> = parsed.iter().flat_map(|(target, list)| list.iter().map(|ty| (*target, ty.name.as_str()))).collect();
    for (target, list) in &parsed {
        for ty in list {
            writeln!(types, "    Type {{ target: {target:?}, name: {:?}, doc: {:?}, fields: &[", ty.name, ty.doc.trim()).expect("string");
            for field in &ty.fields {
                let key = field.key.as_ref().map_or("None".to_owned(), |key| format!("Some({key:?})"));
                writeln!(
                    types,
                    "        Field {{ name: {:?}, symbol: crate::Symbol({}), ty: {}, key: {key}, doc: {:?} }},",
                    field.name,
                    symbol(&field.name),
                    render(&field.ty),
                    field.doc
                )
                .expect("string");
            }
            types.push_str("    ], leads: &[\n");
            for field in &ty.fields {
                let (nesting, fact, inner) = unwrap(&field.ty);
                if let Some(at) = places.iter().position(|place| *place == (*target, inner)) {
                    let symbol = symbol(&field.name);
                    writeln!(types, "        Lead {{ symbol: crate::Symbol({symbol}), nesting: {nesting}, ty: {at}, fact: {fact} }},")
                        .expect("string");
                }
            }
            types.push_str("    ] },\n");
        }
    }
    types.push_str("];\n\n/// Every schema key; a key's symbol is its position here plus one.\npub static KEYS: &[&str] = &[\n");
    for key in &keys {
        writeln!(types, "    {key:?},").expect("string");
    }
    types.push_str("];\n\n/// The schema's keys as constants.\n#[allow(missing_docs, reason = \"a constant per key; the schema documents them\")]\npub mod key {\n    use crate::Symbol;\n");
    for (at, key) in keys.iter().enumerate() {
        let name = constant::among(key, keys.iter().map(String::as_str));
        writeln!(types, "    pub const {name}: Symbol = Symbol({});", at + 1).expect("string");
    }
    types.push_str("}\n");
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("schema.rs"), types).expect("OUT_DIR is writable");
}

struct Type {
    name: String,
    doc: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    ty: String,
    key: Option<String>,
    doc: String,
}

fn parse(path: &str, text: &str) -> Vec<Type> {
    let mut types: Vec<Type> = vec![];
    for (at, line) in text.lines().enumerate() {
        let fail = |why: &str| -> ! { panic!("{path}:{}: {why}: {line}", at + 1) };
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("type ") {
            types.push(Type { name: name.trim().to_owned(), doc: String::new(), fields: vec![] });
            continue;
        }
        let Some(ty) = types.last_mut() else { fail("a field before the first type") };
        let trimmed = line.trim();
        // A field is `name: type -- doc`; anything else indented before the first field is prose.
        let Some((head, doc)) = trimmed.split_once(" -- ") else {
            if ty.fields.is_empty() {
                ty.doc.push_str(trimmed);
                ty.doc.push('\n');
                continue;
            }
            let last = ty.fields.last_mut().expect("not empty");
            last.doc.push(' ');
            last.doc.push_str(trimmed);
            continue;
        };
        let Some((name, rest)) = head.split_once(": ") else { fail("a field needs `name: type`") };
        let (ty_name, key) = match rest.split_once(" key=") {
            Some((ty_name, key)) => (ty_name, Some(key.trim().to_owned())),
            None => (rest, None),
        };
        ty.fields.push(Field { name: name.to_owned(), ty: ty_name.trim().to_owned(), key, doc: doc.to_owned() });
    }
    types
}

fn render(ty: &str) -> String {
    let inner = |prefix: &str| ty.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
    if let Some(ty) = inner("list<") {
        return format!("FieldType::List(&{})", render(ty));
    }
    if let Some(ty) = inner("map<") {
        return format!("FieldType::Map(&{})", render(ty));
    }
    if let Some(ty) = inner("ref<") {
        return format!("FieldType::Ref(&{})", render(ty));
    }
    match ty {
        "bool" => "FieldType::Bool".to_owned(),
        "number" => "FieldType::Number".to_owned(),
        "string" => "FieldType::String".to_owned(),
        "dyn" => "FieldType::Dyn".to_owned(),
        name => format!("FieldType::Named({name:?})"),
    }
}

/// What is inside lists, maps and refs: how many lists and maps, whether a ref, and the type.
fn unwrap(ty: &str) -> (u8, bool, &str) {
    let inner = |prefix: &str| ty.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
    if let Some((nesting, fact, ty)) = inner("list<").or_else(|| inner("map<")).map(unwrap) {
        return (nesting + 1, fact, ty);
    }
    inner("ref<").map_or((0, false, ty), |ty| (unwrap(ty).0, true, unwrap(ty).2))
}
