//! Flags of an instruction.

use super::Tree;
use super::stage::Pending;
use crate::flag::{self, Flag, Takes};
use crate::instruction::Instruction;
use crate::keyword::Keyword;
use crate::mount;
use crate::text::Text;
use crate::variable::Scope;
use plimsoll_document::schema::key;
use plimsoll_document::{Key, NodeId, Span, Value};

impl Tree<'_, '_> {
    /// Writes the flags, if there are any.
    pub(super) fn flags(&mut self, node: NodeId, text: &Text<'_>, instruction: &Instruction, scope: &Scope) {
        let (Some(first), Some(last)) = (instruction.flags.first(), instruction.flags.last()) else { return };
        let map = self.builder.entry(node, Key::of(key::FLAGS), Value::Map, text.span(first.at).to(text.span(last.at)));
        let global = instruction.keyword == Keyword::From;
        for (name, takes) in flag::known(instruction.keyword) {
            let named = |flag: &&Flag| flag.name.strip_prefix("--") == Some(*name);
            let Some(flag) = instruction.flags.iter().find(named) else { continue };
            let at = text.at(flag.at.start) + 2;
            let key = Key::at(name, Span::new(0, at, at + name.len() as u32));
            let key = if self.spells(key) { key } else { Key::fact(name) };
            match takes {
                Takes::Bool => {
                    let on = !flag.value.as_deref().is_some_and(|value| value.eq_ignore_ascii_case("false"));
                    self.builder.entry(map, key, Value::Bool(on), text.span(flag.value_at));
                }
                Takes::Value => self.flag_value(map, Some(key), text, flag, scope, expanded(instruction.keyword, name) || global),
                Takes::Values => {
                    let all = || instruction.flags.iter().filter(named);
                    let last = all().next_back().unwrap_or(flag);
                    let list = self.builder.entry(map, key, Value::List, text.span(flag.value_at).to(text.span(last.value_at)));
                    for flag in all() {
                        if *name == "mount" {
                            self.mount(list, text, flag, scope);
                        } else {
                            self.flag_value(list, None, text, flag, scope, expanded(instruction.keyword, name));
                        }
                    }
                }
            }
        }
    }

    /// Whether a key is written as it is called (no quotes, no continuation in it).
    fn spells(&self, key: Key<'_>) -> bool {
        key.span.is_some_and(|at| self.input.text.get(at.start as usize..at.end as usize) == Some(key.text))
    }

    fn flag_value(&mut self, parent: NodeId, key: Option<Key<'_>>, text: &Text<'_>, flag: &Flag, scope: &Scope, expands: bool) {
        let value = flag.value.as_deref().unwrap_or_default();
        let raw = flag.value_at.of(text.as_str());
        if !expands {
            self.put(parent, key, Value::String(value), text.span(flag.value_at));
        } else if raw == value {
            self.value(parent, key, text, flag.value_at, scope);
        } else {
            self.decoded(parent, key, value, text.span(flag.value_at), scope);
        }
    }

    fn mount(&mut self, list: NodeId, text: &Text<'_>, flag: &Flag, scope: &Scope) {
        let value = flag.value.as_deref().unwrap_or_default();
        let whole = text.span(flag.value_at);
        let item = self.builder.item(list, Value::Map, whole);
        let verbatim = flag.value_at.of(text.as_str()) == value;
        let mut options = vec![];
        for field in mount::fields(value).unwrap_or_default() {
            let (name, given) = field.text.split_once('=').unwrap_or((&field.text, ""));
            let lower = name.to_ascii_lowercase();
            let at = |start: usize, end: usize| {
                let start = flag.value_at.start + start as u32;
                text.span(crate::text::Cut { start, end: start + (end as u32 - (start - flag.value_at.start)) })
            };
            let plain = verbatim && matches!(field.text, std::borrow::Cow::Borrowed(_));
            let start = field.at.0 + (field.text.len() - given.len());
            let site = if plain { at(start, field.at.1) } else { whole };
            let key_at = at(field.at.0, field.at.0 + name.len());
            let known = match lower.as_str() {
                "type" => "type",
                "target" | "dst" | "destination" => "target",
                "source" | "src" => "source",
                "from" => "from",
                "id" => "id",
                _ => "",
            };
            let from = known == "from";
            if known.is_empty() {
                options.push((lower, Some(given.to_owned()), None, site));
            } else {
                let key = if plain && lower == known { Key::at(known, key_at) } else { Key::fact(known) };
                let node = if plain && !from && !given.is_empty() {
                    let cut = crate::text::Cut::new(flag.value_at.start as usize + start, flag.value_at.start as usize + field.at.1);
                    self.value(item, Some(key), text, cut, scope)
                } else if from {
                    self.builder.entry(item, key, Value::String(given), site)
                } else {
                    self.decoded(item, Some(key), given, site, scope)
                };
                if from && !given.is_empty() {
                    self.pending.push(Pending { node: item, user: self.stages.len(), name: given.to_owned(), at: site, mount: true });
                }
                options.push((lower, None, Some(node), site));
            }
        }
        let map = self.builder.entry(item, Key::of(key::OPTIONS), Value::Map, whole);
        for (name, given, node, site) in options {
            match (given, node) {
                (_, Some(node)) => {
                    self.builder.entry(map, Key::fact(&name), Value::Ref(node), site);
                }
                (given, None) => {
                    self.decoded(map, Some(Key::fact(&name)), &given.unwrap_or_default(), site, scope);
                }
            }
        }
    }
}

/// Whether BuildKit expands variables in a flag's value.
fn expanded(keyword: Keyword, name: &str) -> bool {
    match keyword {
        Keyword::Add | Keyword::Copy => matches!(name, "chown" | "chmod" | "checksum"),
        Keyword::From => true,
        _ => false,
    }
}
