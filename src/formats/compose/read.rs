//! From YAML to the tree that is merged: aliases expanded, variables interpolated, scalars typed.

use crate::load::MAX_EXPANDED;
use crate::scalar;
use crate::template::{self, Variables};
use crate::text::Text;
use crate::tree::{Dir, Entry, Tag, Tree, Val};
use plimsoll_document::{Flags, OriginEntry, Role, Span};
use plimsoll_formats::{Budget, MAX_DEPTH, Problem, ProblemKind};
use plimsoll_yaml as yaml;
use std::collections::HashMap;

/// Reads documents of one source.
pub(crate) struct Reader<'r, 't> {
    pub(crate) yaml: &'r yaml::Tree<'t>,
    pub(crate) text: &'t str,
    pub(crate) source: u32,
    pub(crate) dir: Dir,
    pub(crate) variables: &'r Variables,
    pub(crate) problems: &'r mut Vec<Problem>,
    /// Nodes of the project that are not written in their place.
    pub(crate) expanded: &'r mut u64,
    /// Text of the project that is not.
    pub(crate) budget: &'r Budget,
    /// Whether the source was read before, so that everything in it is there twice.
    pub(crate) again: bool,
    /// Anchors being expanded.
    pub(crate) active: Vec<yaml::Id>,
}

impl Reader<'_, '_> {
    /// The document as a tree.
    pub(crate) fn read(&mut self) -> Tree {
        self.node(self.yaml.root(), 0)
    }

    fn span(&self, range: &std::ops::Range<u32>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn unknown(&self, cause: &str, site: Span) -> Tree {
        Tree::new(Val::Unknown(cause.into()), site, self.dir)
    }

    fn problem(&mut self, kind: ProblemKind, at: Span, message: &str) {
        if kind != ProblemKind::Limit || !self.problems.iter().any(|problem| problem.message == message) {
            self.problems.push(Problem { kind, at, message: message.to_owned() });
        }
    }

    fn node(&mut self, id: yaml::Id, depth: u32) -> Tree {
        let tree = self.yaml;
        let written = tree.node(id);
        let site = self.span(&written.span);
        let mut fits = true;
        if self.again || !self.active.is_empty() {
            *self.expanded += 1;
            fits = *self.expanded <= MAX_EXPANDED && self.budget.afford(tree.scalar(id).map_or(0, str::len));
        }
        if depth >= MAX_DEPTH || !fits {
            self.problem(ProblemKind::Limit, site, "the project expands to too many values");
            return self.unknown("the project expands to too many values", site);
        }
        let mut node = match &written.content {
            yaml::Content::Alias { target: None } => self.unknown("the alias names no anchor before it", site),
            yaml::Content::Alias { target: Some(target) } => return self.alias(*target, site, depth),
            yaml::Content::Broken => self.unknown("a syntax error hides the value", site),
            yaml::Content::Scalar { .. } => self.scalar(written, site),
            yaml::Content::Sequence { items, .. } => {
                let items = items.iter().map(|item| self.node(*item, depth + 1)).filter(|item| item.tag != Tag::Reset).collect();
                Tree::new(Val::List(items), site, self.dir)
            }
            yaml::Content::Mapping { .. } => self.mapping(id, site, depth),
        };
        match written.tag.as_deref() {
            Some("!reset") => node.tag = Tag::Reset,
            Some("!override") => node.tag = Tag::Override,
            _ => {}
        }
        if written.open {
            node.flags |= Flags::OPEN;
        }
        if !self.active.is_empty() {
            node.flags |= Flags::FROM_ANCHOR;
        }
        node
    }

    fn alias(&mut self, target: yaml::Id, site: Span, depth: u32) -> Tree {
        let anchored = self.yaml.node(target);
        let at = self.span(&anchored.span);
        if at.contains(site) || self.active.contains(&target) {
            self.problem(ProblemKind::Limit, site, "the anchor contains itself");
            return self.unknown("the anchor contains itself", site);
        }
        self.active.push(target);
        let mut node = self.node(target, depth);
        self.active.pop();
        node.origin.insert(0, OriginEntry { role: Role::Via, at: site });
        node
    }

    fn scalar(&mut self, written: &yaml::Node<'_>, site: Span) -> Tree {
        let yaml::Content::Scalar { value: decoded, style } = &written.content else { return self.unknown("not a scalar", site) };
        let value = match yaml::compose_scalar(written) {
            None | Some(yaml::Scalar::Null) => Val::Null,
            Some(yaml::Scalar::Bool(value)) => Val::Bool(value),
            Some(yaml::Scalar::Number(value)) => Val::Number(scalar::number(value, decoded)),
            Some(yaml::Scalar::String(text)) => {
                if *style == yaml::Style::Plain
                    && let Some(date) = scalar::date(text)
                {
                    Val::Text(Text::implied(date, site))
                } else {
                    return self.string(text, site);
                }
            }
        };
        Tree::new(value, site, self.dir)
    }

    fn string(&mut self, decoded: &str, site: Span) -> Tree {
        let text = Text::written(decoded.to_owned(), site, self.text);
        match template::interpolate(&text, self.variables) {
            Ok(text) => {
                let mut tree = Tree::new(Val::Null, site, self.dir);
                tree.origin = text.origin();
                if decoded.contains("{{") {
                    tree.flags |= Flags::TEMPLATED;
                }
                tree.value = Val::Text(text);
                tree
            }
            Err(invalid) => {
                self.problem(ProblemKind::Syntax, site, &format!("invalid interpolation: {}", invalid.cause));
                self.unknown("the interpolation is invalid", site)
            }
        }
    }

    fn mapping(&mut self, id: yaml::Id, site: Span, depth: u32) -> Tree {
        let tree = self.yaml;
        let mut entries: Vec<Entry> = vec![];
        let mut at: HashMap<String, usize> = HashMap::new();
        for yaml::Merged { entry, merged } in tree.merged(id) {
            let span = &tree.node(entry.key).span;
            let key = tree.scalar(entry.key).unwrap_or(&self.text[span.start as usize..span.end as usize]).to_owned();
            if merged {
                self.active.push(entry.value);
            }
            let value = self.node(entry.value, depth + 1);
            if merged {
                self.active.pop();
            }
            let entry = Entry::new(key.clone(), self.span(span), value);
            // Compose refuses equal keys (the parser says where); the last counts.
            if let Some(before) = at.get(&key) {
                entries[*before] = entry;
            } else {
                at.insert(key, entries.len());
                entries.push(entry);
            }
        }
        let mut node = Tree::new(Val::Map(entries), site, self.dir);
        if tree.merge_is_open(id) {
            node.flags |= Flags::OPEN;
        }
        node
    }
}
