//! What is normalised after merging: types as the schema says, commands split into words, single limits, facts of ports and mounts.

use crate::path::{self, Place};
use crate::scalar;
use crate::text::Text;
use crate::tree::{Entry, Number, Tree, Val};
use crate::words;
use plimsoll_document::schema::{self, FieldType};
use plimsoll_document::{Flags, Span};
use plimsoll_formats::{Problem, ProblemKind};
use std::rc::Rc;

/// Finishes a merged project. `dirs` is the loader's table of directories.
pub(crate) fn finish(root: &mut Tree, dirs: &[String], problems: &mut Vec<Problem>) {
    for section in ["services", "jobs"] {
        for entry in root.get_mut(section).and_then(Tree::as_map_mut).into_iter().flatten() {
            service(&mut entry.value, dirs, problems);
        }
    }
    typed(root, &FieldType::Named("Project"));
}

fn service(service: &mut Tree, dirs: &[String], problems: &mut Vec<Problem>) {
    for key in ["command", "entrypoint"] {
        if let Some(command) = service.get_mut(key) {
            split(command, problems);
        }
    }
    if let Some(test) = service.get_mut("healthcheck").and_then(|healthcheck| healthcheck.get_mut("test")) {
        shell_test(test);
    }
    for holder in ["post_start", "pre_stop"] {
        if let Some(Val::List(hooks)) = service.get_mut(holder).map(|hooks| &mut hooks.value) {
            for hook in hooks {
                if let Some(command) = hook.get_mut("command") {
                    split(command, problems);
                }
            }
        }
    }
    limits(service.get_mut("ulimits"));
    limits(service.get_mut("build").and_then(|build| build.get_mut("ulimits")));
    if let Some(Val::List(ports)) = service.get_mut("ports").map(|ports| &mut ports.value) {
        ports.iter_mut().filter(|port| port.get("facts").is_none()).for_each(long);
    }
    if let Some(Val::List(mounts)) = service.get_mut("volumes").map(|mounts| &mut mounts.value) {
        for mount in mounts {
            if mount.get("facts").is_none() {
                long(mount);
            }
            host_path(mount, dirs);
        }
    }
}

fn long(item: &mut Tree) {
    let (site, dir) = (item.site, item.dir);
    if let Some(entries) = item.as_map_mut() {
        let short = Entry::fact("short", Tree::new(Val::Bool(false), site, dir));
        entries.push(Entry::fact("facts", Tree::new(Val::Map(vec![short]), site, dir)));
    }
}

fn host_path(mount: &mut Tree, dirs: &[String]) {
    let bind = match mount.get("type") {
        Some(kind) if kind.is_unknown() => None,
        kind => Some(kind.and_then(Tree::as_str) == Some("bind")),
    };
    let fact = match (bind, mount.get("source")) {
        (Some(false), _) | (_, None) => return,
        (Some(true), Some(source)) if source.as_str().is_some() => {
            let written = source.as_str().unwrap_or_default();
            let directory = dirs.get(usize::from(source.dir.0)).map_or(".", String::as_str);
            let (Place::Inside(path) | Place::Outside(path) | Place::Absolute(path) | Place::Home(path)) =
                path::resolve(directory, written);
            Tree::new(Val::Text(Text::implied(path, source.site)), source.site, source.dir)
        }
        (_, Some(source)) => Tree::new(Val::Unknown("a variable decides the path".into()), source.site, source.dir),
    };
    if let Some(entries) = mount.get_mut("facts").and_then(Tree::as_map_mut) {
        entries.push(Entry::fact("host-path", fact));
    }
}

fn split(command: &mut Tree, problems: &mut Vec<Problem>) {
    let Val::Text(text) = &command.value else { return };
    let (site, dir) = (command.site, command.dir);
    let Some(words) = words::split(text) else {
        problems.push(Problem { kind: ProblemKind::Syntax, at: site, message: "the command cannot be split into words".to_owned() });
        command.value = Val::Unknown("the command cannot be split into words".into());
        return;
    };
    if text.cause().is_some() {
        command.flags |= Flags::OPEN;
    }
    let words = words.into_iter().map(|word| Tree::text(word, site, dir)).collect();
    command.origin.clear();
    command.value = Val::List(words);
}

/// A plain string is a command for the shell.
fn shell_test(test: &mut Tree) {
    if !matches!(test.value, Val::Text(_)) {
        return;
    }
    let (site, dir) = (test.site, test.dir);
    let form = Tree::new(Val::Text(Text::implied("CMD-SHELL", site)), Span::new(site.source, site.start, site.start), dir);
    let command = test.clone();
    test.origin.clear();
    test.value = Val::List(vec![form, command]);
}

/// A single number is both limits.
fn limits(limits: Option<&mut Tree>) {
    for entry in limits.and_then(Tree::as_map_mut).into_iter().flatten() {
        let limit = &mut entry.value;
        if matches!(limit.value, Val::Null | Val::Map(_) | Val::List(_)) {
            continue;
        }
        let at = Span::new(limit.site.source, limit.site.start, limit.site.start);
        let both = ["soft", "hard"].map(|key| Entry::new(key, at, limit.clone()));
        limit.origin.clear();
        limit.value = Val::Map(both.into());
    }
}

/// Gives scalars the type that the schema names, as Compose converts them.
fn typed(tree: &mut Tree, ty: &FieldType) {
    match ty {
        FieldType::String => {
            if let Val::Number(_) | Val::Bool(_) = &tree.value
                && let Some(words) = tree.words()
            {
                tree.value = Val::Text(Text::implied(words, tree.site));
            }
        }
        FieldType::Bool => convert(tree, |text| {
            Some(Val::Bool(match text.to_ascii_lowercase().as_str() {
                "true" | "y" | "yes" | "on" => true,
                "false" | "n" | "no" | "off" => false,
                _ => return None,
            }))
        }),
        FieldType::Number => convert(tree, |text| {
            let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
            Some(Val::Number(if text.contains(['.', 'e', 'E']) {
                scalar::number(value, "")
            } else {
                Number { value, text: text.to_owned() }
            }))
        }),
        FieldType::Named(name) => {
            let Some(ty) = schema::find("compose", name) else { return };
            for entry in tree.as_map_mut().into_iter().flatten().filter(|entry| entry.key_span.is_some()) {
                if let Some(field) = ty.field(&entry.key) {
                    typed(&mut entry.value, &field.ty);
                }
            }
        }
        FieldType::Map(inner) => {
            for entry in tree.as_map_mut().into_iter().flatten() {
                typed(&mut entry.value, inner);
            }
        }
        FieldType::List(inner) => {
            if let Val::List(items) = &mut tree.value {
                for item in items {
                    typed(item, inner);
                }
            }
        }
        FieldType::Dyn | FieldType::Ref(_) => {}
    }
}

fn convert(tree: &mut Tree, read: impl Fn(&str) -> Option<Val>) {
    let Val::Text(text) = &tree.value else { return };
    match text.cause() {
        Some(cause) => tree.value = Val::Unknown(Rc::clone(cause)),
        None => {
            if let Some(value) = read(text.as_str()) {
                tree.flags |= text.flags();
                tree.value = value;
            }
        }
    }
}
