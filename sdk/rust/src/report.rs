//! Saying what is wrong.

use crate::{At, Finding, Fix, Place, Relation, Severity, Unit, View};
use plimsoll_document::{Node, Span};

/// Takes a rule's findings about one judged node.
#[derive(Debug)]
pub struct Report<'a> {
    unit: &'a Unit<'a>,
    rule: u32,
    judged: Node<'a>,
    findings: Vec<Finding>,
    /// Rule, line in its file, and cause of conditions that could not be evaluated.
    failures: Vec<(u32, u32, String)>,
}

impl<'a> Report<'a> {
    /// A report about `judged`.
    pub const fn new(unit: &'a Unit<'a>, judged: Node<'a>) -> Self {
        Self { unit, rule: 0, judged, findings: vec![], failures: vec![] }
    }

    pub(crate) const fn turn_to(&mut self, rule: u32, judged: Node<'a>) {
        self.rule = rule;
        self.judged = judged;
    }

    /// Number of findings so far.
    pub const fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether there is no finding.
    pub const fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn finish(self) -> (Vec<Finding>, Vec<(u32, u32, String)>) {
        (self.findings, self.failures)
    }

    /// One failure per rule says enough; a broken condition fails at every node.
    pub(crate) fn failed(&mut self, line: u32, cause: &str) {
        if !self.failures.iter().any(|(rule, ..)| *rule == self.rule) {
            self.failures.push((self.rule, line, cause.to_owned()));
        }
    }

    /// A finding at a view, node, item or field; complete it with [`Draft::message`]. A fact means what it is about: a finding at
    /// `facts.user` is one at the USER instruction.
    pub fn at<'n>(&mut self, place: impl Place<'n>) -> Draft<'_, 'a> {
        self.push(place.place().map(Node::subject), false)
    }

    /// A finding at the key of an entry: where the value is a long map or list, or null.
    pub fn at_key<'n>(&mut self, place: impl Place<'n>) -> Draft<'_, 'a> {
        self.push(place.place().map(Node::subject), true)
    }

    /// A finding at the judged node.
    pub fn here(&mut self) -> Draft<'_, 'a> {
        self.at(self.judged)
    }

    /// Follows a relation that the rule declares.
    pub fn relation<'n>(&self, from: impl View<'n>, name: &str) -> Relation<'a> {
        self.unit.relation(from.node(), name)
    }

    fn push(&mut self, node: Option<Node<'_>>, at_key: bool) -> Draft<'_, 'a> {
        let (document, index, span) = match node {
            Some(node) => (self.unit.document_of(node), node.index(), node.key_span().filter(|_| at_key).unwrap_or_else(|| node.span())),
            None => (0, self.judged.index(), self.judged.span()),
        };
        // The host wants a node of the judged document; a place elsewhere in the unit is pointed at, and the judged node answers for it.
        let node = if document == 0 { index } else { self.judged.index() };
        let at = At { document, span };
        let finding =
            Finding { rule: self.rule, severity: None, message: String::new(), node, at, related: vec![], secrets: vec![], fixes: vec![] };
        let at = self.findings.len();
        self.findings.push(finding);
        Draft { finding: &mut self.findings[at], unit: self.unit, judged: self.judged }
    }
}

/// A finding being written. It is reported already; its methods add to it.
#[derive(Debug)]
pub struct Draft<'r, 'a> {
    finding: &'r mut Finding,
    unit: &'a Unit<'a>,
    judged: Node<'a>,
}

impl Draft<'_, '_> {
    /// One sentence that names the thing and its value: "service `db` publishes 5432 on every interface".
    #[allow(clippy::return_self_not_must_use, reason = "the finding is reported already; adding to it is optional")]
    pub fn message(self, text: impl Into<String>) -> Self {
        self.finding.message = text.into();
        self
    }

    /// Points at a part of the source instead of the whole node.
    #[allow(clippy::return_self_not_must_use, reason = "the finding is reported already; adding to it is optional")]
    pub fn span(self, span: Span) -> Self {
        self.finding.at.span = span;
        self
    }

    /// Makes this finding less severe than the rule; a higher severity is ignored by the host.
    #[allow(clippy::return_self_not_must_use, reason = "the finding is reported already; adding to it is optional")]
    pub fn severity(self, severity: Severity) -> Self {
        self.finding.severity = Some(severity as u8);
        self
    }

    /// Shows another place, with a lowercase fragment that says what it has to do with it.
    #[allow(clippy::return_self_not_must_use, reason = "the finding is reported already; adding to it is optional")]
    pub fn related<'n>(self, place: impl Place<'n>, label: impl Into<String>) -> Self {
        if let Some(node) = place.place().map(Node::subject) {
            let at = At { document: self.unit.document_of(node), span: node.span() };
            self.finding.related.push((at, label.into()));
        }
        self
    }

    /// Has the host mask a value wherever it appears.
    #[allow(clippy::return_self_not_must_use, reason = "the finding is reported already; adding to it is optional")]
    pub fn secret<'n>(self, place: impl Place<'n>) -> Self {
        if let Some(node) = place.place() {
            self.finding.secrets.push(At { document: self.unit.document_of(node), span: node.span() });
        }
        self
    }

    /// Has the host mask a part of the judged document's source wherever its text appears.
    #[allow(clippy::return_self_not_must_use, reason = "the finding is reported already; adding to it is optional")]
    pub fn secret_span(self, span: Span) -> Self {
        self.finding.secrets.push(At { document: 0, span });
        self
    }

    /// Offers a way to mend it; the best comes first.
    #[allow(clippy::return_self_not_must_use, reason = "the finding is reported already; adding to it is optional")]
    pub fn fix(self, fix: Fix<'_>) -> Self {
        let fix = fix.raw(self.unit, self.judged);
        self.finding.fixes.push(fix);
        self
    }
}
