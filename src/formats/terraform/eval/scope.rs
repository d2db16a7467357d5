//! Names an expression can use.

use super::value::{Data, Value};
use plimsoll_formats::Budget;
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

/// Work that the evaluation of one module may do, in values touched. What is beyond is unknown.
const FUEL: u64 = 4_000_000;

/// The names of one module.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) variables: HashMap<&'a str, Value>,
    pub(crate) locals: HashMap<&'a str, Value>,
    fuel: Cell<u64>,
    text: Budget,
    /// Set whenever a name led to something that is not wholly known; `try` and `can` ask.
    met_unknown: Cell<bool>,
}

impl Default for Scope<'_> {
    fn default() -> Self {
        Self {
            variables: HashMap::new(),
            locals: HashMap::new(),
            fuel: Cell::new(FUEL),
            text: Budget::default(),
            met_unknown: Cell::new(false),
        }
    }
}

impl Scope<'_> {
    /// Takes `work` from what is left; false if there is not enough.
    pub(crate) fn spend(&self, work: usize) -> bool {
        let left = self.fuel.get().checked_sub(work as u64);
        self.fuel.set(left.unwrap_or(0));
        left.is_some()
    }

    /// The value, if there may still be that much text; else that it cannot be told.
    pub(crate) fn afford(&self, value: Value) -> Value {
        let length = |value: &Value| if let Data::String(text) = &value.data { text.len() } else { 0 };
        let made = match &value.data {
            Data::Sequence(sequence) => sequence.items.iter().map(length).sum(),
            _ => length(&value),
        };
        if self.text.afford(made) { value } else { Value::unknown("evaluation limit") }
    }

    /// Whether anything was left unknown because it would have been too much.
    pub(crate) fn is_spent(&self) -> bool {
        self.fuel.get() == 0 || self.text.is_spent()
    }

    pub(crate) fn meet(&self, value: &Value) {
        if !value.is_whole() {
            self.met_unknown.set(true);
        }
    }

    /// Runs `work` and tells whether it met anything unknown; what was met before stays met.
    pub(crate) fn meeting<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let before = self.met_unknown.replace(false);
        let result = work();
        let met = self.met_unknown.get();
        self.met_unknown.set(before || met);
        (result, met)
    }
}

/// A scope with the names that `for`, `dynamic`, `each` and `count` bind around an expression.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'e, 'a> {
    pub(crate) scope: &'e Scope<'a>,
    binding: Option<&'e Binding<'e>>,
    /// How deep the evaluation is.
    pub(crate) depth: u32,
}

pub(crate) struct Binding<'e> {
    pub(crate) name: &'e str,
    pub(crate) value: Value,
    pub(crate) outer: Option<&'e Self>,
}

impl<'e, 'a> Environment<'e, 'a> {
    pub(crate) const fn new(scope: &'e Scope<'a>) -> Self {
        Self { scope, binding: None, depth: 0 }
    }

    /// A binding on top of the present ones, for [`Self::with`].
    pub(crate) const fn bind<'n>(&self, name: &'n str, value: Value) -> Binding<'n>
    where
        'e: 'n,
    {
        Binding { name, value, outer: self.binding }
    }

    pub(crate) const fn with<'n>(&self, binding: &'n Binding<'n>) -> Environment<'n, 'a>
    where
        'e: 'n,
    {
        Environment { scope: self.scope, binding: Some(binding), depth: self.depth }
    }

    pub(crate) fn deeper(&self) -> Self {
        Self { depth: self.depth + 1, ..*self }
    }

    pub(crate) fn bound(&self, name: &str) -> Option<&'e Value> {
        let mut binding = self.binding;
        while let Some(found) = binding {
            if found.name == name {
                return Some(&found.value);
            }
            binding = found.outer;
        }
        None
    }

    /// What a name that no binding has is worth, and how many of the steps behind it were used. `first` and `second` are the next two
    /// attribute names, if they are plain attributes.
    pub(crate) fn global(&self, root: &str, first: Option<&str>, second: Option<&str>) -> (Value, usize) {
        let unknown = |cause: String| Value::unknown(Rc::<str>::from(cause));
        let named = first.unwrap_or("*");
        match (root, first) {
            ("var", Some(name)) => {
                let value = self.scope.variables.get(name).cloned();
                (value.unwrap_or_else(|| unknown(format!("variable {name} is not declared"))), 1)
            }
            ("local", Some(name)) => {
                let value = self.scope.locals.get(name).cloned();
                (value.unwrap_or_else(|| unknown(format!("local {name} is not declared"))), 1)
            }
            ("path", Some("module")) => (Value::string("."), 1),
            ("path", _) => (unknown(format!("path.{named} depends on where Terraform runs")), 1),
            ("terraform", _) => (unknown(format!("terraform.{named} is chosen at run time")), 1),
            ("each" | "count", _) => (unknown(format!("{root}.{named} differs by instance")), 1),
            ("self", _) => (unknown(format!("self.{named} is known only after apply")), 1),
            ("module", _) => (unknown(format!("module.{named} is another module")), 1),
            ("data", _) => (unknown(format!("data.{named}.{} is read at plan time", second.unwrap_or("*"))), 2),
            _ => (unknown(format!("{root}.{named} is known only after apply")), 1),
        }
    }
}
