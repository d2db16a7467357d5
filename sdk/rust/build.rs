//! Generates the typed views from the schema tables: one file per target in `OUT_DIR`.

use plimsoll_document::constant;
use plimsoll_document::schema::{FieldType, KEYS, TYPES, Type};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

/// Methods that every view or field has; a schema field of that name gets an underscore behind it.
const TAKEN: [&str; 14] = [
    "node",
    "span",
    "from_node",
    "read",
    "known",
    "exists",
    "is",
    "is_any",
    "is_absent",
    "is_unknown",
    "holds",
    "map",
    "and_then",
    "or_absent",
];
const KEYWORDS: &[&str] = &[
    "as", "async", "await", "box", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn", "for", "gen",
    "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "override", "pub", "ref", "return", "self", "static", "struct",
    "super", "trait", "true", "type", "unsafe", "use", "where", "while", "abstract", "become", "do", "final", "macro", "priv", "try",
    "typeof", "unsized", "virtual", "yield",
];

fn main() {
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    for target in ["docker", "compose", "kubernetes", "terraform"] {
        let mut code = String::new();
        for ty in TYPES.iter().filter(|ty| ty.target == target) {
            view(&mut code, ty).expect("writing to a string");
        }
        fs::write(Path::new(&out).join(format!("{target}.rs")), code).expect("OUT_DIR is writable");
    }
    println!("cargo::rerun-if-changed=build.rs");
}

fn view(out: &mut String, ty: &Type) -> std::fmt::Result {
    let name = ty.name;
    let allow = "#[allow(clippy::doc_markdown, clippy::return_self_not_must_use, reason = \"generated, with the schema's own prose\")]";
    writeln!(out, "{}{allow}\n#[derive(Clone, Copy, PartialEq, Eq)]\npub struct {name}<'a>(Node<'a>);\n", comment(ty.doc, ""))?;
    writeln!(out, "{allow}\nimpl<'a> {name}<'a> {{")?;
    writeln!(out, "    /// The node.\n    pub const fn node(self) -> Node<'a> {{ self.0 }}\n")?;
    writeln!(out, "    /// Where it is written.\n    pub fn span(self) -> Span {{ self.0.span() }}\n")?;
    let mut through = String::new();
    for field in ty.fields {
        let method = method(field.name);
        let (result, kind) = result(field.ty);
        let doc = comment(field.doc, "    ");
        let constant = constant::among(field.name, KEYS.iter().copied());
        writeln!(out, "{doc}    pub fn {method}(self) -> {result} {{ {kind}::under(self.0, key::{constant}) }}\n")?;
        let next =
            if kind == "Field" { format!("self.and_then({name}::{method})") } else { format!("{kind}::through(self, {name}::{method})") };
        writeln!(through, "{doc}    pub fn {method}(self) -> {result} {{ {next} }}\n")?;
    }
    writeln!(
        out,
        "}}\n\n/// The same fields, read through; absent and unknown are passed on.\n{allow}\nimpl<'a> Field<'a, {name}<'a>> {{\n{through}}}\n"
    )?;
    writeln!(
        out,
        "impl<'a> View<'a> for {name}<'a> {{\n    const TYPE: &'static str = {name:?};\n    #[inline]\n    \
         fn from_node(node: Node<'a>) -> Self {{ Self(node.target()) }}\n    #[inline]\n    fn node(self) -> Node<'a> {{ self.0 }}\n}}\n\n\
         impl<'a> Decode<'a> for {name}<'a> {{\n    #[inline]\n    fn decode(node: Node<'a>) -> State<Self> {{\n        \
         if node.kind() == Kind::Map {{ State::Known(Self(node.target())) }} else {{ State::Unknown }}\n    }}\n}}\n\n\
         impl<'a> Place<'a> for {name}<'a> {{\n    #[inline]\n    fn place(&self) -> Option<Node<'a>> {{ Some(self.0) }}\n}}\n\n\
         impl<'a> From<{name}<'a>> for Node<'a> {{\n    fn from(view: {name}<'a>) -> Self {{ view.0 }}\n}}\n\n\
         impl core::fmt::Debug for {name}<'_> {{\n    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {{\n        \
         write!(f, \"{name}({{:?}})\", self.0)\n    }}\n}}\n"
    )
}

/// The Rust type that a method gives, and what makes it.
fn result(ty: FieldType) -> (String, &'static str) {
    match ty {
        FieldType::List(item) => (format!("List<'a, {}>", inner(*item)), "List"),
        FieldType::Map(value) => (format!("Map<'a, {}>", inner(*value)), "Map"),
        FieldType::Ref(of @ (FieldType::List(_) | FieldType::Map(_))) => result(*of),
        other => (format!("Field<'a, {}>", inner(other)), "Field"),
    }
}

fn inner(ty: FieldType) -> String {
    match ty {
        FieldType::Bool => "bool".to_owned(),
        FieldType::Number => "f64".to_owned(),
        FieldType::String => "&'a str".to_owned(),
        FieldType::Dyn => "Dyn<'a>".to_owned(),
        FieldType::Named(name) => format!("{name}<'a>"),
        FieldType::List(item) => format!("List<'a, {}>", inner(*item)),
        FieldType::Map(value) => format!("Map<'a, {}>", inner(*value)),
        FieldType::Ref(of) => inner(*of),
    }
}

fn comment(doc: &str, indent: &str) -> String {
    doc.trim().lines().fold(String::new(), |out, line| out + indent + "/// " + line + "\n")
}

/// `keep-git-dir` is `keep_git_dir`, `apiVersion` is `api_version`, `type` is `type_`.
fn method(key: &str) -> String {
    let name = constant::plain(key).to_ascii_lowercase();
    if TAKEN.contains(&name.as_str()) || KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}
