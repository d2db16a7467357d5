//! One instruction.

use super::Tree;
use super::script::Shell;
use super::value::{literal, outcome};
use crate::exec_form::Element;
use crate::heredoc;
use crate::instruction::{Body, Instruction, PairAt, check};
use crate::keyword::Keyword;
use crate::lex::{self, Options};
use crate::text::{Cut, Text};
use crate::unit::Unit;
use crate::variable::Scope;
use plimsoll_document::schema::key;
use plimsoll_document::{Flags, Key, NodeId, Span, Value};

/// What an instruction sees.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) scope: &'a Scope,
    /// What runs its shell form; `None` where no shell runs (before the first FROM).
    pub(super) shell: Option<&'a Shell>,
}

/// A written instruction.
pub(super) struct Written {
    pub(super) node: NodeId,
    /// The pairs of ENV and LABEL, in order.
    pub(super) pairs: Vec<NodeId>,
    /// The image of FROM.
    pub(super) image: Option<NodeId>,
}

impl Tree<'_, '_> {
    /// Writes an instruction, all but its facts.
    pub(super) fn instruction(
        &mut self,
        parent: NodeId,
        key: Option<Key<'_>>,
        unit: &Unit<'_>,
        instruction: &Instruction,
        scope: &Scope,
    ) -> Written {
        self.viewed(parent, key, unit, instruction, View { scope, shell: None })
    }

    pub(super) fn viewed(
        &mut self,
        parent: NodeId,
        key: Option<Key<'_>>,
        unit: &Unit<'_>,
        instruction: &Instruction,
        view: View<'_>,
    ) -> Written {
        let text = &unit.text;
        let site = Span { start: text.at(instruction.keyword_at.start), ..unit.site };
        let node = self.put(parent, key, Value::Map, site);
        let mut written = Written { node, pairs: vec![], image: None };
        self.builder.entry(node, Key::of(key::KEYWORD), Value::String(instruction.keyword.name()), text.span(instruction.keyword_at));
        let arguments = instruction.arguments;
        self.builder.entry(node, Key::of(key::TEXT), Value::String(arguments.of(text.as_str())), text.span(arguments));
        self.flags(node, text, instruction, view.scope);
        self.arguments(&mut written, unit, instruction, view);
        if !unit.heredocs.is_empty() && instruction.keyword != Keyword::Onbuild {
            self.heredocs(node, unit);
        }
        written
    }

    fn arguments(&mut self, written: &mut Written, unit: &Unit<'_>, instruction: &Instruction, view: View<'_>) {
        let text = &unit.text;
        let node = written.node;
        let arguments = text.span(instruction.arguments);
        match (&instruction.body, instruction.keyword) {
            (Body::List(words), Keyword::From) => written.image = self.from(node, text, words),
            (Body::List(words), Keyword::Expose) => self.ports(node, text, words, arguments, view.scope),
            (Body::List(words), Keyword::Volume) => {
                let list = self.builder.entry(node, Key::of(key::VALUES), Value::List, arguments);
                for word in words {
                    self.value(list, None, text, *word, view.scope);
                }
                self.form(node, "list", arguments);
            }
            (Body::Exec(elements), Keyword::Volume) => {
                let list = self.builder.entry(node, Key::of(key::VALUES), Value::List, arguments);
                for element in elements {
                    self.decoded(list, None, element.value.trim(), text.span(element.at), view.scope);
                }
                self.form(node, "exec", arguments);
            }
            (Body::List(words), _) => self.copied(node, text, instruction, words, view.scope),
            (Body::Exec(elements), Keyword::Add | Keyword::Copy) => self.copied_elements(node, text, instruction, elements, view.scope),
            (Body::Exec(elements), _) => {
                self.form(node, "exec", arguments);
                self.elements(node, text, elements, arguments);
                if instruction.keyword != Keyword::Shell {
                    self.exec_script(node, text, elements, view);
                }
            }
            (Body::Shell, _) => {
                self.form(node, "shell", arguments);
                self.shell_script(node, unit, instruction.arguments, instruction.keyword, view);
            }
            // Each ARG sees the one before it, so that whoever keeps the variables writes those.
            (Body::Pairs(pairs), keyword) if keyword != Keyword::Arg => {
                written.pairs = self.pairs(node, text, pairs, arguments, view.scope);
            }
            (Body::One, Keyword::Maintainer) => {
                self.builder.entry(node, Key::of(key::VALUE), Value::String(instruction.arguments.of(text.as_str())), arguments);
            }
            (Body::One, _) => {
                self.value(node, Some(Key::of(key::VALUE)), text, instruction.arguments, view.scope);
            }
            (Body::Health { kind, command, exec }, keyword) => {
                let none = kind.of(text.as_str()).eq_ignore_ascii_case("none");
                self.builder.entry(node, Key::of(key::DISABLED), Value::Bool(none), text.span(*kind));
                let at = text.span(*command);
                if none {
                    return;
                }
                if let Some(elements) = exec {
                    self.form(node, "exec", at);
                    self.elements(node, text, elements, at);
                    self.exec_script(node, text, elements, view);
                } else {
                    self.form(node, "shell", at);
                    self.shell_script(node, unit, *command, keyword, view);
                }
            }
            (Body::Trigger(inner), _) => self.trigger(node, unit, inner.as_deref(), arguments, view),
            (Body::Nothing | Body::Pairs(_), _) => {}
        }
    }

    fn form(&mut self, node: NodeId, form: &str, at: Span) {
        self.builder.entry(node, Key::of(key::FORM), Value::String(form), at);
    }

    fn elements(&mut self, node: NodeId, text: &Text<'_>, elements: &[Element], at: Span) {
        let list = self.builder.entry(node, Key::of(key::WORDS), Value::List, at);
        for element in elements {
            self.builder.item(list, Value::String(&element.value), text.span(element.at));
        }
    }

    fn ports(&mut self, node: NodeId, text: &Text<'_>, words: &[Cut], at: Span, scope: &Scope) {
        let list = self.builder.entry(node, Key::of(key::VALUES), Value::List, at);
        for word in words {
            let raw = word.of(text.as_str());
            let plain = !raw.bytes().any(|byte| matches!(byte, b'$' | b'\'' | b'"') || byte == self.escape);
            let found = if plain { None } else { lex::split(raw, Options::expand(self.escape), scope).ok() };
            match found {
                Some(expanded) if expanded.unknown.is_none() && expanded.words.len() > 1 => {
                    for part in &expanded.words {
                        let item = self.builder.item(list, Value::String(part), text.span(*word));
                        self.builder.flag(item, super::value::flags(&expanded));
                    }
                }
                found => {
                    let unknown = found.is_some_and(|expanded| expanded.unknown.is_some());
                    self.value(list, None, text, *word, scope);
                    if unknown {
                        self.builder.flag(list, Flags::OPEN);
                    }
                }
            }
        }
    }

    fn pairs(&mut self, node: NodeId, text: &Text<'_>, pairs: &[PairAt], at: Span, scope: &Scope) -> Vec<NodeId> {
        let list = self.builder.entry(node, Key::of(key::PAIRS), Value::List, at);
        let mut nodes = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let item = self.pair(list, text, *pair);
            nodes.push(item);
            self.value(item, Some(Key::of(key::KEY)), text, pair.key, scope);
            self.pair_value(item, text, *pair, scope);
        }
        nodes
    }

    /// Writes the pairs of an ARG and puts each in force. `global` is the scope of FROM lines for an ARG of a stage.
    pub(super) fn arg_pairs(
        &mut self,
        node: NodeId,
        text: &Text<'_>,
        pairs: &[PairAt],
        at: Span,
        scope: &mut Scope,
        global: Option<&Scope>,
    ) {
        let list = self.builder.entry(node, Key::of(key::PAIRS), Value::List, at);
        for pair in pairs {
            let item = self.pair(list, text, *pair);
            self.builder.entry(item, Key::of(key::KEY), Value::String(pair.key.of(text.as_str())), text.span(pair.key));
            self.pair_value(item, text, *pair, scope);
            self.declare_arg(text, *pair, scope, global);
        }
    }

    fn pair(&mut self, list: NodeId, text: &Text<'_>, pair: PairAt) -> NodeId {
        let end = pair.value.unwrap_or(pair.key).end;
        self.builder.item(list, Value::Map, text.span(Cut { start: pair.key.start, end }))
    }

    fn pair_value(&mut self, item: NodeId, text: &Text<'_>, pair: PairAt, scope: &Scope) {
        let Some(value) = pair.value else { return };
        let site = if value.is_empty() {
            let after = text.at(value.start - 1) + 1;
            let site = Span::new(0, after, after);
            self.builder.entry(item, Key::of(key::VALUE), Value::String(""), site);
            site
        } else {
            self.value(item, Some(Key::of(key::VALUE)), text, value, scope);
            text.span(value)
        };
        self.builder.entry(item, Key::of(key::LITERAL), Value::Bool(literal(value.of(text.as_str()), self.escape)), site);
    }

    fn copied(&mut self, node: NodeId, text: &Text<'_>, instruction: &Instruction, words: &[Cut], scope: &Scope) {
        let Some((destination, sources)) = words.split_last() else { return };
        let at = sources.first().zip(sources.last()).map_or_else(Span::default, |(a, b)| text.span(*a).to(text.span(*b)));
        let list = self.builder.entry(node, Key::of(key::SOURCES), Value::List, at);
        let mut whole = Some(false);
        let mut ignored = vec![];
        for word in sources {
            let raw = word.of(text.as_str());
            if raw.contains("<<") && matches!(heredoc::marker(raw), Ok(Some(_))) {
                continue;
            }
            let outcome = outcome(raw, self.escape, scope);
            add_whole(&mut whole, outcome.known());
            let node = self.write(list, None, text, *word, &outcome);
            ignored.extend(outcome.known().filter(|source| self.context.keeps_out(source)).map(|_| (node, text.span(*word))));
        }
        self.value(node, Some(Key::of(key::DESTINATION)), text, *destination, scope);
        self.form(node, "list", text.span(instruction.arguments));
        self.copy_facts(node, text, instruction, whole, &ignored);
    }

    fn copied_elements(&mut self, node: NodeId, text: &Text<'_>, instruction: &Instruction, elements: &[Element], scope: &Scope) {
        let Some((destination, sources)) = elements.split_last() else { return };
        let at = sources.first().zip(sources.last()).map_or_else(Span::default, |(a, b)| text.span(a.at).to(text.span(b.at)));
        let list = self.builder.entry(node, Key::of(key::SOURCES), Value::List, at);
        let mut whole = Some(false);
        let mut ignored = vec![];
        for element in sources {
            let outcome = outcome(&element.value, self.escape, scope);
            add_whole(&mut whole, outcome.known());
            let node = self.decoded(list, None, &element.value, text.span(element.at), scope);
            ignored.extend(outcome.known().filter(|source| self.context.keeps_out(source)).map(|_| (node, text.span(element.at))));
        }
        self.decoded(node, Some(Key::of(key::DESTINATION)), &destination.value, text.span(destination.at), scope);
        self.form(node, "exec", text.span(instruction.arguments));
        self.copy_facts(node, text, instruction, whole, &ignored);
    }

    /// Writes a value whose text is not the source's own (an element of an exec form, a flag with quotes).
    pub(super) fn decoded(&mut self, parent: NodeId, key: Option<Key<'_>>, value: &str, site: Span, scope: &Scope) -> NodeId {
        let outcome = outcome(value, self.escape, scope);
        let known = outcome.known();
        let cause = match &outcome {
            super::value::Outcome::Expanded(expanded) => expanded.unknown.clone().unwrap_or_default(),
            super::value::Outcome::Refused(refused) => refused.0.clone(),
            super::value::Outcome::Verbatim(_) => String::new(),
        };
        let node = self.put(parent, key, known.map_or(Value::Unknown(&cause), Value::String), site);
        if let super::value::Outcome::Expanded(expanded) = &outcome {
            self.builder.flag(node, super::value::flags(expanded));
        }
        node
    }

    fn trigger(&mut self, node: NodeId, unit: &Unit<'_>, inner: Option<&Instruction>, at: Span, view: View<'_>) {
        let text = &unit.text;
        // A trigger runs in the builds that start from this image: nothing is known of the variables there.
        let mut scope = view.scope.open_beside();
        let key = Key::of(key::TRIGGER);
        match inner {
            Some(inner) if check(text.as_str(), inner).is_none() => {
                let written = self.viewed(node, Some(key), unit, inner, View { scope: &scope, ..view });
                if let (Keyword::Arg, Body::Pairs(pairs)) = (inner.keyword, &inner.body) {
                    self.arg_pairs(written.node, text, pairs, text.span(inner.arguments), &mut scope, None);
                }
            }
            Some(inner) => {
                let site = Span { start: at.start, ..unit.site };
                let map = self.builder.entry(node, key, Value::Map, site);
                self.builder.entry(map, Key::of(key::KEYWORD), Value::String(inner.keyword.name()), text.span(inner.keyword_at));
                self.builder.entry(map, Key::of(key::TEXT), Value::String(inner.arguments.of(text.as_str())), text.span(inner.arguments));
                self.builder.flag(map, Flags::OPEN);
                if !unit.heredocs.is_empty() {
                    self.heredocs(map, unit);
                }
            }
            None => {
                self.builder.entry(node, key, Value::Unknown("an instruction that BuildKit does not know"), at);
            }
        }
    }

    fn heredocs(&mut self, node: NodeId, unit: &Unit<'_>) {
        let start = unit.heredocs.first().map_or(0, |(_, body)| body.content.0 as u32);
        let list = self.builder.entry(node, Key::of(key::HEREDOCS), Value::List, Span::new(0, start, unit.site.end));
        for (marker, body) in &unit.heredocs {
            let at = Span::new(0, body.content.0 as u32, body.end as u32);
            let item = self.builder.item(list, Value::Map, at);
            let content_at = Span::new(0, body.content.0 as u32, body.content.1 as u32);
            let content = &self.input.text[body.content.0..body.content.1];
            let stripped = if marker.strip { heredoc::stripped(content).into() } else { std::borrow::Cow::Borrowed(content) };
            let name_at = Span::new(0, body.end as u32 - marker.name.len() as u32, body.end as u32);
            self.builder.entry(item, Key::of(key::NAME), Value::String(&marker.name), name_at);
            self.builder.entry(item, Key::of(key::EXPAND), Value::Bool(marker.expand), name_at);
            self.builder.entry(item, Key::of(key::STRIP), Value::Bool(marker.strip), name_at);
            self.builder.entry(item, Key::of(key::CONTENT), Value::String(&stripped), content_at);
        }
    }
}

/// Takes one source into account: whether it is the whole context; `None` where it cannot be told.
fn add_whole(whole: &mut Option<bool>, source: Option<&str>) {
    let Some(source) = source else {
        *whole = whole.filter(|whole| *whole);
        return;
    };
    let rest = source.trim_start_matches(['.', '/']).trim_end_matches('/');
    let plain = source.trim_start_matches("./").trim_start_matches('/');
    let all = matches!(rest, "" | "*" | "**" | "**/*") && !plain.starts_with("..") && !source.is_empty();
    if all {
        *whole = Some(true);
    }
}
