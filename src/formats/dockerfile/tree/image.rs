//! Image references and FROM.

use super::Tree;
use super::value::{Outcome, flags, outcome};
use crate::image::{Part, split};
use crate::lex::Expanded;
use crate::text::{Cut, Text};
use crate::variable::Provenance;
use plimsoll_document::schema::key;
use plimsoll_document::{Flags, Key, NodeId, OriginEntry, Role, Span, Value};

impl Tree<'_, '_> {
    /// FROM: the image and the alias.
    pub(super) fn from(&mut self, node: NodeId, text: &Text<'_>, words: &[Cut]) -> Option<NodeId> {
        let image = words.first()?;
        let global = self.global.clone();
        let outcome = outcome(image.of(text.as_str()), self.escape, &global);
        let written = self.image(node, "image", text, *image, &outcome);
        if let Some(alias) = words.get(2) {
            self.builder.entry(node, Key::of(key::ALIAS), Value::String(alias.of(text.as_str())), text.span(*alias));
        }
        Some(written)
    }

    /// Writes an image reference; the `stage` entry is the caller's.
    pub(super) fn image(&mut self, parent: NodeId, key: &str, text: &Text<'_>, at: Cut, outcome: &Outcome<'_>) -> NodeId {
        let site = text.span(at);
        let map = self.builder.entry(parent, Key::fact(key), Value::Map, site);
        self.write(map, Some(Key::of(key::REFERENCE)), text, at, outcome);
        let reference = match outcome {
            Outcome::Verbatim(reference) => reference,
            Outcome::Expanded(expanded) => expanded.text.as_str(),
            Outcome::Refused(_) => {
                self.builder.flag(map, Flags::OPEN);
                return map;
            }
        };
        let Some(parts) = split(reference) else {
            // No reference that any registry would take; a template's markup looks like this.
            let templated = if reference.contains("{{") { Flags::TEMPLATED } else { Flags::NONE };
            self.builder.flag(map, Flags::OPEN | templated);
            return map;
        };
        let named = [
            ("registry", parts.registry),
            ("repository", parts.repository),
            ("name", parts.name),
            ("tag", parts.tag),
            ("digest", parts.digest),
        ];
        for (key, part) in named {
            match part {
                Part::Absent => {}
                Part::Unknown => {
                    let cause = match outcome {
                        Outcome::Expanded(Expanded { unknown: Some(cause), .. }) => cause.as_str(),
                        _ => "it cannot be told from here",
                    };
                    self.builder.entry(map, Key::fact(key), Value::Unknown(cause), site);
                }
                Part::At(start, end) => self.part(map, key, text, at, outcome, (start, end)),
            }
        }
        map
    }

    /// Writes a part of a reference at the narrowest place that holds it.
    fn part(&mut self, map: NodeId, key: &str, text: &Text<'_>, at: Cut, outcome: &Outcome<'_>, (start, end): (usize, usize)) {
        let expanded = match outcome {
            Outcome::Expanded(expanded) => expanded,
            Outcome::Verbatim(reference) => {
                let cut = Cut::new(at.start as usize + start, at.start as usize + end);
                self.builder.entry(map, Key::fact(key), Value::String(&reference[start..end]), text.span(cut));
                return;
            }
            Outcome::Refused(_) => return,
        };
        let (from, to) = (start as u32, end as u32);
        let pieces: Vec<_> = expanded.pieces.iter().filter(|piece| piece.out.start < to && piece.out.end > from).collect();
        let place = |first: &crate::lex::Piece, last: &crate::lex::Piece| {
            let start = if first.variable.is_none() { first.from.start + from.saturating_sub(first.out.start) } else { first.from.start };
            let end = if last.variable.is_none() { last.from.start + (to.min(last.out.end) - last.out.start) } else { last.from.end };
            text.span(Cut { start: at.start + start, end: at.start + end })
        };
        let site = match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => place(first, last),
            _ => text.span(at),
        };
        let node = self.builder.entry(map, Key::fact(key), Value::String(&expanded.text[start..end]), site);
        if pieces.iter().all(|piece| piece.variable.is_none()) {
            return;
        }
        self.builder.flag(node, flags(expanded));
        // The literal decides this part alone only if the part is all of it.
        let alone = matches!(pieces.as_slice(), [only] if only.out.start == from && only.out.end == to);
        let mut entries = vec![];
        for variable in pieces.iter().filter_map(|piece| piece.variable.as_ref()) {
            entries.extend(self.places(variable, text, at, if alone { Role::Decided } else { Role::Also }));
        }
        let origin = self.builder.origin(&entries);
        self.builder.set_origin(node, origin);
    }

    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    fn places(&self, variable: &Provenance, text: &Text<'_>, at: Cut, role: Role) -> Vec<OriginEntry> {
        let placed = super::value::placed(variable, text, at);
        let via = placed.via.iter().map(|at| OriginEntry { role: Role::Via, at: *at });
        placed.decided.map(|at| OriginEntry { role, at }).into_iter().chain(via).collect()
    }

    /// Writes the reference of `COPY --from` that names no stage.
    pub(super) fn external_image(&mut self, parent: NodeId, name: &str, site: Span) {
        let map = self.builder.entry(parent, Key::of(key::FROM_IMAGE), Value::Map, site);
        self.builder.entry(map, Key::of(key::REFERENCE), Value::String(name), site);
        let Some(parts) = split(name) else {
            self.builder.flag(map, Flags::OPEN);
            return;
        };
        let verbatim = self.input.text.get(site.start as usize..site.end as usize) == Some(name);
        let named = [
            ("registry", parts.registry),
            ("repository", parts.repository),
            ("name", parts.name),
            ("tag", parts.tag),
            ("digest", parts.digest),
        ];
        for (key, part) in named {
            if let Part::At(start, end) = part {
                let at = if verbatim { Span::new(0, site.start + start as u32, site.start + end as u32) } else { site };
                self.builder.entry(map, Key::fact(key), Value::String(&name[start..end]), at);
            }
        }
    }
}
