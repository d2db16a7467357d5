//! A whole condition: `for`, `require`, `at`, `message`, `relations` and `ops`.

use super::emit::Environment;
use super::source::{CompileError, ConditionSource, Located, OpSource};
use super::types::{Named, Ty, find, hint};
use super::{part, text};
use crate::json::Json;
use crate::rule::{CompiledRule, FixPlan, Judged, OpPlan};
use crate::template::{Part, Template};
use plimsoll_document::OpKind;
use plimsoll_document::schema::{self, Type};
use std::sync::Arc;

/// Compiles a condition; gives everything that is wrong with it, in order.
pub fn compile(source: &ConditionSource) -> Result<CompiledRule, Vec<CompileError>> {
    let mut errors = vec![];
    let judged = judged(source).map_err(|error| errors.push(error)).ok();
    let options = options(source, &mut errors);
    let self_ty = judged.as_ref().map_or(Ty::Dyn, |(ty, _)| Ty::Named(Named(ty)));
    let environment = Environment {
        variables: vec![("self".to_owned(), self_ty.clone()), ("options".to_owned(), options)],
        relations: source.relations.iter().map(|relation| relation.value.clone()).collect(),
    };
    let require = part(&source.require, 0..source.require.value.len(), &environment).and_then(|(program, ty)| {
        if matches!(ty, Ty::Bool) || ty.is_free() {
            Ok(program)
        } else {
            Err(source.require.error(0, format!("`require` is worth {}, not a bool", ty.name())))
        }
    });
    let require = require.map_err(|error| errors.push(error)).ok();
    if let Some(at) = &source.at
        && let Err(message) = check_pointer(&self_ty, &at.value)
    {
        errors.push(at.error(0, message));
    }
    let message_line = source.message.as_ref().map_or(source.judged.line, |message| message.line);
    let message = match &source.message {
        Some(message) => text::template(message, &environment).map_err(|error| errors.push(error)).ok(),
        None => Some(literal(&source.title)),
    };
    let fix = fix(source, &self_ty, &environment, &mut errors);
    match (judged, require, message) {
        (Some((_, judged)), Some(require), Some(message)) if errors.is_empty() => Ok(CompiledRule {
            target: source.target.clone(),
            judged,
            relations: environment.relations,
            require,
            require_line: source.require.line,
            at: source.at.as_ref().map(|at| at.value.clone()),
            message,
            message_line,
            fix,
        }),
        _ => {
            errors.sort_by_key(|error| (error.line, error.column));
            Err(errors)
        }
    }
}

/// `for:` as a type, and which of its nodes are judged; nothing written means the root.
fn judged(source: &ConditionSource) -> Result<(&'static Type, Judged), CompileError> {
    let located = &source.judged;
    let Some(root) = schema::root(&source.target) else {
        return Err(located.error(0, format!("there is no target `{}` (docker, compose, kubernetes, terraform)", source.target)));
    };
    let mut words = located.value.split([' ', ',']).filter(|word| !word.is_empty());
    let name = words.next().unwrap_or(root.name);
    // Terraform's resources and data sources are of one type, and stand in lists of their own.
    let (name, list) = match (source.target.as_str(), name) {
        ("terraform", "resource") => ("Resource", Some("resources")),
        ("terraform", "data" | "ephemeral") => ("Resource", Some(name)),
        _ => (name, None),
    };
    let Some(ty) = find(&source.target, name) else {
        let known = schema::TYPES.iter().filter(|ty| ty.target == source.target).map(|ty| ty.name);
        return Err(located.error(0, format!("{} has no type `{name}`{}", source.target, hint(name, known))));
    };
    let labels: Vec<String> = words.map(str::to_owned).collect();
    if !labels.is_empty() && Judged::label_field(ty).is_none() {
        return Err(located.error(0, format!("`{}` has nothing that `{}` could name", ty.name, labels[0])));
    }
    Ok((ty, Judged { ty: ty.name.to_owned(), list: list.map(str::to_owned), labels }))
}

fn options(source: &ConditionSource, errors: &mut Vec<CompileError>) -> Ty {
    let mut options = vec![];
    for option in &source.options {
        if let Some(ty) = Ty::of_option(&option.ty) {
            options.push((option.name.clone(), ty));
        } else {
            let message = format!("option `{}` has an unknown type `{}`", option.name, option.ty);
            errors.push(CompileError { line: source.judged.line, column: 0, message });
        }
    }
    Ty::Options(Arc::new(options))
}

fn literal(text: &str) -> Template {
    Template { parts: vec![Part::Literal(text.into())] }
}

fn fix(source: &ConditionSource, self_ty: &Ty, environment: &Environment, errors: &mut Vec<CompileError>) -> Option<FixPlan> {
    if source.ops.is_empty() {
        return None;
    }
    let mut title = Template::default();
    let mut ops = vec![];
    for op in &source.ops {
        match self::op(op, self_ty, environment) {
            Ok(plan) => {
                title.parts.push(Part::Literal(if ops.is_empty() { "" } else { ", " }.into()));
                describe(op, &plan, &mut title);
                ops.push(plan);
            }
            Err(error) => errors.push(error),
        }
    }
    Some(FixPlan { title, safe: source.safe, ops })
}

/// As front matter writes it.
const fn op_name(kind: OpKind) -> &'static str {
    match kind {
        OpKind::Set => "set",
        OpKind::InsertBefore => "insert-before",
        OpKind::InsertAfter => "insert-after",
        OpKind::Append => "append",
        OpKind::Remove => "remove",
        OpKind::Rename => "rename",
        OpKind::ReplaceSource => "replace-source",
        OpKind::CreateFile => "create-file",
    }
}

fn op(op: &OpSource, self_ty: &Ty, environment: &Environment) -> Result<OpPlan, CompileError> {
    let fail = |message: String| CompileError { line: op.line, column: 0, message };
    let Some(kind) = OpKind::ALL.into_iter().find(|kind| op_name(*kind) == op.kind) else {
        let known = OpKind::ALL.into_iter().map(op_name);
        return Err(fail(format!("there is no op `{}`{}", op.kind, hint(&op.kind, known))));
    };
    match (kind, &op.to) {
        (OpKind::Remove, Some(_)) => return Err(fail("`remove` has no `to`".to_owned())),
        (OpKind::Remove, None) => {}
        (_, None) => return Err(fail(format!("`{}` needs `to:`, the new value", op.kind))),
        (OpKind::Rename | OpKind::ReplaceSource | OpKind::CreateFile, Some(to)) if to.as_str().is_none() => {
            return Err(fail(format!("`to` of `{}` is text", op.kind)));
        }
        _ => {}
    }
    let key = text::template(&Located::new(op.key.clone(), op.line, 0), environment)?;
    if kind != OpKind::CreateFile {
        if !op.key.is_empty() && !op.key.starts_with(['/', '{']) {
            return Err(fail(format!("`{}` is no JSON Pointer: it starts with `/`", op.key)));
        }
        if let [Part::Literal(pointer)] = key.parts.as_slice() {
            check_pointer(self_ty, pointer).map_err(fail)?;
        }
    }
    let to = op.to.as_ref().map(|to| text::plan(to, op.line, environment, 0)).transpose()?;
    Ok(OpPlan { kind, key, to, line: op.line })
}

/// Adds "set `resources.limits.memory` to `512Mi`" to a title.
fn describe(op: &OpSource, plan: &OpPlan, title: &mut Template) {
    let mut word = |text: String| title.parts.push(Part::Literal(text.into()));
    let dotted = op.key.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~");
    let value = match &op.to {
        Some(Json::String(text)) if !text.contains(['{', '\n']) => Some(text.clone()),
        Some(json @ (Json::Bool(_) | Json::Number(_))) => Some(json.to_string()),
        _ => None,
    };
    let here = dotted.is_empty() || dotted.contains('{');
    word(match (plan.kind, value) {
        (OpKind::Set, Some(value)) if !here => format!("set `{dotted}` to `{value}`"),
        (OpKind::Set, None) if !here => format!("set `{dotted}`"),
        (OpKind::Append, Some(value)) if !here => format!("add `{value}` to `{dotted}`"),
        (OpKind::Append, Some(value)) => format!("add `{value}`"),
        (OpKind::InsertBefore | OpKind::InsertAfter, Some(value)) => format!("insert `{value}`"),
        (OpKind::Remove, _) if !here => format!("remove `{dotted}`"),
        (OpKind::Rename, Some(value)) if !here => format!("rename `{dotted}` to `{value}`"),
        (OpKind::CreateFile, _) => format!("create `{}`", op.key),
        (OpKind::ReplaceSource, Some(value)) => format!("replace it with `{value}`"),
        (kind, _) => op_name(kind).replace('-', " "),
    });
}

/// Checks a pointer's fields as far as the schema describes them.
fn check_pointer(ty: &Ty, pointer: &str) -> Result<(), String> {
    if pointer.is_empty() {
        return Ok(());
    }
    let Some(rest) = pointer.strip_prefix('/') else { return Err(format!("`{pointer}` is no JSON Pointer: it starts with `/`")) };
    let mut ty = ty.clone();
    for part in rest.split('/') {
        ty = match ty {
            Ty::Named(Named(named)) => match named.field(part) {
                Some(field) => Ty::of_field(named.target, &field.ty),
                None => {
                    return Err(format!(
                        "`{}` has no field `{part}`{}",
                        named.name,
                        hint(part, named.fields.iter().map(|field| field.name))
                    ));
                }
            },
            Ty::List(item) | Ty::Map(item) => (*item).clone(),
            Ty::Text | Ty::Bool | Ty::Number => return Err(format!("there is nothing below a {}: `{part}`", ty.name())),
            _ => return Ok(()),
        };
    }
    Ok(())
}
