//! Writing what was worked out, once every node is there.

use super::{Kind, Reference, Slot, Writer, Written};
use crate::eval::{Data, Marks};
use crate::source_address;
use plimsoll_document::schema::key;
use plimsoll_document::{Flags, Key, Lookup, NodeId, Span, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl<'w> Writer<'w, '_> {
    pub(super) fn facts(&mut self, root: NodeId, site: Span) {
        let written = std::mem::take(&mut self.written);
        let mut referrers: HashMap<NodeId, BTreeSet<NodeId>> = HashMap::new();
        for object in written.iter().filter(|object| object.kind == Kind::Resource) {
            for reference in &object.references {
                if let Some(target) = self.by_address.get(&*reference.target.address) {
                    referrers.entry(*target).or_default().insert(object.node);
                }
            }
        }
        for object in &written {
            let site = object.block.span;
            let facts = self.fact(object.node, "facts", Value::Map, site);
            self.fact(facts, "address", Value::String(&object.address), site);
            match object.kind {
                Kind::Resource => self.resource_facts(facts, object, referrers.get(&object.node)),
                Kind::Module => self.module_call_facts(facts, object),
                Kind::Variable => self.variable_facts(facts, object),
                Kind::Provider | Kind::Output => {}
            }
            if object.kind != Kind::Variable {
                self.references(facts, &object.references, site);
            }
        }
        self.module_facts(root, site, &written);
    }

    fn fact(&mut self, map: NodeId, key: &str, value: Value<'_>, site: Span) -> NodeId {
        self.put(Slot::Entry(map, Key::fact(key)), value, site)
    }

    fn references(&mut self, facts: NodeId, references: &[Reference], site: Span) {
        let list = self.fact(facts, "references", Value::List, site);
        for reference in references {
            if self.full {
                return;
            }
            let item = self.put(Slot::Item(list), Value::Map, site);
            self.fact(item, "path", Value::String(&reference.path), site);
            self.fact(item, "subject", Value::Ref(reference.subject), site);
            self.fact(item, "address", Value::String(&reference.target.address), site);
            if !reference.target.attribute.is_empty() {
                self.fact(item, "attribute", Value::String(&reference.target.attribute), site);
            }
            self.fact(item, "plain", Value::Bool(reference.plain), site);
            if let Some(target) = self.by_address.get(&*reference.target.address).copied() {
                let key = match &*reference.target.address {
                    address if address.starts_with("var.") => "variable",
                    address if address.starts_with("module.") => "module",
                    _ => "target",
                };
                self.fact(item, key, Value::Ref(target), site);
            }
        }
    }

    fn instances(&mut self, facts: NodeId, object: &Written<'w>) {
        let site = object.block.span;
        match &object.instances {
            Some(worth) => {
                self.worth(Slot::Entry(facts, Key::of(key::INSTANCES)), worth, site, Marks::default());
            }
            None => {
                self.fact(facts, "instances", Value::Unknown("part of the block could not be read"), site);
            }
        }
    }

    fn resource_facts(&mut self, facts: NodeId, object: &Written<'w>, referrers: Option<&BTreeSet<NodeId>>) {
        let site = object.block.span;
        let mode = if &*object.block.kind == "resource" { "managed" } else { &*object.block.kind };
        self.fact(facts, "mode", Value::String(mode), site);
        let (provider, alias) = self.provider_of(object);
        self.fact(facts, "provider", Value::String(&provider), site);
        let config = match &alias {
            Some(alias) => format!("provider.{provider}.{alias}"),
            None => format!("provider.{provider}"),
        };
        let config = self.by_address.get(&config).copied();
        if let Some(config) = config {
            self.fact(facts, "provider-config", Value::Ref(config), site);
        }
        self.instances(facts, object);
        let list = self.fact(facts, "referrers", Value::List, site);
        for referrer in referrers.into_iter().flatten() {
            self.put(Slot::Item(list), Value::Ref(*referrer), site);
        }
        self.tags(facts, object, config);
    }

    /// Local name and alias of a resource's provider: its `provider` argument, else the type up to the first underscore.
    fn provider_of(&self, object: &Written<'w>) -> (String, Option<String>) {
        let default = || {
            let ty = object.block.labels.first().map_or("", |label| &label.text);
            (ty.split('_').next().unwrap_or(ty).to_owned(), None)
        };
        let Some(attribute) = object.block.body.attribute("provider") else { return default() };
        let text = match &attribute.value.unwrapped().kind {
            crate::syntax::ExprKind::String(text) => text.to_string(),
            _ => self.text(attribute.value.span),
        };
        let mut parts = text.split('.').map(str::trim);
        match (parts.next(), parts.next()) {
            (Some(name), alias) if !name.is_empty() => (name.to_owned(), alias.map(str::to_owned)),
            _ => default(),
        }
    }

    /// The tags in force: refs to where each is written. Own tags win over the provider's.
    fn tags(&mut self, facts: NodeId, object: &Written<'w>, config: Option<NodeId>) {
        let mut tags: BTreeMap<String, NodeId> = BTreeMap::new();
        let mut open = false;
        let mut any = false;
        {
            let doc = self.builder.doc();
            let body = |node: NodeId| doc.node(node.0).map(|node| node.get_text("body"));
            let mut take = |found: Lookup<'_>| match found {
                Lookup::Present(map) if map.kind() == plimsoll_document::Kind::Map => {
                    any = true;
                    open |= map.flags().has(Flags::OPEN);
                    tags.extend(map.children().map(|entry| (entry.key().to_owned(), NodeId(entry.index()))));
                }
                Lookup::Present(node) if node.kind() == plimsoll_document::Kind::Null => {}
                Lookup::Absent => {}
                Lookup::Present(_) | Lookup::Unknown(_) => {
                    any = true;
                    open = true;
                }
            };
            if let Some(Lookup::Present(config)) = config.and_then(body) {
                match config.get_text("default_tags") {
                    Lookup::Present(blocks) if blocks.kind() == plimsoll_document::Kind::List => {
                        for block in blocks.children() {
                            take(block.get_text("tags"));
                        }
                    }
                    Lookup::Present(block) => take(block.get_text("tags")),
                    other => take(other),
                }
                take(config.get_text("default_labels"));
            }
            if let Some(Lookup::Present(own)) = body(object.node) {
                for key in ["tags", "labels"] {
                    match own.get_text(key) {
                        // Some resources have blocks of these names.
                        Lookup::Present(node) if node.kind() == plimsoll_document::Kind::List => {}
                        found => take(found),
                    }
                }
            }
        }
        if !any {
            return;
        }
        let site = object.block.span;
        let map = self.fact(facts, "tags", Value::Map, site);
        if open {
            self.builder.flag(map, Flags::OPEN);
        }
        for (key, node) in tags {
            self.fact(map, &key, Value::Ref(node), site);
        }
    }

    fn module_call_facts(&mut self, facts: NodeId, object: &Written<'w>) {
        let site = object.block.span;
        let source = object.block.body.attribute("source");
        let worth = source.map(|attribute| self.environment().value(&attribute.value));
        let span = source.map_or(site, |attribute| attribute.value.span);
        match worth.map(|worth| worth.data) {
            Some(Data::String(text)) => {
                let split = source_address::split(&text);
                let map = self.fact(facts, "source", Value::Map, span);
                self.fact(map, "kind", Value::String(split.kind), span);
                self.fact(map, "address", Value::String(&split.address), span);
                if split.kind == "local"
                    && let Some(path) = joined(self.directory, &split.address)
                {
                    self.fact(map, "path", Value::String(&path), span);
                }
                if let Some(directory) = &split.directory {
                    self.fact(map, "directory", Value::String(directory), span);
                }
                if let Some((_, reference)) = split.query.iter().find(|(name, _)| matches!(name.as_str(), "ref" | "rev")) {
                    self.fact(map, "ref", Value::String(reference), span);
                }
                let query = self.fact(map, "query", Value::Map, span);
                for (name, value) in &split.query {
                    self.fact(query, name, Value::String(value), span);
                }
            }
            Some(Data::Unknown(cause)) => {
                self.fact(facts, "source", Value::Unknown(&cause), span);
            }
            _ => {
                self.fact(facts, "source", Value::Unknown("the module has no source"), span);
            }
        }
        self.instances(facts, object);
    }

    fn variable_facts(&mut self, facts: NodeId, object: &Written<'w>) {
        let site = object.block.span;
        let name = object.block.labels.first().map_or("", |label| &*label.text);
        let names = self.names;
        if let Some(worth) = names.scope.variables.get(name) {
            let site = object.block.body.attribute("default").map_or(site, |default| default.value.span);
            self.worth(Slot::Entry(facts, Key::of(key::VALUE)), worth, site, Marks::default());
        }
        let used = match (names.used_variables.contains(name), self.module.open) {
            (true, _) => Value::Bool(true),
            (false, true) => Value::Unknown("part of the module could not be read"),
            (false, false) => Value::Bool(false),
        };
        self.fact(facts, "used", used, site);
    }

    fn module_facts(&mut self, root: NodeId, site: Span, written: &[Written<'w>]) {
        let facts = self.fact(root, "facts", Value::Map, site);
        let directory = if self.directory.is_empty() { "." } else { self.directory };
        self.fact(facts, "path", Value::String(directory), site);
        for (key, node) in [("backend", self.backend), ("cloud", self.cloud)] {
            if let Some(node) = node {
                self.fact(facts, key, Value::Ref(node), site);
            }
        }
        if self.module.open {
            self.builder.flag(facts, Flags::OPEN);
        }
        let open_list = |writer: &mut Self, key: &str| {
            let list = writer.fact(facts, key, Value::List, site);
            if writer.module.open {
                writer.builder.flag(list, Flags::OPEN);
            }
            list
        };
        let list = open_list(self, "version-constraints");
        for node in std::mem::take(&mut self.versions) {
            self.put(Slot::Item(list), Value::Ref(node), site);
        }
        let list = open_list(self, "provider-requirements");
        let requirements = std::mem::take(&mut self.requirements);
        for (name, node) in &requirements {
            let item = self.put(Slot::Item(list), Value::Map, site);
            self.fact(item, "name", Value::String(name), site);
            self.fact(item, "subject", Value::Ref(*node), site);
        }
        let mut used: BTreeMap<String, NodeId> = BTreeMap::new();
        for object in written {
            let name = match object.kind {
                Kind::Resource => self.provider_of(object).0,
                Kind::Provider => object.block.labels.first().map_or_else(String::new, |label| label.text.to_string()),
                _ => continue,
            };
            if !name.is_empty() && name != "terraform" {
                used.entry(name).or_insert(object.node);
            }
        }
        let list = open_list(self, "used-providers");
        for (name, node) in used {
            let item = self.put(Slot::Item(list), Value::Map, site);
            self.fact(item, "name", Value::String(&name), site);
            self.fact(item, "subject", Value::Ref(node), site);
            if let Some((_, requirement)) = requirements.iter().find(|(required, _)| *required == name) {
                self.fact(item, "requirement", Value::Ref(*requirement), site);
            }
        }
    }
}

/// A local source's directory relative to the project root; `None` if it leads outside.
fn joined(directory: &str, source: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    for part in source.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn local_sources_stay_inside_the_project() {
        assert_eq!(joined("env/prod", "../../modules/net").as_deref(), Some("modules/net"));
        assert_eq!(joined("", "./net").as_deref(), Some("net"));
        assert_eq!(joined(".", "../net"), None);
    }
}
