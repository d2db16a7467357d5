//! Expanded values, with their origins.

use super::Tree;
use crate::instruction::PairAt;
use crate::lex::{self, Expanded, Options, Refused};
use crate::text::{Cut, Text};
use crate::variable::{Provenance, Scope, State, Value as Variable, Variables, predefined};
use plimsoll_document::{Flags, Key, NodeId, Origin, OriginEntry, Role, Span, Value};
use std::rc::Rc;

/// What became of an argument.
pub(super) enum Outcome<'t> {
    /// Nothing in it asks for expansion.
    Verbatim(&'t str),
    Expanded(Expanded),
    Refused(Refused),
}

impl Outcome<'_> {
    /// The text, with holes for what cannot be told.
    pub(super) fn partial(&self) -> &str {
        match self {
            Self::Verbatim(text) => text,
            Self::Expanded(expanded) => &expanded.text,
            Self::Refused(_) => "",
        }
    }

    /// The text, if it can be told.
    pub(super) fn known(&self) -> Option<&str> {
        match self {
            Self::Verbatim(text) => Some(text),
            Self::Expanded(expanded) if expanded.unknown.is_none() => Some(&expanded.text),
            _ => None,
        }
    }
}

/// Expands part of an instruction's text.
pub(super) fn outcome<'t>(text: &'t str, escape: u8, scope: &Scope) -> Outcome<'t> {
    if !text.bytes().any(|byte| matches!(byte, b'$' | b'\'' | b'"') || byte == escape) {
        return Outcome::Verbatim(text);
    }
    match lex::expand(text, Options::expand(escape), scope) {
        Ok(expanded) => Outcome::Expanded(expanded),
        Err(refused) => Outcome::Refused(refused),
    }
}

/// Whether any variable takes part.
pub(super) fn literal(text: &str, escape: u8) -> bool {
    let mut bytes = text.bytes();
    let mut single = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'\'' => single = !single,
            _ if byte == escape && !single => {
                bytes.next();
            }
            b'$' if !single => return false,
            _ => {}
        }
    }
    true
}

/// The flags that variables put on an expanded value.
pub(super) fn flags(expanded: &Expanded) -> Flags {
    expanded
        .pieces
        .iter()
        .filter_map(|piece| piece.variable.as_ref())
        .fold(Flags::NONE, |flags, variable| flags | variable.flags | Flags::FROM_VARIABLE)
}

/// A provenance with its place in the source; `at` is where the expanded text stands.
pub(super) fn placed(provenance: &Provenance, text: &Text<'_>, at: Cut) -> Provenance {
    let mut placed = provenance.clone();
    if let Some(cut) = placed.written.take() {
        placed.decided = Some(text.span(Cut { start: at.start + cut.start, end: at.start + cut.end }));
    }
    placed
}

impl Tree<'_, '_> {
    /// Writes a value of an instruction's text, expanded in `scope`.
    pub(super) fn value(&mut self, parent: NodeId, key: Option<Key<'_>>, text: &Text<'_>, at: Cut, scope: &Scope) -> NodeId {
        let outcome = outcome(at.of(text.as_str()), self.escape, scope);
        self.write(parent, key, text, at, &outcome)
    }

    /// Writes an expanded value.
    pub(super) fn write(&mut self, parent: NodeId, key: Option<Key<'_>>, text: &Text<'_>, at: Cut, outcome: &Outcome<'_>) -> NodeId {
        let site = text.span(at);
        let node = self.scalar(parent, key, outcome, site);
        if let Outcome::Expanded(expanded) = outcome {
            self.builder.flag(node, flags(expanded));
            let origin = self.origin(expanded, text, at);
            self.builder.set_origin(node, origin);
        }
        node
    }

    fn scalar(&mut self, parent: NodeId, key: Option<Key<'_>>, outcome: &Outcome<'_>, site: Span) -> NodeId {
        let value = match outcome {
            Outcome::Verbatim(text) => Value::String(text),
            Outcome::Expanded(Expanded { unknown: Some(cause), .. }) => Value::Unknown(cause),
            Outcome::Expanded(expanded) => Value::String(&expanded.text),
            Outcome::Refused(refused) => Value::Unknown(&refused.0),
        };
        self.put(parent, key, value, site)
    }

    /// Adds an entry or an item.
    pub(super) fn put(&mut self, parent: NodeId, key: Option<Key<'_>>, value: Value<'_>, site: Span) -> NodeId {
        match key {
            Some(key) => self.builder.entry(parent, key, value, site),
            None => self.builder.item(parent, value, site),
        }
    }

    /// The places that took part in an expanded value.
    pub(super) fn origin(&mut self, expanded: &Expanded, text: &Text<'_>, at: Cut) -> Origin {
        let whole = expanded.pieces.len() == 1;
        let mut entries = vec![];
        for piece in &expanded.pieces {
            let Some(provenance) = &piece.variable else { continue };
            let placed = placed(provenance, text, at);
            let role = if whole { Role::Decided } else { Role::Also };
            entries.extend(placed.decided.map(|at| OriginEntry { role, at }));
            entries.extend(placed.via.iter().map(|at| OriginEntry { role: Role::Via, at: *at }));
        }
        self.builder.origin(&entries)
    }

    /// What a value puts in force under a name: its text, and how a use of the name comes by it.
    pub(super) fn state(text: &Text<'_>, at: Cut, outcome: &Outcome<'_>, extra: Flags) -> State {
        let here = text.span(at);
        match outcome {
            Outcome::Verbatim(value) => State::Set(
                (*value).into(),
                Provenance { flags: extra | Flags::FROM_VARIABLE, decided: Some(here), ..Provenance::default() },
            ),
            Outcome::Refused(refused) => State::Unknown(refused.0.as_str().into()),
            Outcome::Expanded(Expanded { unknown: Some(cause), .. }) => State::Unknown(cause.as_str().into()),
            Outcome::Expanded(expanded) => {
                let flags = flags(expanded) | extra | Flags::FROM_VARIABLE;
                let provenance = match expanded.pieces.as_slice() {
                    // Quotes around a literal are part of it: the whole value is what a fix replaces.
                    pieces if pieces.iter().all(|piece| piece.variable.is_none()) => {
                        Provenance { flags, decided: Some(here), ..Provenance::default() }
                    }
                    [only] => {
                        let from = placed(only.variable.as_ref().unwrap_or(&Provenance::default()), text, at);
                        let via: Rc<[Span]> = from.via.iter().copied().chain([here]).collect();
                        Provenance { flags, decided: from.decided, via, written: None }
                    }
                    _ => Provenance { flags, ..Provenance::default() },
                };
                State::Set(expanded.text.as_str().into(), provenance)
            }
        }
    }

    /// Puts an ARG in force. `global` is the scope of FROM lines for an ARG of a stage.
    pub(super) fn declare_arg(&self, text: &Text<'_>, pair: PairAt, scope: &mut Scope, global: Option<&Scope>) {
        let name = pair.key.of(text.as_str());
        if let Some((_, given)) = self.input.args.iter().find(|(key, _)| key == name) {
            scope.set(name, State::Set(given.as_str().into(), Provenance::variable()));
            return;
        }
        if let Some(at) = pair.value {
            let outcome = outcome(at.of(text.as_str()), self.escape, scope);
            let state = Self::state(text, at, &outcome, Flags::DEFAULTED);
            scope.set(name, state);
            return;
        }
        let here = text.span(pair.key);
        match global.map(|global| (global.state(name), global.get(name))) {
            Some((Some(State::Set(value, provenance)), _)) => {
                let via: Rc<[Span]> = provenance.via.iter().copied().chain([here]).collect();
                scope.set(name, State::Set(value.clone(), Provenance { via, ..provenance.clone() }));
            }
            Some((Some(state), _)) => scope.set(name, state.clone()),
            Some((None, Variable::Unknown(cause))) if predefined(name) => scope.set(name, State::Unknown(cause.as_str().into())),
            // An ENV of the same name stays in force unless the build gives the argument.
            _ => match scope.state(name) {
                Some(State::Set(value, provenance)) => {
                    let state = State::Set(value.clone(), provenance.clone().with(Flags::DEFAULTED));
                    scope.set(name, state);
                }
                Some(_) => {}
                None => scope.set(name, State::NoDefault),
            },
        }
    }
}
