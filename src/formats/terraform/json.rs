//! Terraform's JSON syntax, read into the same tree as the native one. Strings are templates.

use crate::native;
use crate::syntax::{Attribute, Block, Body, Expr, ExprKind, Item, Label, ObjectKey};
use plimsoll_document::Span;
use plimsoll_formats::{MAX_DEPTH, Problem, ProblemKind};
use plimsoll_yaml::{Content, Id, Scalar, Style, Tree, json_scalar};
use std::ops::Range;

/// What a file in JSON syntax holds.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) body: Body,
    pub(crate) problems: Vec<Problem>,
}

/// Blocks by their place: those of the file, and those inside others that need no provider schema to tell. With the number of labels.
fn blocks_of(parent: &str) -> &'static [(&'static str, usize)] {
    match parent {
        "" => &[
            ("terraform", 0),
            ("provider", 1),
            ("variable", 1),
            ("locals", 0),
            ("resource", 2),
            ("data", 2),
            ("ephemeral", 2),
            ("module", 1),
            ("output", 1),
            ("moved", 0),
            ("import", 0),
            ("removed", 0),
            ("check", 1),
        ],
        "terraform" => &[("required_providers", 0), ("backend", 1), ("cloud", 0), ("provider_meta", 1)],
        "resource" | "data" | "ephemeral" => &[("lifecycle", 0), ("connection", 0), ("provisioner", 1), ("dynamic", 1)],
        "lifecycle" => &[("precondition", 0), ("postcondition", 0)],
        "variable" => &[("validation", 0)],
        "output" => &[("precondition", 0)],
        "check" => &[("assert", 0), ("data", 2)],
        _ => &[],
    }
}

/// Reads a whole file, the source number `source`.
pub(crate) fn read(text: &str, source: u32) -> File {
    read_as(text, source, "")
}

/// Reads a file of arguments only, such as `terraform.tfvars.json`.
pub(crate) fn read_arguments(text: &str, source: u32) -> File {
    read_as(text, source, "arguments")
}

fn read_as(text: &str, source: u32, parent: &str) -> File {
    let stream = plimsoll_yaml::parse(text);
    let mut file = File::default();
    for problem in &stream.problems {
        let kind = match problem.kind {
            plimsoll_yaml::ProblemKind::DuplicateKey => continue,
            plimsoll_yaml::ProblemKind::Limit => ProblemKind::Limit,
            plimsoll_yaml::ProblemKind::Template => ProblemKind::Template,
            _ => ProblemKind::Syntax,
        };
        file.body.open = true;
        file.problems.push(Problem { kind, at: Span::new(source, problem.at.start, problem.at.end), message: problem.message.clone() });
    }
    let Some(tree) = stream.documents.first() else { return file };
    let mut reader = Reader { tree, source, problems: vec![] };
    // The root is an object, or a list of such.
    let root = tree.root();
    match &tree.node(root).content {
        Content::Sequence { items, .. } => {
            for item in items {
                reader.body(*item, parent, &mut file.body, 0);
            }
        }
        _ => reader.body(root, parent, &mut file.body, 0),
    }
    file.body.open |= !reader.problems.is_empty();
    file.problems.append(&mut reader.problems);
    file
}

struct Reader<'r, 't> {
    tree: &'r Tree<'t>,
    source: u32,
    problems: Vec<Problem>,
}

impl Reader<'_, '_> {
    fn span(&self, range: &Range<u32>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn site(&self, id: Id) -> Span {
        self.span(&self.tree.node(id).span)
    }

    fn problem(&mut self, id: Id, message: &str) {
        self.problems.push(Problem { kind: ProblemKind::Syntax, at: self.site(id), message: message.to_owned() });
    }

    fn body(&mut self, id: Id, parent: &str, into: &mut Body, depth: u32) {
        let tree = self.tree;
        let Content::Mapping { entries, .. } = &tree.node(id).content else {
            into.open = true;
            self.problem(id, "an object is required");
            return;
        };
        into.open |= tree.node(id).open;
        for entry in entries {
            let Some(name) = tree.scalar(entry.key) else { continue };
            // A property named `//` is a comment.
            if name == "//" {
                continue;
            }
            let key = self.site(entry.key);
            match blocks_of(parent).iter().find(|(kind, _)| *kind == name) {
                Some((kind, labels)) => {
                    self.blocks(kind, key, entry.value, *labels, vec![], into, depth + 1);
                }
                None => into.items.push(Item::Attribute(Attribute { name: name.into(), key, value: self.expr(entry.value, depth + 1) })),
            }
        }
    }

    /// The blocks of one type: an object per label, then one body or a list of bodies.
    #[expect(clippy::too_many_arguments, reason = "the labels on the way down are all of it")]
    fn blocks(&mut self, kind: &str, keyword: Span, id: Id, labels: usize, found: Vec<Label>, into: &mut Body, depth: u32) {
        let tree = self.tree;
        if depth > MAX_DEPTH {
            into.open = true;
            return;
        }
        match &tree.node(id).content {
            Content::Sequence { items, .. } => {
                for item in items {
                    let keyword = self.site(*item);
                    self.blocks(
                        kind,
                        Span::new(keyword.source, keyword.start, keyword.start),
                        *item,
                        labels,
                        found.clone(),
                        into,
                        depth + 1,
                    );
                }
            }
            Content::Mapping { entries, .. } if labels > 0 => {
                for entry in entries {
                    let Some(name) = tree.scalar(entry.key).filter(|name| *name != "//") else { continue };
                    let key = self.site(entry.key);
                    let mut found = found.clone();
                    found.push(Label { text: name.into(), span: key });
                    self.blocks(kind, key, entry.value, labels - 1, found, into, depth + 1);
                }
            }
            Content::Scalar { .. } if json_scalar(tree.node(id)).is_some_and(|scalar| matches!(scalar, Scalar::Null)) => {}
            _ => {
                let mut body = Body::default();
                self.body(id, kind, &mut body, depth);
                let span = keyword.to(self.site(id));
                into.items.push(Item::Block(Block { kind: kind.into(), keyword, labels: found, body, span }));
            }
        }
    }

    fn expr(&mut self, id: Id, depth: u32) -> Expr {
        let tree = self.tree;
        let span = self.site(id);
        let node = tree.node(id);
        let kind = match &node.content {
            _ if depth > MAX_DEPTH => ExprKind::Broken,
            Content::Sequence { items, .. } if !node.open => {
                ExprKind::Tuple(items.iter().map(|item| self.expr(*item, depth + 1)).collect())
            }
            Content::Mapping { entries, .. } if !node.open => {
                let mut object = vec![];
                for entry in entries {
                    let Some(key) = tree.scalar(entry.key) else { continue };
                    let key_span = self.site(entry.key);
                    let key = match self.text(key, entry.key, key_span) {
                        Expr { kind: ExprKind::String(name), .. } => ObjectKey::Name(name, key_span),
                        expr => ObjectKey::Expr(expr),
                    };
                    object.push((key, self.expr(entry.value, depth + 1)));
                }
                ExprKind::Object(object)
            }
            Content::Scalar { value, style: Style::Double } => return self.text(value, id, span),
            Content::Scalar { .. } => match json_scalar(node) {
                Some(Scalar::Null) => ExprKind::Null,
                Some(Scalar::Bool(value)) => ExprKind::Bool(value),
                Some(Scalar::Number(number)) => ExprKind::Number(number),
                _ => ExprKind::Broken,
            },
            _ => ExprKind::Broken,
        };
        Expr { span, kind }
    }

    /// A string: a template if it has a marker of one.
    fn text(&mut self, text: &str, id: Id, span: Span) -> Expr {
        if !text.contains("${") && !text.contains("%{") {
            return Expr { span, kind: ExprKind::String(text.into()) };
        }
        native::template(text, span).unwrap_or_else(|| {
            self.problem(id, "the template in this string does not parse");
            Expr { span, kind: ExprKind::Broken }
        })
    }
}
