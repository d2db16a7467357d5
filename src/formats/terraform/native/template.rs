//! Templates: literals, interpolations and directives, with what `~` strips.

use super::Reader;
use crate::syntax::Part;
use hcl_edit::template::{Directive, Element, Strip, Template};

impl Reader<'_> {
    pub(super) fn parts(&self, template: Template) -> Vec<Part> {
        self.parts_at(template, 0, Text::Plain)
    }

    pub(super) fn parts_at(&self, template: Template, offset: u32, kind: Text) -> Vec<Part> {
        let mut parts: Vec<Part> = vec![];
        let mut strip_next = false;
        for element in template {
            let (strip_before, part, strip_after) = match element {
                Element::Literal(text) => {
                    let text = text.into_value();
                    let text = if kind == Text::Escaped { unescaped(&text) } else { text };
                    let text = if strip_next { text.trim_start() } else { &text };
                    // A literal of nothing but white space does not shield what follows from the marker before it.
                    if !text.is_empty() {
                        strip_next = false;
                        parts.push(Part::Literal(text.into()));
                    }
                    continue;
                }
                Element::Interpolation(interpolation) => {
                    let (before, after) = sides(interpolation.strip);
                    (before, Part::Interpolation(self.expr(interpolation.expr, offset)), after)
                }
                Element::Directive(directive) => self.directive(*directive, offset, kind),
            };
            if strip_before {
                trim_last(&mut parts);
            }
            parts.push(part);
            strip_next = strip_after;
        }
        parts
    }

    fn directive(&self, directive: Directive, offset: u32, around: Text) -> (bool, Part, bool) {
        let kind = if around == Text::Plain { Text::Plain } else { Text::Escaped };
        match directive {
            Directive::If(directive) => {
                let (before, mut inner) = sides(directive.if_expr.strip);
                let mut then = self.parts_at(directive.if_expr.template, offset, kind);
                let mut otherwise = vec![];
                if inner {
                    trim_first(&mut then);
                }
                let has_else = directive.else_expr.is_some();
                if let Some(branch) = directive.else_expr {
                    let (end_of_then, start_of_else) = sides(branch.strip);
                    if end_of_then {
                        trim_last(&mut then);
                    }
                    inner = start_of_else;
                    otherwise = self.parts_at(branch.template, offset, kind);
                    if inner {
                        trim_first(&mut otherwise);
                    }
                }
                let (end, after) = sides(directive.endif_expr.strip);
                if end {
                    trim_last(if has_else { &mut otherwise } else { &mut then });
                }
                (before, Part::If { condition: self.expr(directive.if_expr.cond_expr, offset), then, otherwise }, after)
            }
            Directive::For(directive) => {
                let (before, start) = sides(directive.for_expr.strip);
                let mut body = self.parts_at(directive.for_expr.template, offset, kind);
                if start {
                    trim_first(&mut body);
                }
                let (end, after) = sides(directive.endfor_expr.strip);
                if end {
                    trim_last(&mut body);
                }
                let part = Part::For {
                    key: directive.for_expr.key_var.map(|name| name.into_value().into_string().into()),
                    value: directive.for_expr.value_var.into_value().into_string().into(),
                    collection: self.expr(directive.for_expr.collection_expr, offset),
                    body,
                };
                (before, part, after)
            }
        }
    }
}

/// How the literal pieces of a template come from the parser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// A heredoc: no escapes.
    Plain,
    /// A quoted string: escapes are resolved.
    Quoted,
    /// Inside a directive of a quoted string: escapes are left as written.
    Escaped,
}

/// Resolves backslash escapes; one that is none stays as written.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escape) = rest.chars().next() else { break };
        let digits = match escape {
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let coded = rest.get(1..=digits).filter(|_| digits > 0).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        match (escape, coded) {
            ('n', _) => out.push('\n'),
            ('r', _) => out.push('\r'),
            ('t', _) => out.push('\t'),
            (_, Some(c)) => {
                out.push(c);
                rest = &rest[digits..];
            }
            (c, _) => out.push(c),
        }
        rest = &rest[escape.len_utf8()..];
    }
    out.push_str(rest);
    out
}

fn sides(strip: Strip) -> (bool, bool) {
    (strip.strip_start(), strip.strip_end())
}

fn trim_last(parts: &mut Vec<Part>) {
    if let Some(Part::Literal(text)) = parts.last_mut() {
        *text = text.trim_end().into();
        if text.is_empty() {
            parts.pop();
        }
    }
}

fn trim_first(parts: &mut Vec<Part>) {
    if let Some(Part::Literal(text)) = parts.first_mut() {
        *text = text.trim_start().into();
        if text.is_empty() {
            parts.remove(0);
        }
    }
}

pub(super) fn take_part(part: &mut Part) -> Part {
    std::mem::replace(part, Part::Literal("".into()))
}
