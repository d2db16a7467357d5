//! Ways to mend a finding.

use crate::{Json, Place, RawFix, RawOp, Unit};
use plimsoll_document::{Node, OpKind};

/// A structural fix: changes to the tree, which the host renders into text with comments, quoting and every untouched byte kept.
///
/// Values are JSON: a Dockerfile instruction is a string in Dockerfile syntax, a shell command a string of shell, an HCL block
/// [`Json::block`], an HCL expression `"${aws_kms_key.logs.arn}"`. A pointer is a JSON Pointer below the node, and `""` is the node itself.
#[derive(Clone, Debug)]
pub struct Fix<'a> {
    title: String,
    safe: bool,
    ops: Vec<Op<'a>>,
}

#[derive(Clone, Debug)]
struct Op<'a> {
    kind: OpKind,
    node: Option<Node<'a>>,
    key: String,
    text: String,
}

impl<'a> Fix<'a> {
    /// A fix that keeps the meaning, or hardens it as the author plainly meant. The title is in the imperative: "add `--no-install-recommends`".
    pub fn safe(title: impl Into<String>) -> Self {
        Self { title: title.into(), safe: true, ops: vec![] }
    }

    /// A fix that may change what is built or run.
    pub fn unsafe_(title: impl Into<String>) -> Self {
        Self { title: title.into(), safe: false, ops: vec![] }
    }

    fn op(mut self, kind: OpKind, node: Option<Node<'a>>, key: impl Into<String>, text: String) -> Self {
        self.ops.push(Op { kind, node, key: key.into(), text });
        self
    }

    /// Writes a value under a pointer; missing or null parents are created.
    #[must_use]
    pub fn set(self, node: impl Place<'a>, pointer: &str, value: impl Into<Json>) -> Self {
        self.op(OpKind::Set, node.place(), pointer, value.into().to_string())
    }

    /// Writes a sibling in front of the node.
    #[must_use]
    pub fn insert_before(self, node: impl Place<'a>, value: impl Into<Json>) -> Self {
        self.op(OpKind::InsertBefore, node.place(), "", value.into().to_string())
    }

    /// Writes a sibling behind the node.
    #[must_use]
    pub fn insert_after(self, node: impl Place<'a>, value: impl Into<Json>) -> Self {
        self.op(OpKind::InsertAfter, node.place(), "", value.into().to_string())
    }

    /// Adds an item to the list under a pointer.
    #[must_use]
    pub fn append(self, node: impl Place<'a>, pointer: &str, value: impl Into<Json>) -> Self {
        self.op(OpKind::Append, node.place(), pointer, value.into().to_string())
    }

    /// Takes away what stands under a pointer.
    #[must_use]
    pub fn remove(self, node: impl Place<'a>, pointer: &str) -> Self {
        self.op(OpKind::Remove, node.place(), pointer, String::new())
    }

    /// Gives the entry under a pointer another key.
    #[must_use]
    pub fn rename(self, node: impl Place<'a>, pointer: &str, key: &str) -> Self {
        self.op(OpKind::Rename, node.place(), pointer, Json::from(key).to_string())
    }

    /// Replaces exactly the node's source text, in the target's own syntax. For what the other changes cannot say.
    #[must_use]
    pub fn replace_source(self, node: impl Place<'a>, text: impl Into<String>) -> Self {
        self.op(OpKind::ReplaceSource, node.place(), "", text.into())
    }

    /// Creates a file; the path is relative to the project root, and an existing file is left alone.
    #[must_use]
    pub fn create_file(self, path: &str, text: impl Into<String>) -> Self {
        self.op(OpKind::CreateFile, None, path, text.into())
    }

    pub(crate) fn raw_op(self, kind: OpKind, node: Node<'a>, key: String, text: String) -> Self {
        self.op(kind, Some(node), key, text)
    }

    pub(crate) fn raw(self, unit: &Unit<'_>, judged: Node<'_>) -> RawFix {
        let ops = self.ops.into_iter().map(|op| {
            let (document, node) = match op.node.map(Node::subject) {
                Some(node) => (unit.document_of(node), node.index()),
                None => (0, judged.index()),
            };
            RawOp { kind: op.kind, document, node, key: op.key, text: op.text }
        });
        RawFix { ops: ops.collect(), title: self.title, safe: self.safe }
    }
}
