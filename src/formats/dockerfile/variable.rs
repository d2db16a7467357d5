//! What ARG and ENV put in force, and where each value came from.

use crate::text::Cut;
use plimsoll_document::{Flags, Span};
use plimsoll_formats::Budget;
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// Which places took part in a variable's value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provenance {
    pub(crate) flags: Flags,
    /// The one literal that decided it, if there is one.
    pub(crate) decided: Option<Span>,
    /// The same, written inside the text being read: resolved by the caller, who knows where that text stands.
    pub(crate) written: Option<Cut>,
    /// Places it passed through: nearest last.
    pub(crate) via: Rc<[Span]>,
}

impl Provenance {
    /// A variable took part, nothing more is known.
    pub(crate) fn variable() -> Self {
        Self { flags: Flags::FROM_VARIABLE, ..Self::default() }
    }

    /// Decided by text at `cut` of what is being read.
    pub(crate) fn written(cut: Cut, flags: Flags) -> Self {
        Self { flags, written: Some(cut), ..Self::default() }
    }

    pub(crate) fn with(mut self, flags: Flags) -> Self {
        self.flags |= flags;
        self
    }
}

/// What a variable is worth.
pub(crate) enum Value<'a> {
    /// This text.
    Set(Cow<'a, str>, Provenance),
    /// Certainly not set.
    Unset,
    /// An ARG without a default: unset unless the build sets it. Carries the cause.
    NoDefault(String),
    /// Cannot be told. Carries the cause.
    Unknown(String),
}

/// Looks variables up.
pub(crate) trait Variables {
    fn get(&self, name: &str) -> Value<'_>;

    /// Takes from what expansion may still put into the file; `false` if that is not enough.
    fn afford(&self, bytes: usize) -> bool;
}

/// No variable is set.
pub(crate) struct Nothing;

impl Variables for Nothing {
    fn get(&self, _: &str) -> Value<'_> {
        Value::Unset
    }

    fn afford(&self, _: usize) -> bool {
        true
    }
}

/// A variable's state.
#[derive(Clone, Debug)]
pub(crate) enum State {
    Set(Rc<str>, Provenance),
    NoDefault,
    Unknown(Rc<str>),
}

/// What a build argument that BuildKit sets by itself is called.
const PREDEFINED: [&str; 11] = [
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDOSVERSION",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETOSVERSION",
    "TARGETARCH",
    "TARGETVARIANT",
    "TARGETSTAGE",
];

/// Why a value cannot be told once the budget is spent.
pub(crate) const TOO_LARGE: &str = "the file's variables expand to too much text";

/// The variables in force at one place. Cheap to copy as long as nothing changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    states: Rc<HashMap<Box<str>, State>>,
    /// Whether more variables may be set than are known here (the base image's).
    pub(crate) open: bool,
    /// The scope of FROM lines, where BuildKit sets the platform arguments.
    pub(crate) global: bool,
    /// Shared by all scopes of a file.
    budget: Budget,
}

impl Scope {
    pub(crate) fn global() -> Self {
        Self { global: true, ..Self::default() }
    }

    /// Nothing is known, and anything may be set.
    pub(crate) fn open() -> Self {
        Self { open: true, ..Self::default() }
    }

    /// The same for another place of this scope's file.
    pub(crate) fn open_beside(&self) -> Self {
        Self { budget: self.budget.clone(), ..Self::open() }
    }

    /// Whether more was to be put in than any file may.
    pub(crate) fn is_spent(&self) -> bool {
        self.budget.is_spent()
    }

    /// What a variable with this text is worth here.
    pub(crate) fn put_in<'v>(&self, text: &'v str, provenance: &Provenance) -> Value<'v> {
        if self.afford(text.len()) { Value::Set(Cow::Borrowed(text), provenance.clone()) } else { Value::Unknown(TOO_LARGE.to_owned()) }
    }

    pub(crate) fn set(&mut self, name: &str, state: State) {
        Rc::make_mut(&mut self.states).insert(name.into(), state);
    }

    pub(crate) fn state(&self, name: &str) -> Option<&State> {
        self.states.get(name)
    }

    /// How many variables are known.
    pub(crate) fn len(&self) -> usize {
        self.states.len()
    }
}

/// Whether BuildKit sets this build argument by itself.
pub(crate) fn predefined(name: &str) -> bool {
    PREDEFINED.contains(&name)
}

impl Variables for Scope {
    fn get(&self, name: &str) -> Value<'_> {
        match self.states.get(name) {
            Some(State::Set(text, provenance)) => self.put_in(text, provenance),
            Some(State::NoDefault) => Value::NoDefault(format!("ARG {name} has no default")),
            Some(State::Unknown(cause)) => Value::Unknown(cause.to_string()),
            None if self.global && predefined(name) => Value::Unknown(format!("{name} depends on the build")),
            None if self.open || name == "PATH" => Value::Unknown(format!("the base image may set {name}")),
            None => Value::Unset,
        }
    }

    fn afford(&self, bytes: usize) -> bool {
        self.budget.afford(bytes)
    }
}
