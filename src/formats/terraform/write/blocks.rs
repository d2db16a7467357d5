//! Writing the blocks of a module in the order of the schema.

use super::{Kind, Slot, Writer, Written};
use crate::eval::{Data, Environment, Marks, Value as Worth, elements, equal};
use crate::syntax::{Block, ExprKind, Item, Label};
use plimsoll_document::schema::key;
use plimsoll_document::{Flags, Key, NodeId, Span, Value};
use std::rc::Rc;

impl<'w> Writer<'w, '_> {
    pub(super) fn blocks(&mut self, root: NodeId, site: Span) {
        let list = self.list_of(root, "terraform", site);
        for block in self.module.of("terraform") {
            self.settings(list, block);
        }
        let list = self.list_of(root, "providers", site);
        for block in self.module.of("provider") {
            self.named(list, block, Kind::Provider);
        }
        let list = self.list_of(root, "variables", site);
        for block in self.module.of("variable") {
            self.named(list, block, Kind::Variable);
        }
        self.locals(root, site);
        for (key, kind, prefix) in [("resources", "resource", ""), ("data", "data", "data."), ("ephemeral", "ephemeral", "ephemeral.")] {
            let list = self.list_of(root, key, site);
            for block in self.module.of(kind) {
                self.resource(list, block, prefix);
            }
        }
        let list = self.list_of(root, "modules", site);
        for block in self.module.of("module") {
            self.named(list, block, Kind::Module);
        }
        let list = self.list_of(root, "outputs", site);
        for block in self.module.of("output") {
            self.named(list, block, Kind::Output);
        }
        for (key, kind) in [("moved", "moved"), ("imports", "import"), ("removed", "removed"), ("checks", "check")] {
            let list = self.list_of(root, key, site);
            for block in self.module.of(kind) {
                let item = self.put(Slot::Item(list), Value::Map, block.span);
                self.label(item, "name", block.labels.first());
                self.body(item, kind, &block.body, self.environment(), &mut String::new());
                self.found.clear();
            }
        }
    }

    fn list_of(&mut self, root: NodeId, key: &str, site: Span) -> NodeId {
        let list = self.builder.entry(root, Key::fact(key), Value::List, site);
        if self.module.open {
            self.builder.flag(list, Flags::OPEN);
        }
        list
    }

    fn label(&mut self, map: NodeId, key: &str, label: Option<&Label>) {
        if let Some(label) = label {
            self.put(Slot::Entry(map, Key::fact(key)), Value::String(&label.text), label.span);
        }
    }

    fn locals(&mut self, root: NodeId, site: Span) {
        let map = self.builder.entry(root, Key::of(key::LOCALS), Value::Map, site);
        if self.module.open {
            self.builder.flag(map, Flags::OPEN);
        }
        let names = self.names;
        for attribute in &names.local_attributes {
            self.expr(Slot::Entry(map, Key::at(&attribute.name, attribute.key)), &attribute.value, self.environment(), &mut String::new());
            self.found.clear();
        }
    }

    fn written(&mut self, kind: Kind, node: NodeId, address: String, block: &'w Block, instances: Option<Worth>) {
        let references = std::mem::take(&mut self.found);
        self.by_address.entry(address.clone()).or_insert(node);
        self.written.push(Written { kind, node, address, block, instances, references });
    }

    fn settings(&mut self, list: NodeId, block: &'w Block) {
        let item = self.put(Slot::Item(list), Value::Map, block.span);
        if block.body.open {
            self.builder.flag(item, Flags::OPEN);
        }
        let mut requirements = None;
        let mut lists = std::collections::HashMap::new();
        for part in &block.body.items {
            match part {
                Item::Attribute(attribute) => {
                    let slot = Slot::Entry(item, Key::at(&attribute.name, attribute.key));
                    if &*attribute.name == "experiments" {
                        self.written_as_text(slot, &attribute.value);
                        continue;
                    }
                    let node = self.expr(slot, &attribute.value, self.environment(), &mut String::new());
                    if &*attribute.name == "required_version" {
                        self.versions.push(node);
                    }
                }
                Item::Block(inner) if &*inner.kind == "required_providers" => {
                    let map = *requirements.get_or_insert_with(|| {
                        self.put(Slot::Entry(item, Key::at("required_providers", inner.keyword)), Value::Map, inner.span)
                    });
                    if inner.body.open {
                        self.builder.flag(map, Flags::OPEN);
                    }
                    self.requirements(map, inner);
                }
                Item::Block(inner) => {
                    let site = inner.span;
                    let list = *lists
                        .entry(&*inner.kind)
                        .or_insert_with(|| self.put(Slot::Entry(item, Key::at(&inner.kind, inner.keyword)), Value::List, site));
                    let node = self.put(Slot::Item(list), Value::Map, site);
                    match &*inner.kind {
                        "backend" => {
                            self.label(node, "type", inner.labels.first());
                            let body = self.put(Slot::Entry(node, Key::of(key::BODY)), Value::Map, site);
                            self.body(body, "backend", &inner.body, self.environment(), &mut String::new());
                            self.backend.get_or_insert(node);
                        }
                        kind => {
                            self.label(node, "name", inner.labels.first());
                            self.body(node, kind, &inner.body, self.environment(), &mut String::new());
                            if kind == "cloud" {
                                self.cloud.get_or_insert(node);
                            }
                        }
                    }
                }
            }
        }
        self.found.clear();
    }

    fn requirements(&mut self, map: NodeId, block: &'w Block) {
        for item in &block.body.items {
            let Item::Attribute(attribute) = item else { continue };
            let slot = Slot::Entry(map, Key::at(&attribute.name, attribute.key));
            let node = self.put(slot, Value::Map, attribute.value.span);
            match &attribute.value.bare().kind {
                ExprKind::Object(entries) => {
                    for (key, value) in entries {
                        let Some(name) = key.literal() else {
                            self.builder.flag(node, Flags::OPEN);
                            continue;
                        };
                        let slot = Slot::Entry(node, Key::at(name, key.span()));
                        if name == "configuration_aliases" {
                            self.written_as_text(slot, value);
                        } else {
                            self.expr(slot, value, self.environment(), &mut String::new());
                        }
                    }
                }
                // `aws = "~> 2.0"`
                _ => {
                    self.expr(Slot::Entry(node, Key::of(key::VERSION)), &attribute.value, self.environment(), &mut String::new());
                }
            }
            self.requirements.push((attribute.name.to_string(), node));
        }
    }

    /// Blocks with one label, whose arguments are the fields of their type.
    fn named(&mut self, list: NodeId, block: &'w Block, kind: Kind) {
        let name = block.labels.first().map_or("", |label| &*label.text);
        let mut instances = None;
        let mut may_exist = false;
        if kind == Kind::Module {
            let existence = self.existence(block);
            if existence.absent {
                return;
            }
            may_exist = existence.may_exist;
            instances = existence.instances;
        }
        let item = self.put(Slot::Item(list), Value::Map, block.span);
        if may_exist {
            self.builder.flag(item, Flags::MAY_EXIST);
        }
        self.label(item, "name", block.labels.first());
        let environment = self.environment();
        let address = match kind {
            Kind::Variable => format!("var.{name}"),
            Kind::Output => format!("output.{name}"),
            Kind::Module => format!("module.{name}"),
            Kind::Resource | Kind::Provider => {
                match block.body.attribute("alias").map(|attribute| environment.value(&attribute.value).data) {
                    Some(Data::String(alias)) => format!("provider.{name}.{alias}"),
                    _ => format!("provider.{name}"),
                }
            }
        };
        match kind {
            Kind::Module | Kind::Provider => {
                let body = self.put(Slot::Entry(item, Key::of(key::BODY)), Value::Map, block.span);
                self.body(body, &block.kind, &block.body, environment, &mut String::new());
                // The fields that have a name of their own are the body's.
                let fields: &[&str] = if kind == Kind::Module { &["source", "version"] } else { &["alias", "version"] };
                for field in fields {
                    if let Some(attribute) = block.body.attribute(field) {
                        let worth = environment.value(&attribute.value);
                        let slot = Slot::Entry(item, Key::at(field, attribute.key));
                        self.worth(slot, &worth, attribute.value.span, Marks::default());
                    } else if block.body.open {
                        self.put(Slot::Entry(item, Key::fact(field)), Value::Unknown("part of the block could not be read"), block.span);
                    }
                }
            }
            _ => self.body(item, &block.kind, &block.body, environment, &mut String::new()),
        }
        if kind == Kind::Variable && self.names.scope.variables.get(name).is_some_and(|worth| worth.marks.has(Marks::SENSITIVE)) {
            self.seal(item);
        }
        self.written(kind, item, address, block, instances);
    }

    /// A sensitive variable's default is a secret where it is written, too.
    fn seal(&mut self, variable: NodeId) {
        let mut inside = vec![];
        if let Some(default) = self.builder.doc().node(variable.0).and_then(|node| node.get_text("default").known()) {
            let mut stack = vec![default];
            while let Some(node) = stack.pop() {
                inside.push(NodeId(node.index()));
                stack.extend(node.children());
            }
        }
        for node in inside {
            self.builder.flag(node, Flags::SENSITIVE);
        }
    }

    fn resource(&mut self, list: NodeId, block: &'w Block, prefix: &str) {
        let [ty, name, ..] = block.labels.as_slice() else { return };
        let existence = self.existence(block);
        if existence.absent {
            return;
        }
        let item = self.put(Slot::Item(list), Value::Map, block.span);
        if existence.may_exist {
            self.builder.flag(item, Flags::MAY_EXIST);
        }
        self.label(item, "type", Some(ty));
        self.label(item, "name", Some(name));
        let body = self.put(Slot::Entry(item, Key::of(key::BODY)), Value::Map, block.span);
        let environment = self.environment();
        match existence.bind {
            Some((name, value)) => {
                let binding = environment.bind(name, value);
                self.body(body, &block.kind, &block.body, environment.with(&binding), &mut String::new());
            }
            None => self.body(body, &block.kind, &block.body, environment, &mut String::new()),
        }
        self.written(Kind::Resource, item, format!("{prefix}{}.{}", ty.text, name.text), block, existence.instances);
    }

    /// What `count` and `for_each` say.
    fn existence(&self, block: &'w Block) -> Existence {
        let environment = self.environment();
        if let Some(count) = block.body.attribute("count") {
            return Existence::counted(&environment.value(&count.value));
        }
        if let Some(each) = block.body.attribute("for_each") {
            return Existence::each(environment, &environment.value(&each.value));
        }
        let instances = (!block.body.open).then(|| Worth::number(1.0));
        Existence { instances, ..Existence::default() }
    }
}

/// Whether an object is there, and how often.
#[derive(Default)]
struct Existence {
    absent: bool,
    may_exist: bool,
    instances: Option<Worth>,
    /// What `count` or `each` is worth inside.
    bind: Option<(&'static str, Worth)>,
}

impl Existence {
    fn unknown(cause: Rc<str>) -> Self {
        Self { may_exist: true, instances: Some(Worth::unknown(cause)), ..Self::default() }
    }

    fn counted(count: &Worth) -> Self {
        match &count.data {
            Data::Number(count) if *count == 0.0 => Self { absent: true, ..Self::default() },
            Data::Number(count) if *count >= 1.0 => {
                let index = if *count < 1.5 { Worth::number(0.0) } else { Worth::unknown("count.index differs by instance") };
                Self {
                    instances: Some(Worth::number(*count)),
                    bind: Some(("count", Worth::object([(Rc::from("index"), index)]))),
                    ..Self::default()
                }
            }
            Data::Unknown(cause) => Self::unknown(cause.clone()),
            _ => Self::unknown("count is not a number".into()),
        }
    }

    fn each(environment: Environment<'_, '_>, each: &Worth) -> Self {
        let elements = match elements(each) {
            Ok(Ok(elements)) => elements,
            Ok(Err(cause)) => return Self::unknown(cause),
            Err(fault) => return Self::unknown(fault.0),
        };
        if matches!(&each.data, Data::Mapping(mapping) if mapping.open) {
            return Self::unknown("the collection may hold more elements".into());
        }
        let count = elements.len();
        let mut pairs = elements.into_iter();
        let Some((key, value)) = pairs.next() else { return Self { absent: true, ..Self::default() } };
        let (key, value) = pairs.fold((key, value), |(key, value), (_, next)| {
            let _ = key;
            (Worth::unknown("each.key differs by instance"), common(environment, &value, &next))
        });
        let each = Worth::object([(Rc::from("key"), key), (Rc::from("value"), value)]);
        Self { instances: Some(Worth::number(f64::from(count as u32))), bind: Some(("each", each)), ..Self::default() }
    }
}

/// What two instances have in common.
fn common(environment: Environment<'_, '_>, one: &Worth, other: &Worth) -> Worth {
    if let (Data::Mapping(a), Data::Mapping(b)) = (&one.data, &other.data)
        && a.entries.keys().eq(b.entries.keys())
        && !a.open
        && !b.open
    {
        let entries = a.entries.iter().zip(b.entries.values());
        return Worth::object(entries.map(|((key, a), b)| (key.clone(), common(environment, &a.value, &b.value))));
    }
    if equal(environment.scope, one, other) == Some(true) {
        return one.clone().inheriting([other]);
    }
    Worth::unknown("each.value differs by instance").inheriting([one, other])
}
