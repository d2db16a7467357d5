use crate::datastore;
use crate::service::label;
use plimsoll_sdk::compose::{Dependency, Entry, Fix, Report, Service, Truth};

pub fn check(service: Service, report: &mut Report) {
    let entries = service.depends_on();
    for entry in entries.entries() {
        let Some(dependency) = entry.value().known() else { continue };
        if !only_started(dependency) {
            continue;
        }
        let other = dependency.facts().service();
        let tested = has_healthcheck(dependency);
        let store = other.build().is_absent() && datastore::is_image(other.facts().image());
        let why = match (tested.is_true(), store) {
            (true, _) => "has a healthcheck that nobody waits for",
            (false, true) => "takes a while until it accepts connections",
            (false, false) => continue,
        };
        let name = entry.key();
        let draft = report.at(entry).message(format!("{} waits only for the start of `{name}`, which {why}", label(service)));
        if tested.is_true()
            && let Some(fix) = healthy(service, entry)
        {
            _ = draft.fix(fix);
        }
    }
}

fn only_started(dependency: Dependency) -> bool {
    dependency.condition().or_absent("service_started").is("service_started").is_true()
}

fn has_healthcheck(dependency: Dependency) -> Truth {
    let healthcheck = dependency.facts().service().healthcheck();
    let off = healthcheck.disable().is(true) | healthcheck.test().first().is("NONE");
    healthcheck.exists() & !off
}

/// A list is rewritten as the map that conditions need, with one for every dependency that has a healthcheck.
fn healthy<'a>(service: Service<'a>, entry: Entry<'a, Dependency<'a>>) -> Option<Fix<'a>> {
    let fix = Fix::unsafe_("wait until it is healthy");
    let node = service.depends_on().node()?;
    let written = node.source_text();
    if entry.key_span().is_some() && !written.starts_with(['-', '[']) {
        return Some(fix.set(entry, "/condition", "service_healthy"));
    }
    // A list that holds comments, or that several files make up, is left to its author.
    let in_one_place = service.depends_on().entries().all(|entry| node.span().contains(entry.node().span()));
    if written.contains(['#', '&', '*']) || !in_one_place {
        return None;
    }
    let known: Option<Vec<Dependency>> = service.depends_on().entries().map(|entry| entry.value().known()).collect();
    let source = node.doc().source_text(node.span().source);
    let before = source.get(..node.span().start as usize)?;
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let flow = written.starts_with('[');
    let mut text = String::new();
    for dependency in known? {
        let condition =
            if only_started(dependency) && has_healthcheck(dependency).is_true() { "service_healthy" } else { "service_started" };
        let name = dependency.node().key();
        if flow {
            let separator = if text.is_empty() { "" } else { ", " };
            text.push_str(&format!("{separator}{name}: {{condition: {condition}}}"));
        } else {
            let pad = if text.is_empty() { String::new() } else { format!("\n{}", " ".repeat(column)) };
            text.push_str(&format!("{pad}{name}:\n{}condition: {condition}", " ".repeat(column + 2)));
        }
    }
    Some(fix.replace_source(node, if flow { format!("{{{text}}}") } else { text }))
}
