//! HCL's native syntax: items are split by the scanner and parsed one by one, so that a mistake costs one item.

use crate::scan::{self, Event, ItemRange, Lexer};
use crate::syntax::{
    Attribute, Binary, BinaryExpr, Block, Body, Call, Expr, ExprKind, ForExpr, Item, Label, ObjectKey, Part, Step, Traversal, Unary,
};
use hcl_edit::Span as _;
use hcl_edit::expr as hcl;
use hcl_edit::structure as tree;
use hcl_edit::template::{Directive, Element, Strip, Template};
use plimsoll_document::Span;
use plimsoll_formats::{Problem, ProblemKind};
use std::ops::Range;

/// What a file in native syntax holds.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) body: Body,
    /// Comments in order.
    pub(crate) comments: Vec<(u32, u32)>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads a whole file, the source number `source`. A byte-order mark is skipped.
pub(crate) fn read(text: &str, source: u32) -> File {
    let mut file = File::default();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let reader = Reader { text, source };
    let shape = scan::shape(text, start, text.len());
    for item in shape.items {
        reader.item(item, 0, &mut file.body, &mut file.problems);
    }
    // The parser sees one item at a time, so it cannot see this.
    let mut seen = std::collections::HashSet::new();
    for item in &file.body.items {
        if let Item::Attribute(attribute) = item
            && !seen.insert(&attribute.name)
        {
            file.body.open = true;
            file.problems.push(Problem {
                kind: ProblemKind::Syntax,
                at: attribute.key,
                message: format!("{} is set twice", attribute.name),
            });
        }
    }
    file.comments = shape.comments;
    file
}

/// Reads a template without quotes around it, as Terraform's JSON syntax has it in strings; spans are those of `site`.
pub(crate) fn template(text: &str, site: Span) -> Option<Expr> {
    let parsed: Template = text.parse().ok()?;
    let reader = Reader { text, source: site.source };
    let mut expr = Expr { span: site, kind: ExprKind::Template(reader.parts(parsed)) };
    relocate(&mut expr, site);
    Some(expr)
}

/// Reads a bare expression written in a JSON string.
pub(crate) fn expression(text: &str, site: Span) -> Option<Expr> {
    let parsed: hcl::Expression = text.parse().ok()?;
    let mut expr = Reader { text, source: site.source }.expr(parsed, 0);
    relocate(&mut expr, site);
    Some(expr)
}

/// How deep a broken item is searched for intact parts.
const RECOVERY_DEPTH: u32 = 4;
/// How many second tries one item gets.
const RETRIES: u32 = 16;

struct Reader<'a> {
    text: &'a str,
    source: u32,
}

impl Reader<'_> {
    fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.source, start, end)
    }

    fn item(&self, range: ItemRange, depth: u32, into: &mut Body, problems: &mut Vec<Problem>) {
        let problem = match range.mistake {
            Some(mistake) => Problem {
                kind: ProblemKind::Syntax,
                at: self.span(mistake.at, (mistake.at + 1).min(range.end.max(mistake.at))),
                message: mistake.cause.to_owned(),
            },
            None => match self.parse(range) {
                Ok(body) => {
                    into.items.extend(body.items);
                    return;
                }
                Err(problem) => problem,
            },
        };
        into.open = true;
        if depth == 0 || range.mistake.is_none() {
            problems.push(problem);
        }
        self.recover(range, depth, into);
    }

    /// Keeps what is intact of a broken block: its header and those of its items that parse.
    fn recover(&self, range: ItemRange, depth: u32, into: &mut Body) {
        let text = &self.text[range.start as usize..range.end as usize];
        let Some(line_end) = text.find('\n') else { return };
        let Some(brace) = text[..line_end].rfind('{') else { return };
        // The header alone, closed at once, must be a block.
        let header = format!("{}{{}}", &text[..brace]);
        let Ok(parsed) = header.parse::<tree::Body>() else { return };
        let Some(tree::Structure::Block(block)) = parsed.into_iter().next() else { return };
        let Item::Block(mut block) = self.block(block, range.start) else { return };
        block.span = self.span(range.start, range.end);
        block.body.open = true;
        if depth < RECOVERY_DEPTH {
            let inner_end = if text.ends_with('}') { range.end as usize - 1 } else { range.end as usize };
            let shape = scan::shape(self.text, range.start as usize + brace + 1, inner_end.max(range.start as usize + brace + 1));
            // The first mistake is reported; what follows from it inside is not news.
            let mut ignored = vec![];
            for item in shape.items {
                self.item(item, depth + 1, &mut block.body, &mut ignored);
            }
        }
        into.items.push(Item::Block(block));
    }

    fn parse(&self, range: ItemRange) -> Result<Body, Problem> {
        let text = &self.text[range.start as usize..range.end as usize];
        let mut patched: Option<String> = None;
        for attempt in 0..RETRIES {
            let error = match hcl_edit::parser::parse_body(patched.as_deref().unwrap_or(text)) {
                Ok(body) => return Ok(self.body(body, range.start)),
                Err(error) => error,
            };
            let at = error.location().offset();
            let next = if error.message().contains("redefined object key") {
                patched.unwrap_or_else(|| text.to_owned()).rename_key(at, attempt)
            } else if attempt == 0 {
                join_object_for(text)
            } else {
                None
            };
            match next {
                Some(next) => patched = Some(next),
                None => return Err(self.problem(&error, range)),
            }
        }
        Err(Problem {
            kind: ProblemKind::Limit,
            at: self.span(range.start, range.start),
            message: "too many keys of one object are written twice".to_owned(),
        })
    }

    fn problem(&self, error: &hcl_edit::parser::Error, range: ItemRange) -> Problem {
        let message = error.message();
        let kind = if message.contains("nested levels") || message.contains("chained binary operators") {
            ProblemKind::Limit
        } else {
            ProblemKind::Syntax
        };
        // The reader stops where bytes make no sense to it, which may be inside a character.
        let at = (range.start + error.location().offset() as u32).min(range.end);
        let at = self.text.floor_char_boundary(at as usize) as u32;
        let width = self.text[at as usize..].chars().next().map_or(0, |c| if c == '\n' { 0 } else { c.len_utf8() as u32 });
        Problem { kind, at: self.span(at, at + width), message: message.replace('\n', ", ").to_lowercase() }
    }

    fn at(&self, range: Option<Range<usize>>, offset: u32) -> Span {
        let range = range.unwrap_or_default();
        self.span(range.start as u32 + offset, range.end as u32 + offset)
    }

    fn body(&self, body: tree::Body, offset: u32) -> Body {
        let items = body.into_iter().map(|structure| match structure {
            tree::Structure::Attribute(attribute) => {
                let key = self.at(attribute.key.span(), offset);
                let value = self.expr(attribute.value, offset);
                Item::Attribute(Attribute { name: attribute.key.into_value().into_string().into(), key, value })
            }
            tree::Structure::Block(block) => self.block(block, offset),
        });
        Body { items: items.collect(), open: false }
    }

    fn block(&self, block: tree::Block, offset: u32) -> Item {
        let span = self.at(block.span(), offset);
        let keyword = self.at(block.ident.span(), offset);
        let labels = block.labels.into_iter().map(|label| match label {
            tree::BlockLabel::Ident(ident) => Label { span: self.at(ident.span(), offset), text: ident.into_value().into_string().into() },
            tree::BlockLabel::String(string) => Label { span: self.at(string.span(), offset), text: string.into_value().into() },
        });
        Item::Block(Block {
            kind: block.ident.into_value().into_string().into(),
            keyword,
            labels: labels.collect(),
            body: self.body(block.body, offset),
            span,
        })
    }

    fn boxed(&self, expr: hcl::Expression, offset: u32) -> Box<Expr> {
        Box::new(self.expr(expr, offset))
    }

    fn exprs(&self, list: impl IntoIterator<Item = hcl::Expression>, offset: u32) -> Vec<Expr> {
        list.into_iter().map(|expr| self.expr(expr, offset)).collect()
    }

    fn expr(&self, expr: hcl::Expression, offset: u32) -> Expr {
        let span = self.at(expr.span(), offset);
        let kind = match expr {
            hcl::Expression::Null(_) => ExprKind::Null,
            hcl::Expression::Bool(value) => ExprKind::Bool(value.into_value()),
            hcl::Expression::Number(number) => ExprKind::Number(number.value().as_f64().unwrap_or(f64::NAN)),
            hcl::Expression::String(text) => ExprKind::String(text.into_value().into()),
            hcl::Expression::Array(array) => ExprKind::Tuple(self.exprs(array, offset)),
            hcl::Expression::Object(object) => ExprKind::Object(self.object(object, offset)),
            hcl::Expression::StringTemplate(mut template) => {
                ExprKind::Template(self.parts_at(std::mem::take(&mut *template), offset, Text::Quoted))
            }
            hcl::Expression::HeredocTemplate(heredoc) => match self.parts_at(heredoc.template, offset, Text::Plain).as_mut_slice() {
                [] => ExprKind::String("".into()),
                [Part::Literal(text)] => ExprKind::String(std::mem::take(text)),
                parts => ExprKind::Template(parts.iter_mut().map(take_part).collect()),
            },
            hcl::Expression::Parenthesis(inner) => ExprKind::Parenthesis(self.boxed(inner.into_inner(), offset)),
            hcl::Expression::Variable(name) => ExprKind::Variable(name.into_value().into_string().into()),
            hcl::Expression::Conditional(conditional) => ExprKind::Conditional(Box::new([
                self.expr(conditional.cond_expr, offset),
                self.expr(conditional.true_expr, offset),
                self.expr(conditional.false_expr, offset),
            ])),
            hcl::Expression::FuncCall(call) => ExprKind::Call(Box::new(self.call(*call, offset))),
            hcl::Expression::Traversal(traversal) => ExprKind::Traversal(Box::new(self.traversal(*traversal, offset))),
            hcl::Expression::UnaryOp(unary) => {
                let operator = match unary.operator.value() {
                    hcl::UnaryOperator::Neg => Unary::Negate,
                    hcl::UnaryOperator::Not => Unary::Not,
                };
                ExprKind::Unary(operator, self.boxed(unary.expr, offset))
            }
            hcl::Expression::BinaryOp(binary) => ExprKind::Binary(Box::new(BinaryExpr {
                operator: operator(*binary.operator.value()),
                left: self.expr(binary.lhs_expr, offset),
                right: self.expr(binary.rhs_expr, offset),
            })),
            hcl::Expression::ForExpr(expr) => ExprKind::For(Box::new(self.for_expr(*expr, offset))),
        };
        Expr { span, kind }
    }

    fn object(&self, object: hcl::Object, offset: u32) -> Vec<(ObjectKey, Expr)> {
        let entries = object.into_iter().map(|(key, value)| {
            let key = match key {
                // The text is read from the source: a second try may have renamed the key.
                hcl::ObjectKey::Ident(name) => {
                    let span = self.at(name.span(), offset);
                    ObjectKey::Name(self.text.get(span.start as usize..span.end as usize).unwrap_or(name.as_str()).into(), span)
                }
                hcl::ObjectKey::Expression(expr) => {
                    let mut expr = self.expr(expr, offset);
                    if let ExprKind::String(text) = &mut expr.kind
                        && let Some(written) = self.text.get(expr.span.start as usize + 1..(expr.span.end as usize).saturating_sub(1))
                        && !written.contains(['\\', '$', '%', '\n'])
                        && written.len() == text.len()
                    {
                        *text = written.into();
                    }
                    ObjectKey::Expr(expr)
                }
            };
            (key, self.expr(value.into_expr(), offset))
        });
        entries.collect()
    }

    fn call(&self, call: hcl::FuncCall, offset: u32) -> Call {
        let mut name = String::new();
        for part in &call.name.namespace {
            name.push_str(part.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        let expand = call.args.expand_final();
        Call { name: name.into(), arguments: self.exprs(call.args, offset), expand }
    }

    fn traversal(&self, traversal: hcl::Traversal, offset: u32) -> Traversal {
        let steps = traversal.operators.into_iter().map(|step| match step.into_value() {
            hcl::TraversalOperator::AttrSplat(_) => Step::AttributeSplat,
            hcl::TraversalOperator::FullSplat(_) => Step::Splat,
            hcl::TraversalOperator::GetAttr(name) => Step::Attribute(name.into_value().into_string().into()),
            hcl::TraversalOperator::Index(expr) => Step::Index(self.expr(expr, offset)),
            hcl::TraversalOperator::LegacyIndex(index) => Step::Position(index.into_value()),
        });
        Traversal { steps: steps.collect(), base: self.expr(traversal.expr, offset) }
    }

    fn for_expr(&self, expr: hcl::ForExpr, offset: u32) -> ForExpr {
        ForExpr {
            key_name: expr.intro.key_var.map(|name| name.into_value().into_string().into()),
            value_name: expr.intro.value_var.into_value().into_string().into(),
            collection: self.expr(expr.intro.collection_expr, offset),
            key: expr.key_expr.map(|key| self.expr(key, offset)),
            value: self.expr(expr.value_expr, offset),
            grouping: expr.grouping,
            condition: expr.cond.map(|condition| self.expr(condition.expr, offset)),
        }
    }

    fn parts(&self, template: Template) -> Vec<Part> {
        self.parts_at(template, 0, Text::Plain)
    }

    fn parts_at(&self, template: Template, offset: u32, kind: Text) -> Vec<Part> {
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
enum Text {
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

fn take_part(part: &mut Part) -> Part {
    std::mem::replace(part, Part::Literal("".into()))
}

fn operator(operator: hcl::BinaryOperator) -> Binary {
    match operator {
        hcl::BinaryOperator::Eq => Binary::Equal,
        hcl::BinaryOperator::NotEq => Binary::NotEqual,
        hcl::BinaryOperator::LessEq => Binary::LessEqual,
        hcl::BinaryOperator::GreaterEq => Binary::GreaterEqual,
        hcl::BinaryOperator::Less => Binary::Less,
        hcl::BinaryOperator::Greater => Binary::Greater,
        hcl::BinaryOperator::Plus => Binary::Add,
        hcl::BinaryOperator::Minus => Binary::Subtract,
        hcl::BinaryOperator::Mul => Binary::Multiply,
        hcl::BinaryOperator::Div => Binary::Divide,
        hcl::BinaryOperator::Mod => Binary::Remainder,
        hcl::BinaryOperator::And => Binary::And,
        hcl::BinaryOperator::Or => Binary::Or,
    }
}

/// Terraform lets a later key of an object win; the parser refuses the second. Its name is replaced by another of the same length, so
/// that every offset stays, and the tree takes names from the source.
trait RenameKey {
    fn rename_key(self, at: usize, attempt: u32) -> Option<String>;
}

impl RenameKey for String {
    fn rename_key(self, at: usize, attempt: u32) -> Option<String> {
        let at = at + self.get(at..)?.bytes().take_while(u8::is_ascii_whitespace).count();
        let quoted = self.as_bytes().get(at) == Some(&b'"');
        let start = at + usize::from(quoted);
        let length = self
            .get(start..)?
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/'))
            .count();
        if length == 0 || (quoted && self.as_bytes().get(start + length) != Some(&b'"')) {
            return None;
        }
        // Letters that no real key is made of in this order; the attempt keeps several renamed keys apart.
        let name: String = (0..length).map(|at| if at == 0 { char::from(b'A' + (attempt % 26) as u8) } else { 'Z' }).collect();
        Some(format!("{}{name}{}", &self[..start], &self[start + length..]))
    }
}

/// The parser takes a line break in the value of `{ for … : k => v }` for its end, where HCL ignores it: there, line breaks and comments
/// become spaces, which moves nothing. `None` if there are none.
fn join_object_for(text: &str) -> Option<String> {
    let mut lexer = Lexer::new(text, 0, text.len());
    let mut depth_of_for: Vec<usize> = vec![];
    let mut opened: Option<usize> = None;
    let mut blanks: Vec<(usize, usize)> = vec![];
    while let Some(event) = lexer.next() {
        while depth_of_for.last().is_some_and(|depth| lexer.depth() < *depth) {
            depth_of_for.pop();
        }
        match event {
            Event::Open(b'{', at) => opened = Some(at),
            Event::Token(at) if opened.is_some() => {
                opened = None;
                if text[at..].strip_prefix("for").is_some_and(|rest| rest.starts_with([' ', '\t', '\n', '\r'])) {
                    depth_of_for.push(lexer.depth());
                }
            }
            Event::Newline(at) if depth_of_for.last() == Some(&lexer.depth()) => blanks.push((at, at + 1)),
            Event::Comment(start, end) if depth_of_for.last() == Some(&lexer.depth()) => blanks.push((start, end)),
            Event::Newline(_) | Event::Comment(..) => {}
            _ => opened = None,
        }
    }
    if blanks.is_empty() {
        return None;
    }
    let mut joined = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in blanks {
        joined.push_str(&text[from..start]);
        joined.extend(std::iter::repeat_n(' ', end - start));
        from = end;
    }
    joined.push_str(&text[from..]);
    Some(joined)
}

/// Gives every node the same span, for expressions whose own positions are inside a decoded string.
fn relocate(expr: &mut Expr, site: Span) {
    expr.span = site;
    match &mut expr.kind {
        ExprKind::Null | ExprKind::Broken | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Variable(_) => {}
        ExprKind::Tuple(items) => items.iter_mut().for_each(|item| relocate(item, site)),
        ExprKind::Object(entries) => {
            for (key, value) in entries {
                match key {
                    ObjectKey::Name(_, span) => *span = site,
                    ObjectKey::Expr(expr) => relocate(expr, site),
                }
                relocate(value, site);
            }
        }
        ExprKind::Template(parts) => relocate_parts(parts, site),
        ExprKind::Parenthesis(inner) | ExprKind::Unary(_, inner) => relocate(inner, site),
        ExprKind::Call(call) => call.arguments.iter_mut().for_each(|argument| relocate(argument, site)),
        ExprKind::Traversal(traversal) => {
            relocate(&mut traversal.base, site);
            for step in &mut traversal.steps {
                if let Step::Index(index) = step {
                    relocate(index, site);
                }
            }
        }
        ExprKind::Binary(binary) => {
            relocate(&mut binary.left, site);
            relocate(&mut binary.right, site);
        }
        ExprKind::Conditional(parts) => parts.iter_mut().for_each(|part| relocate(part, site)),
        ExprKind::For(expr) => {
            relocate(&mut expr.collection, site);
            relocate(&mut expr.value, site);
            expr.key.iter_mut().chain(&mut expr.condition).for_each(|part| relocate(part, site));
        }
    }
}

fn relocate_parts(parts: &mut [Part], site: Span) {
    for part in parts {
        match part {
            Part::Literal(_) => {}
            Part::Interpolation(expr) => relocate(expr, site),
            Part::If { condition, then, otherwise } => {
                relocate(condition, site);
                relocate_parts(then, site);
                relocate_parts(otherwise, site);
            }
            Part::For { collection, body, .. } => {
                relocate(collection, site);
                relocate_parts(body, site);
            }
        }
    }
}
