//! Judging one node by one rule.

use crate::eval::{Relations, Scope};
use crate::json::Json;
use crate::rule::{CompiledRule, is_plain};
use crate::template::Unwritten;
use crate::value::{Failure, Value};
use plimsoll_document::{Kind, Lookup, Node, OpKind};

/// What came of judging one node. Neither part set: it passed, or nothing can be told.
#[derive(Debug, Default)]
pub struct Judgement<'a> {
    /// The defect, where the requirement is known to be false.
    pub finding: Option<RuleFinding<'a>>,
    /// What could not be evaluated: a notice at the rule, and the unit is incomplete.
    pub error: Option<RuleError>,
}

/// A defect that a condition found.
#[derive(Debug)]
pub struct RuleFinding<'a> {
    /// What was judged.
    pub node: Node<'a>,
    /// What to point at: the node of `at:`, else its closest ancestor that exists, else the judged node.
    pub at: Node<'a>,
    /// The message, filled in.
    pub message: String,
    /// The fix, if the rule has one and all its values can be told.
    pub fix: Option<RuleFix>,
}

/// A fix that a rule's `ops` describe. Each op's pointer is relative to the judged node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFix {
    /// What it does.
    pub title: String,
    /// Whether it is safe.
    pub safe: bool,
    /// Its ops.
    pub ops: Vec<RuleOp>,
}

/// One structural change, as the plugin interface has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOp {
    /// What it does.
    pub kind: OpKind,
    /// JSON Pointer below the judged node; for `create-file` the path.
    pub key: String,
    /// JSON of the new value; plain text for `replace-source` and `create-file`.
    pub text: String,
}

/// An expression of a rule that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// Line in the rule's file, from 1.
    pub line: u32,
    /// What happened, a lowercase fragment.
    pub message: String,
}

impl RuleError {
    fn new(line: u32, failure: &Failure) -> Self {
        Self { line, message: failure.message().to_owned() }
    }
}

impl CompiledRule {
    /// Judges a node that is what the rule is for. `options` is an object with a value for every option.
    pub fn judge<'a>(&'a self, node: Node<'a>, options: &'a Json, relations: &dyn Relations<'a>) -> Judgement<'a> {
        let variables = [Value::of(node), crate::convert::from_json(options)];
        let scope = Scope { variables: &variables, relations };
        match self.require.evaluate(scope) {
            Value::Bool(true) | Value::Unknown => Judgement::default(),
            Value::Bool(false) => self.fail(node, scope),
            Value::Error(failure) => Judgement { finding: None, error: Some(RuleError::new(self.require_line, &failure)) },
            other => {
                let message = format!("`require` is worth {}, not a bool", other.describe());
                Judgement { finding: None, error: Some(RuleError { line: self.require_line, message }) }
            }
        }
    }

    #[inline(never)]
    fn fail<'a>(&'a self, node: Node<'a>, scope: Scope<'a, '_>) -> Judgement<'a> {
        let (message, failed) = self.message.show(scope);
        let mut error = failed.map(|failure| RuleError::new(self.message_line, &failure));
        let fix = self.fix(scope).unwrap_or_else(|failed| {
            error.get_or_insert(failed);
            None
        });
        let at = self.at.as_deref().map_or(node, |pointer| closest(node, pointer));
        Judgement { finding: Some(RuleFinding { node, at, message, fix }), error }
    }

    fn fix<'a>(&'a self, scope: Scope<'a, '_>) -> Result<Option<RuleFix>, RuleError> {
        let Some(plan) = &self.fix else { return Ok(None) };
        let mut ops = Vec::with_capacity(plan.ops.len());
        for op in &plan.ops {
            let filled = op.key.pointer(scope).and_then(|key| {
                let text = match &op.to {
                    None => String::new(),
                    Some(to) => match to.fill(scope)? {
                        Json::String(text) if is_plain(op.kind) => text,
                        json => json.to_string(),
                    },
                };
                Ok(RuleOp { kind: op.kind, key, text })
            });
            match filled {
                Ok(op) => ops.push(op),
                // A value that cannot be told is no fix; the finding stands all the same.
                Err(Unwritten::Unknown) => return Ok(None),
                Err(Unwritten::Failed(failure)) => return Err(RuleError::new(op.line, &failure)),
            }
        }
        Ok(Some(RuleFix { title: plan.title.show(scope).0, safe: plan.safe, ops }))
    }
}

/// The node at a JSON Pointer, else its closest ancestor that is there.
pub fn closest<'a>(node: Node<'a>, pointer: &str) -> Node<'a> {
    let mut at = node;
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let next = match at.kind() {
            Kind::Map => match at.get_text(&part) {
                Lookup::Present(child) => Some(child),
                Lookup::Absent | Lookup::Unknown(_) => None,
            },
            Kind::List => part.parse().ok().and_then(|index| at.children().nth(index)),
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}
