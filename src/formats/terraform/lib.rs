//! Terraform: the files of one directory in, the tree of one module out.
//!
//! Both syntaxes (`.tf`, `.tf.json`) are read into one tree (`syntax`), override files are merged (`module`), expressions are evaluated
//! as far as it can be told without running Terraform (`eval`), and the result is written with the place of every value (`write`).
//! `sdk/document/schema/terraform.schema` says what stands where.

mod comments;
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::float_cmp,
    reason = "numbers of the language are doubles here, and each use checks that they are exact"
)]
mod eval;
mod json;
mod module;
mod native;
mod references;
mod scan;
mod source_address;
mod syntax;
mod write;

use module::{Module, Names};
use plimsoll_document::{Builder, KeyTable, Span};
use plimsoll_formats::{Comment, Files, Parsed, Problem, ProblemKind, ReadError};
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::{Body, Expr, Item};

/// What [`parse`] is given: one module.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The module's directory relative to the project root; empty or `.` for the root itself.
    pub directory: &'a str,
    /// Its `.tf` and `.tf.json` files, relative to the project root, sorted. They become the document's sources in this order.
    pub files_in_module: &'a [String],
    /// Keys that get symbols.
    pub keys: &'a KeyTable,
    /// Where the files, and the module's tfvars files, are read.
    pub files: &'a dyn Files,
}

/// Largest file that is read, in bytes. Real ones stay below a few hundred kilobytes.
pub const MAX_FILE: usize = 16 << 20;

/// Whether a file of this name belongs to a module: `.tf` and `.tf.json`.
pub fn looks_like_name(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    // Editors' backup and lock files.
    !name.starts_with('.') && !name.starts_with('#') && (name.ends_with(".tf") || name.ends_with(".tf.json"))
}

/// Whether Terraform reads this file of a module's directory for values by itself: `terraform.tfvars`, `*.auto.tfvars` and their JSON forms.
pub fn is_values_file(name: &str) -> bool {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars")
}

/// Reads a module. Never fails: what cannot be read is a problem, and everything around it is open.
pub fn parse(input: Input<'_>) -> Parsed {
    let mut builder = Builder::new("terraform", input.keys);
    let mut module = Module::default();
    let mut comments: Vec<Comment> = vec![];
    let mut problems: Vec<Problem> = vec![];
    let mut overrides: Vec<Body> = vec![];
    for path in input.files_in_module {
        match text(input.files.read(path)) {
            Ok(text) => {
                let source = builder.source(path, &text);
                let body = file(path, &text, source, &mut comments, &mut problems);
                if is_override(path) { overrides.push(body) } else { module.add(body) }
            }
            Err((kind, message)) => {
                let source = builder.source(path, "");
                problems.push(Problem { kind, at: Span::new(source, 0, 0), message });
                module.open = true;
            }
        }
    }
    for body in overrides {
        module.override_with(body);
    }
    let given = values(input, &mut builder, &mut comments, &mut problems);
    let site = root_site(input.files_in_module);
    let names = Names::new(&module, &given);
    let directory = if input.directory == "." { "" } else { input.directory };
    let mut writer = write::Writer::new(builder, &module, &names, directory);
    writer.write(site);
    if writer.full || writer.cut || names.scope.is_spent() {
        problems.push(Problem { kind: ProblemKind::Limit, at: site, message: "the module is too large when evaluated".to_owned() });
    }
    Parsed { document: writer.builder.finish(), comments, problems }
}

/// The module as a whole is pointed at where `main.tf` begins, else at its first file.
fn root_site(paths: &[String]) -> Span {
    let main = paths.iter().position(|path| path == "main.tf" || path.ends_with("/main.tf")).unwrap_or(0);
    Span::new(main as u32, 0, 0)
}

fn is_override(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let stem = stem.strip_suffix(".tf").unwrap_or(stem);
    stem == "override" || stem.ends_with("_override")
}

fn text(read: Result<Arc<[u8]>, ReadError>) -> Result<String, (ProblemKind, String)> {
    let bytes = read.map_err(|error| match error {
        ReadError::TooLarge(_) => (ProblemKind::Limit, error.to_string()),
        _ => (ProblemKind::File, error.to_string()),
    })?;
    if bytes.len() > MAX_FILE {
        return Err((ProblemKind::Limit, ReadError::TooLarge(MAX_FILE as u64).to_string()));
    }
    String::from_utf8(bytes.to_vec())
        .map_err(|error| (ProblemKind::Syntax, format!("not UTF-8 from byte {} on", error.utf8_error().valid_up_to())))
}

fn file(path: &str, text: &str, source: u32, comments: &mut Vec<Comment>, problems: &mut Vec<Problem>) -> Body {
    if path.ends_with(".json") {
        let mut file = if path.ends_with(".tfvars.json") { json::read_arguments(text, source) } else { json::read(text, source) };
        problems.append(&mut file.problems);
        return file.body;
    }
    let mut file = native::read(text, source);
    problems.append(&mut file.problems);
    if !file.comments.is_empty() {
        comments.extend(comments::cover(text, source, &file.comments, &comments::coverable(&file.body)));
    }
    file.body
}

/// What the module's tfvars files give its variables: `terraform.tfvars`, then its JSON form, then `*.auto.tfvars` and their JSON forms by
/// name; the later wins.
fn values(
    input: Input<'_>,
    builder: &mut Builder<'_>,
    comments: &mut Vec<Comment>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Box<str>, Expr> {
    let mut given = BTreeMap::new();
    let entries = input.files.list(input.directory).unwrap_or_default();
    let mut names: Vec<String> =
        entries.into_iter().filter(|entry| !entry.directory && is_values_file(&entry.name)).map(|entry| entry.name).collect();
    names.sort_by_key(|name| (name.contains(".auto.tfvars"), name.clone()));
    for name in names {
        let path = if matches!(input.directory, "" | ".") { name } else { format!("{}/{name}", input.directory) };
        let source = builder.foreign_source(&path);
        match text(input.files.read(&path)) {
            Ok(text) => {
                let body = file(&path, &text, source, comments, problems);
                for item in body.items {
                    if let Item::Attribute(attribute) = item {
                        given.insert(attribute.name, attribute.value);
                    }
                }
            }
            Err((kind, message)) => problems.push(Problem { kind, at: Span::new(source, 0, 0), message }),
        }
    }
    given
}
