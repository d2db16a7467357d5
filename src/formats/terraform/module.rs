//! One module: the blocks of all its files, override files merged, and what its names are worth.

use crate::eval::{Data, Environment, Marks, Scope, Type, Value};
use crate::references::{Locals, names};
use crate::syntax::{Attribute, Block, Body, Expr, Item, Step};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The blocks of a module.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) blocks: Vec<Block>,
    /// A part of it could not be read.
    pub(crate) open: bool,
}

impl Module {
    /// Adds a file's blocks.
    pub(crate) fn add(&mut self, body: Body) {
        self.open |= body.open;
        for item in body.items {
            match item {
                Item::Block(block) => {
                    self.open |= block.body.open;
                    self.blocks.push(block);
                }
                // An argument outside of any block: Terraform refuses the file.
                Item::Attribute(_) => self.open = true,
            }
        }
    }

    /// Merges an override file: its blocks change those with the same type and labels, argument by argument, nested blocks as a whole.
    pub(crate) fn override_with(&mut self, body: Body) {
        self.open |= body.open;
        for item in body.items {
            let Item::Block(over) = item else { continue };
            let same = |block: &&mut Block| {
                block.kind == over.kind && block.labels.iter().map(|label| &label.text).eq(over.labels.iter().map(|label| &label.text))
            };
            match &*over.kind {
                "locals" => self.blocks.push(over),
                _ => match self.blocks.iter_mut().find(same) {
                    Some(base) => merge(&mut base.body, over.body),
                    None => self.blocks.push(over),
                },
            }
        }
    }

    pub(crate) fn of<'m>(&'m self, kind: &'m str) -> impl Iterator<Item = &'m Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

fn merge(base: &mut Body, over: Body) {
    base.open |= over.open;
    let kinds: HashSet<Box<str>> = over
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Block(block) => Some(block.kind.clone()),
            Item::Attribute(_) => None,
        })
        .collect();
    // Provider requirements merge by name; any other nested block replaces all of its type.
    base.items.retain(|item| !matches!(item, Item::Block(block) if kinds.contains(&block.kind) && &*block.kind != "required_providers"));
    for item in over.items {
        match item {
            Item::Attribute(attribute) => {
                let present = base.items.iter_mut().find_map(|item| match item {
                    Item::Attribute(present) if present.name == attribute.name => Some(present),
                    _ => None,
                });
                match present {
                    Some(present) => *present = attribute,
                    None => base.items.push(Item::Attribute(attribute)),
                }
            }
            Item::Block(block) => base.items.push(Item::Block(block)),
        }
    }
}

/// A module with the worth of its names.
pub(crate) struct Names<'a> {
    pub(crate) scope: Scope<'a>,
    pub(crate) locals: Locals<'a>,
    /// Every argument of every `locals` block, the last one of a name only.
    pub(crate) local_attributes: Vec<&'a Attribute>,
    /// Variables that some expression names.
    pub(crate) used_variables: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    /// Evaluates variables, then locals in the order in which they need each other.
    pub(crate) fn new(module: &'a Module, given: &'a BTreeMap<Box<str>, Expr>) -> Self {
        let mut scope = Scope::default();
        for block in module.of("variable") {
            if let Some(label) = block.labels.first() {
                let value = variable(block, given.get(&label.text));
                scope.variables.insert(&label.text, value);
            }
        }
        let mut by_name: HashMap<&str, &Attribute> = HashMap::new();
        for block in module.of("locals") {
            for item in &block.body.items {
                if let Item::Attribute(attribute) = item {
                    by_name.insert(&attribute.name, attribute);
                }
            }
        }
        let expressions = by_name.iter().map(|(name, attribute)| (*name, &attribute.value)).collect();
        let (locals, order, ring) = Locals::new(expressions);
        for name in order {
            let value = if ring.contains(name) {
                Value::unknown(format!("local {name} depends on itself"))
            } else {
                let expr = &by_name[name].value;
                Environment::new(&scope).value(expr).through(expr.span)
            };
            scope.locals.insert(name, value);
        }
        let mut local_attributes: Vec<&Attribute> = by_name.into_values().collect();
        local_attributes.sort_by_key(|attribute| attribute.key);
        let mut used_variables = HashSet::new();
        for block in &module.blocks {
            body_names(&block.body, &mut used_variables);
        }
        Self { scope, locals, local_attributes, used_variables }
    }
}

fn body_names<'a>(body: &'a Body, used: &mut HashSet<&'a str>) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => names(&attribute.value, &mut vec![], &mut |root, steps| {
                if let ("var", Some(Step::Attribute(name))) = (root, steps.first()) {
                    used.insert(name);
                }
            }),
            Item::Block(block) => body_names(&block.body, used),
        }
    }
}

/// What a variable is worth: what tfvars give, else its default, as its type.
fn variable(block: &Block, given: Option<&Expr>) -> Value {
    let scope = Scope::default();
    let environment = Environment::new(&scope);
    let name = block.labels.first().map_or("", |label| &label.text);
    let literal = |argument: &str| block.body.attribute(argument).map(|attribute| environment.value(&attribute.value));
    let default = block.body.attribute("default").map(|attribute| &attribute.value);
    let ty = match block.body.attribute("type").map(|attribute| Type::read(&attribute.value)) {
        Some(None) => return Value::unknown(format!("variable {name} has a type that is not understood")),
        Some(Some(ty)) => ty,
        None => Type::Any,
    };
    let from_default = || default.map(|expr| environment.value(expr).marked(Marks::DEFAULTED));
    let nullable = literal("nullable").is_none_or(|value| !matches!(value.data, Data::Bool(false)));
    let value = match given.map(|expr| environment.value(expr)) {
        Some(value) if value.is_null() && !nullable => from_default(),
        Some(value) => Some(value),
        None if block.body.open && default.is_none() => None,
        None => from_default(),
    };
    let value = value.unwrap_or_else(|| Value::unknown(format!("variable {name} has no value")));
    let converted = ty.convert(&scope, &value);
    let value = converted.unwrap_or_else(|fault| Value::unknown(format!("variable {name}: {}", fault.0)));
    let secret = match literal("sensitive").map(|value| value.data) {
        None | Some(Data::Bool(false)) => Marks::default(),
        Some(_) => Marks::SENSITIVE,
    };
    value.marked(Marks::VARIABLE | secret)
}
