//! Short syntax into long syntax, before files are merged. Every part keeps the place of its text.

use crate::spot::Spot;
use crate::text::Text;
use crate::tree::{Dir, Entry, Tree, Val};
use crate::{merge, port, volume};
use plimsoll_document::{Flags, Span};
use plimsoll_formats::{Problem, ProblemKind};
use std::rc::Rc;

/// Rewrites a whole file. `range_ports` is how many ports ranges may still stand for.
pub(crate) fn file(root: &mut Tree, problems: &mut Vec<Problem>, range_ports: &mut usize) {
    for section in ["services", "jobs"] {
        if let Some(services) = root.get_mut(section).and_then(Tree::as_map_mut) {
            for entry in services {
                service(&mut entry.value, problems, range_ports);
            }
        }
    }
    for section in ["networks", "volumes", "secrets", "configs"] {
        for entry in root.get_mut(section).and_then(Tree::as_map_mut).into_iter().flatten() {
            resource(&mut entry.value);
        }
    }
    if let Some(include) = root.get_mut("include") {
        each(include, |item| {
            wrap(item, "path");
            for key in ["path", "env_file"] {
                with(item, key, to_list);
            }
        });
    }
}

fn resource(resource: &mut Tree) {
    with(resource, "labels", |labels| assignments(labels, '='));
    // The obsolete `external: {name: x}`.
    let Some(external) = resource.get_mut("external").filter(|external| external.as_map().is_some()) else { return };
    let name = external.take("name");
    external.value = Val::Bool(true);
    if let (Some(name), None, Some(entries)) = (name, resource.get("name").map(|_| ()), resource.as_map_mut()) {
        entries.push(name);
    }
}

fn service(service: &mut Tree, problems: &mut Vec<Problem>, range_ports: &mut usize) {
    let develop = service.take("x-develop");
    if let (Some(mut develop), None, Some(entries)) = (develop, service.get("develop").map(|_| ()), service.as_map_mut()) {
        "develop".clone_into(&mut develop.key);
        entries.push(develop);
    }
    let Some(entries) = service.as_map_mut() else { return };
    for entry in entries {
        let value = &mut entry.value;
        match entry.key.as_str() {
            key if Spot::Service.below(key) == Spot::Assignments => assignments(value, '='),
            "build" => build(value),
            "depends_on" => names(value, &[("condition", "service_started"), ("required", "true")]),
            "networks" => {
                names(value, &[]);
            }
            "models" => names(value, &[]),
            "ports" => ports(value, problems, range_ports),
            "volumes" => each(value, |item| mount(item, problems)),
            "devices" => each(value, device),
            "secrets" | "configs" => each(value, |item| wrap(item, "source")),
            "env_file" => {
                to_list(value);
                each(value, |item| wrap(item, "path"));
            }
            "label_file" | "dns" | "dns_search" | "tmpfs" => to_list(value),
            "extra_hosts" => hosts(value),
            "extends" => wrap(value, "service"),
            "gpus" if matches!(value.value, Val::Text(_)) => {
                let site = value.site;
                let mut item = value.clone();
                wrap(&mut item, "count");
                *value = Tree { value: Val::List(vec![item]), site, ..value.clone() };
            }
            "deploy" => with(value, "labels", |labels| assignments(labels, '=')),
            "post_start" | "pre_stop" | "pre_start" => {
                each(value, |hook| {
                    with(hook, "environment", |environment| {
                        assignments(environment, '=');
                        merge::last_wins(environment);
                    });
                });
            }
            _ => {}
        }
    }
}

fn build(build: &mut Tree) {
    wrap(build, "context");
    let Some(entries) = build.as_map_mut() else { return };
    for entry in entries {
        let value = &mut entry.value;
        match entry.key.as_str() {
            "args" | "labels" | "additional_contexts" => assignments(value, '='),
            "ssh" => {
                assignments(value, '=');
                merge::last_wins(value);
            }
            "secrets" => each(value, |item| wrap(item, "source")),
            "extra_hosts" => hosts(value),
            "cache_from" | "cache_to" | "tags" | "platforms" => to_list(value),
            _ => {}
        }
    }
}

fn with(tree: &mut Tree, key: &str, change: impl FnOnce(&mut Tree)) {
    if let Some(value) = tree.get_mut(key) {
        change(value);
    }
}

fn each(tree: &mut Tree, change: impl FnMut(&mut Tree)) {
    if let Val::List(items) = &mut tree.value {
        items.iter_mut().for_each(change);
    }
}

/// `x` is `[x]`.
fn to_list(tree: &mut Tree) {
    if matches!(tree.value, Val::Text(_) | Val::Number(_)) {
        let item = Tree { tag: crate::tree::Tag::None, ..tree.clone() };
        tree.origin.clear();
        tree.value = Val::List(vec![item]);
    }
}

/// `x` is `{key: x}`.
fn wrap(tree: &mut Tree, key: &str) {
    if matches!(tree.value, Val::Text(_) | Val::Number(_)) {
        let item = Tree { tag: crate::tree::Tag::None, ..tree.clone() };
        let span = Span::new(tree.site.source, tree.site.start, tree.site.start);
        tree.origin.clear();
        tree.value = Val::Map(vec![Entry::new(key, span, item)]);
    }
}

/// A list of `KEY=VALUE` is a map. Equal keys stay until merging is done ([`crate::merge::unify`]): Compose merges the list.
pub(crate) fn assignments(tree: &mut Tree, separator: char) {
    let Val::List(items) = &mut tree.value else { return };
    let all = items.len();
    let entries: Vec<Entry> = items.drain(..).filter_map(|item| assignment(&item, separator)).collect();
    if entries.len() < all {
        tree.flags |= Flags::OPEN;
    }
    tree.value = Val::Map(entries);
}

fn assignment(item: &Tree, separator: char) -> Option<Entry> {
    let text = match &item.value {
        Val::Text(text) => text.clone(),
        Val::Unknown(_) => return None,
        _ => Text::implied(item.words()?, item.site),
    };
    let (key, value) = match text.split_once(separator) {
        Some((key, value)) => (key, Some(value)),
        None => (text, None),
    };
    let name = key.known()?.to_owned();
    let span = key.span(item.site);
    let mut tree = match value {
        Some(value) => Tree::text(value, item.site, item.dir),
        None => Tree::new(Val::Null, Span::new(span.source, span.end, span.end), item.dir),
    };
    tree.flags |= item.flags;
    Some(Entry::new(name, span, tree))
}

/// A list of names is a map; `implied` are the entries that Compose gives to each, which count in merging only.
fn names(tree: &mut Tree, implied: &[(&str, &str)]) {
    let Val::List(items) = &mut tree.value else { return };
    let mut entries: Vec<Entry> = vec![];
    let mut open = false;
    for item in items.drain(..) {
        let Some(name) = item.words() else {
            open = true;
            continue;
        };
        let mut value = Tree { origin: vec![], ..item.clone() };
        value.value = if implied.is_empty() {
            value.site = Span::new(item.site.source, item.site.end, item.site.end);
            Val::Null
        } else {
            let fields = implied.iter().map(|(key, words)| {
                let mut field = Tree::new(Val::Text(Text::implied(*words, item.site)), item.site, item.dir);
                field.implied = true;
                Entry::new(*key, item.site, field)
            });
            Val::Map(fields.collect())
        };
        entries.push(Entry::new(name, item.site, value));
    }
    tree.value = Val::Map(entries);
    if open {
        tree.flags |= Flags::OPEN;
    }
}

/// `host=address`, `host:address` or a map of them.
fn hosts(tree: &mut Tree) {
    let mut out = vec![];
    let dir = tree.dir;
    let entry = |host: Text, address: Text, site: Span, flags: Flags| {
        let (host, address) = (Tree::text(host, site, dir), Tree::text(address, site, dir));
        let entries = vec![implied_key("host", host), implied_key("address", address)];
        Tree::new(Val::Map(entries), site, dir).with_flags(flags)
    };
    match &mut tree.value {
        Val::List(items) => {
            for item in items.drain(..) {
                let split = match &item.value {
                    Val::Text(text) => text.split_once('=').or_else(|| text.split_once(':')),
                    _ => None,
                };
                match split {
                    Some((host, address)) => out.push(entry(host, address, item.site, item.flags)),
                    None => out.push(Tree::new(Val::Unknown("no host and address".into()), item.site, dir)),
                }
            }
        }
        Val::Map(entries) => {
            for written in entries.drain(..) {
                let key_span = written.key_span.unwrap_or(written.value.site);
                let addresses = match written.value.value {
                    Val::List(items) => items,
                    _ => vec![written.value],
                };
                for address in addresses {
                    let site = key_span.to(address.site);
                    let Val::Text(text) = address.value else { continue };
                    out.push(entry(Text::implied(written.key.clone(), key_span), text, site, address.flags));
                }
            }
        }
        _ => return,
    }
    tree.value = Val::List(out);
}

fn device(item: &mut Tree) {
    let Val::Text(text) = &item.value else { return };
    let parts = text.split(':');
    if parts.len() > 3 {
        return;
    }
    let dir = item.dir;
    let site = item.site;
    let part = |at: usize| parts.get(at).filter(|part| !part.as_str().is_empty());
    let mut entries = vec![implied_key("source", Tree::text(parts[0].clone(), site, dir))];
    entries.push(implied_key("target", Tree::text(part(1).unwrap_or(&parts[0]).clone(), site, dir)));
    if let Some(permissions) = part(2) {
        entries.push(implied_key("permissions", Tree::text(permissions.clone(), site, dir)));
    }
    if text.cause().is_some() {
        item.flags |= Flags::OPEN;
    }
    item.origin.clear();
    item.value = Val::Map(entries);
}

/// An entry whose key is only in long syntax: it would be written where the value begins.
fn implied_key(key: &str, value: Tree) -> Entry {
    let at = Span::new(value.site.source, value.site.start, value.site.start);
    Entry::new(key, at, value)
}

/// What a rule may want to know of the short text.
fn syntax(text: &Text, site: Span, dir: Dir, quoted: bool) -> Entry {
    let fact = |key: &str, value: Val| Entry::fact(key, Tree::new(value, site, dir));
    let words = match text.cause() {
        Some(cause) => Val::Unknown(Rc::clone(cause)),
        None => Val::Text(text.clone()),
    };
    let entries = vec![fact("short", Val::Bool(true)), fact("text", words), fact("quoted", Val::Bool(quoted))];
    Entry::fact("facts", Tree::new(Val::Map(entries), site, dir))
}

/// Whether a scalar at `site` stands in quotes: the text's pieces then begin after the site does.
fn quoted(text: &Text, site: Span) -> bool {
    text.span(site).start > site.start
}

fn ports(tree: &mut Tree, problems: &mut Vec<Problem>, range_ports: &mut usize) {
    let Val::List(items) = &mut tree.value else { return };
    let mut out = vec![];
    for item in items.drain(..) {
        let text = match &item.value {
            Val::Text(text) => text.clone(),
            Val::Number(number) => Text::implied(number.text.clone(), item.site),
            _ => {
                out.push(item);
                continue;
            }
        };
        match port::parse(&text, *range_ports) {
            Ok(ports) => {
                if ports.len() > 1 {
                    *range_ports -= ports.len().min(*range_ports);
                }
                if ports.iter().any(|port| port.many) {
                    let message = "the ranges stand for too many ports".to_owned();
                    problems.push(Problem { kind: ProblemKind::Limit, at: item.site, message });
                }
                out.extend(ports.into_iter().map(|port| published(&item, &text, port)));
            }
            Err(cause) => {
                problems.push(Problem { kind: ProblemKind::Syntax, at: item.site, message: format!("not a port: {cause}") });
                out.push(Tree::new(Val::Unknown("the port cannot be read".into()), item.site, item.dir));
            }
        }
    }
    tree.value = Val::List(out);
}

fn published(item: &Tree, text: &Text, port: port::Port) -> Tree {
    let (site, dir) = (item.site, item.dir);
    let mut entries = vec![];
    let mut add = |key: &str, text: Option<Text>| {
        if let Some(text) = text {
            entries.push(implied_key(key, Tree::text(text, site, dir)));
        }
    };
    add("host_ip", port.host_ip);
    add("published", port.published);
    add("target", Some(port.target).filter(|_| !port.many));
    add("protocol", port.protocol);
    if port.many {
        let many = Tree::new(Val::Unknown("a range of too many ports".into()), site, dir);
        entries.push(implied_key("target", many));
    }
    entries.push(syntax(text, site, dir, quoted(text, site)));
    let mut tree = Tree::new(Val::Map(entries), site, dir).with_flags(item.flags);
    if text.cause().is_some() {
        tree.flags |= Flags::OPEN;
    }
    tree
}

fn mount(item: &mut Tree, problems: &mut Vec<Problem>) {
    let Val::Text(text) = item.value.clone() else { return };
    let (site, dir) = (item.site, item.dir);
    let mount = match volume::parse(&text) {
        Ok(mount) => mount,
        Err(cause) => {
            problems.push(Problem { kind: ProblemKind::Syntax, at: site, message: format!("not a mount: {cause}") });
            item.value = Val::Unknown("the mount cannot be read".into());
            return;
        }
    };
    let kind = match mount.kind {
        Some(kind) => Val::Text(Text::implied(kind, site)),
        None => Val::Unknown("a variable decides whether it is a path".into()),
    };
    let mut entries = vec![implied_key("type", Tree::new(kind, site, dir))];
    let written = |key: &str, text: Text| implied_key(key, Tree::text(text, site, dir));
    let group = |key: &str, entries: Vec<Entry>| {
        let at = entries.iter().map(|entry| entry.value.site).reduce(Span::to).unwrap_or(site);
        implied_key(key, Tree::new(Val::Map(entries), at, dir))
    };
    if let Some(source) = mount.source {
        entries.push(written("source", source));
    }
    entries.push(written("target", mount.target));
    if let Some((value, text)) = mount.read_only {
        entries.push(implied_key("read_only", Tree::new(Val::Bool(value), text.span(site), dir)));
    }
    let bind: Vec<Entry> = [("propagation", mount.propagation), ("selinux", mount.selinux)]
        .into_iter()
        .filter_map(|(key, text)| text.map(|text| written(key, text)))
        .collect();
    if !bind.is_empty() {
        entries.push(group("bind", bind));
    }
    if let Some(text) = mount.nocopy {
        entries.push(group("volume", vec![implied_key("nocopy", Tree::new(Val::Bool(true), text.span(site), dir))]));
    }
    entries.push(syntax(&text, site, dir, quoted(&text, site)));
    if mount.open {
        item.flags |= Flags::OPEN;
    }
    item.origin.clear();
    item.value = Val::Map(entries);
}
