//! Which files an instruction adds, by their paths in the image.

use plimsoll_sdk::docker::Instruction;

/// A path of the image as a command of an instruction has it, made absolute. None for a pattern, or where the directory cannot be told.
pub(crate) fn resolve(at: Instruction<'_>, path: &str) -> Option<String> {
    if path.contains(['*', '?', '~', '$', '{']) || path.is_empty() {
        return None;
    }
    if path.starts_with('/') {
        return Some(clean(path));
    }
    let directory = at.facts().workdir();
    let directory = if directory.is_absent() { "/" } else { directory.value().known()? };
    Some(clean(&format!("{directory}/{path}")))
}

/// The paths that a COPY or ADD is known to make: its destination, or what lies in it by its own name.
pub(crate) fn added(copy: Instruction<'_>) -> Vec<String> {
    if !copy.is("COPY") && !copy.is("ADD") {
        return vec![];
    }
    let Some(destination) = copy.destination().known() else { return vec![] };
    let into = destination.ends_with('/') || matches!(destination, "." | "..") || copy.sources().count().is_none_or(|count| count > 1);
    let Some(target) = resolve(copy, destination) else { return vec![] };
    if !into {
        return vec![target];
    }
    let names = copy.sources().iter().filter_map(|source| source.trim_end_matches('/').rsplit('/').next());
    names
        .filter(|name| !matches!(*name, "" | "." | "..") && !name.contains(['*', '?']))
        .map(|name| clean(&format!("{target}/{name}")))
        .collect()
}

fn clean(path: &str) -> String {
    let mut kept: Vec<&str> = vec![];
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(kept.pop()),
            part => kept.push(part),
        }
    }
    format!("/{}", kept.join("/"))
}
