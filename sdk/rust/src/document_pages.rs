//! The reference page of each target's tree, written from its schema table.

use plimsoll_document::schema::{FieldType, TYPES};
use std::fmt::Write as _;

/// The Markdown of `docs/documents/<target>.md`.
pub fn document_page(target: &str) -> String {
    let mut out = String::new();
    let (title, ty) = match target {
        "docker" => ("Dockerfiles", "image-ref"),
        "compose" => ("Compose projects", "volume-mount"),
        "kubernetes" => ("Kubernetes objects", "policy-rule"),
        _ => ("Terraform modules", "module-call"),
    };
    _ = writeln!(
        out,
        "# The tree of {title}\n\n<!-- Written from sdk/document/schema/{target}.schema by `cargo run --release -p plimsoll-sdk --example documents`. -->\n\n\
         Rules see this tree; `for:` in a rule's front matter names one of its types, in kebab-case (`{ty}`). A field that is not listed in a \
         `dyn` value keeps the name it is written with. Any value may be unknown."
    );
    for ty in TYPES.iter().filter(|ty| ty.target == target) {
        _ = writeln!(out, "\n## {}\n\n{}\n", ty.name, ty.doc.trim());
        if ty.fields.is_empty() {
            continue;
        }
        _ = writeln!(out, "| field | type | meaning |\n|---|---|---|");
        for field in ty.fields {
            let key = field.key.map(|key| format!(", by `{key}`")).unwrap_or_default();
            _ = writeln!(out, "| `{}` | {}{key} | {} |", field.name, name(field.ty), field.doc.replace('|', "\\|"));
        }
    }
    out
}

fn name(ty: FieldType) -> String {
    match ty {
        FieldType::Bool => "bool".to_owned(),
        FieldType::Number => "number".to_owned(),
        FieldType::String => "string".to_owned(),
        FieldType::Dyn => "dyn".to_owned(),
        FieldType::Named(name) => format!("[{name}](#{})", name.to_lowercase()),
        FieldType::List(item) => format!("list of {}", self::name(*item)),
        FieldType::Map(value) => format!("map of {}", self::name(*value)),
        FieldType::Ref(of) => format!("→ {}", name(*of)),
    }
}
