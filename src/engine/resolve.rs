//! What a plugin said becomes a finding: places, address, fingerprint, masked words, rendered fixes.

use crate::address::address;
use crate::fingerprint::fingerprint;
use crate::lines::LineIndex;
use crate::secret::Secrets;
use plimsoll_document::{Document, Flags, Node, Role, Span};
use plimsoll_finding::{Applicability, Edit, Finding, Fix, Location, Related, Severity, State};
use plimsoll_fix::{Op, OpKind, Plan, TextEdit, render};
use plimsoll_host::{RawFinding, RawFix, RawSpan};
use std::collections::HashMap;
use std::sync::Arc;

/// A finding with the changes that its fixes are made of, in the order of `finding.fixes`.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    /// The finding.
    pub(crate) finding: Finding,
    /// Ops per fix; empty where the fix was dropped.
    pub(crate) ops: Vec<Vec<Op>>,
    /// Which unit of the job the ops belong to.
    pub(crate) unit: usize,
}

/// What becomes of a finding's fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fixes {
    /// Edits of text.
    Text,
    /// The ops alone, for a patch of the tree.
    Ops,
    /// Nothing: nobody asks.
    None,
}

/// Resolves the findings of one unit.
pub(crate) struct Resolver<'u> {
    fixes: Fixes,
    unit: &'u [&'u Document],
    lines: HashMap<(u32, u32), LineIndex>,
    read: &'u dyn Fn(&str) -> Option<Arc<str>>,
    secrets: Secrets,
    /// What working out one fix costs at most, and all of them together still may.
    fix_cost: u64,
    fix_budget: u64,
}

/// Nodes that may be gone through to work out the fixes of one unit: each fix may go through all of it, and each node may want one.
const FIX_BUDGET: u64 = 200_000_000;

impl<'u> Resolver<'u> {
    /// `read` gives the text of files that the documents name without text.
    pub(crate) fn new(unit: &'u [&'u Document], read: &'u dyn Fn(&str) -> Option<Arc<str>>) -> Self {
        // Sixteen bytes of text are looked at as fast as a node.
        let fix_cost = unit.iter().map(|document| u64::from(document.doc().node_count()) + document.table.text().len() as u64 / 16).sum();
        Self { fixes: Fixes::Text, unit, lines: HashMap::new(), read, secrets: Secrets::of(unit), fix_cost, fix_budget: FIX_BUDGET }
    }

    /// Notes the secrets that findings name. All of them before any is resolved: what one says may be what another hides.
    pub(crate) fn know(&mut self, findings: &[RawFinding]) {
        for secret in findings.iter().flat_map(|raw| &raw.secrets) {
            if let Some(document) = self.unit.get(secret.document as usize) {
                self.secrets.add_span(self.unit, document, Span::new(secret.source, secret.start, secret.end));
            }
        }
    }

    /// Says what fixes are wanted for.
    pub(crate) fn with_fixes(mut self, fixes: Fixes) -> Self {
        self.fixes = fixes;
        self
    }

    fn lines(&mut self, document: u32, source: u32) -> &LineIndex {
        let (unit, read) = (self.unit, self.read);
        self.lines.entry((document, source)).or_insert_with(|| {
            let owner = unit.get(document as usize);
            let uri = owner.and_then(|document| document.sources.get(source as usize)).map_or("", |source| source.uri.as_str());
            let text = owner.map_or("", |document| document.source_text(source));
            if text.is_empty() { LineIndex::new(uri, &read(uri).unwrap_or_default()) } else { LineIndex::new(uri, text) }
        })
    }

    fn locate(&mut self, document: u32, span: Span) -> Location {
        self.lines(document, span.source).location(span.start, span.end)
    }

    fn locate_raw(&mut self, at: &RawSpan) -> Location {
        self.locate(at.document, Span::new(at.source, at.start, at.end))
    }

    /// The finding of rule `rule`, unless `severity` says that it is off where the finding is; `trusted` says whether its fixes may be applied.
    pub(crate) fn resolve(
        &mut self,
        raw: &RawFinding,
        rule: &Arc<str>,
        severity: &dyn Fn(&str) -> Option<Severity>,
        trusted: bool,
        unit: usize,
    ) -> Option<Judged> {
        let document: &'u Document = self.unit.first()?;
        let node = document.doc().node(raw.node)?.subject();
        let here = address(document.target, node);
        let told = !raw.secrets.is_empty() || node.flags().has(Flags::SENSITIVE);
        let site = self.locate(0, node.span());
        let severity = severity(&site.path)?;
        let at = self.locate_raw(&raw.at);
        let mut related: Vec<Related> = raw
            .related
            .iter()
            .map(|other| Related { at: self.locate_raw(&other.at), label: self.secrets.mask(&other.label, told) })
            .collect();
        related.extend(self.origins(node, &at));
        let secrets = raw.secrets.iter().map(|secret| self.locate_raw(secret)).collect();
        let wanted = if self.fixes == Fixes::None { &[] } else { raw.fixes.as_slice() };
        let (fixes, ops) = wanted.iter().map(|fix| self.fix(fix, trusted, told)).unzip();
        let severity = raw.severity.and_then(Severity::from_number).map_or(severity, |lower| lower.min(severity));
        let finding = Finding {
            rule: rule.clone(),
            severity,
            message: if may_exist(node) {
                format!("{} (if created)", self.secrets.mask(&raw.message, told))
            } else {
                self.secrets.mask(&raw.message, told)
            },
            fingerprint: fingerprint(rule, &here, &site.path),
            address: here.shown.clone(),
            addresses: vec![here.shown],
            at,
            site,
            related,
            fixes,
            secrets,
            state: State::Active,
        };
        Some(Judged { finding, ops, unit })
    }

    /// The places that took part in the value, but for the primary one.
    fn origins(&mut self, node: Node<'_>, at: &Location) -> Vec<Related> {
        let entries: Vec<_> = node.origin().collect();
        let mut related = vec![];
        for entry in entries {
            let place = self.locate(0, entry.at);
            let label = match entry.role {
                Role::Decided => "this decides the value",
                Role::Via => "the value passes through here",
                Role::Also => "this takes part",
            };
            if place != *at && !related.iter().any(|other: &Related| other.at == place) {
                related.push(Related { at: place, label: label.to_owned() });
            }
        }
        related
    }

    fn fix(&mut self, raw: &RawFix, trusted: bool, told: bool) -> (Fix, Vec<Op>) {
        let ops: Option<Vec<Op>> = raw.ops.iter().map(op).collect();
        let ops = ops.unwrap_or_default();
        let mut fix = Fix {
            title: self.secrets.mask(&raw.title, told),
            applicability: if raw.applicability == 0 { Applicability::Safe } else { Applicability::Unsafe },
            edits: vec![],
            dropped: None,
            secret: false,
            trusted,
        };
        // What rewrites source is for what the tree cannot say, and always unsafe.
        if ops.iter().any(|op| op.kind == OpKind::ReplaceSource) {
            fix.applicability = Applicability::Unsafe;
        }
        if self.fixes == Fixes::Ops {
            return (fix, ops);
        }
        let Some(left) = self.fix_budget.checked_sub(self.fix_cost) else {
            fix.dropped = Some("too much was found here for every fix to be worked out".to_owned());
            return (fix, vec![]);
        };
        self.fix_budget = left;
        let mut plan = Plan::default();
        let rendered = plan
            .add(self.unit, &ops)
            .map_err(|conflict| conflict.to_string())
            .and_then(|()| render(self.unit, &plan).map_err(|dropped| dropped.to_string()));
        match rendered {
            Ok(rendered) => {
                if rendered.shared {
                    fix.applicability = Applicability::Unsafe;
                }
                fix.edits = rendered.edits.into_iter().map(|edit| self.edit(edit)).collect();
                fix.secret = fix.edits.iter().any(|edit| self.secrets.are_in(&edit.text));
                (fix, ops)
            }
            Err(why) => {
                fix.dropped = Some(why);
                (fix, vec![])
            }
        }
    }

    fn edit(&mut self, edit: TextEdit) -> Edit {
        let place = edit.range.and_then(|(start, end)| {
            let (document, source) = self.source_of(&edit.path)?;
            Some(self.locate(document, Span::new(source, start, end)))
        });
        match place {
            Some(place) => Edit { path: place.path, range: Some(place.range), text: edit.text },
            None => Edit { path: edit.path.into(), range: None, text: edit.text },
        }
    }

    fn source_of(&self, path: &str) -> Option<(u32, u32)> {
        self.unit.iter().enumerate().find_map(|(document, owner)| {
            let source = owner.sources.iter().position(|source| source.uri == path && source.length > 0)?;
            Some((document as u32, source as u32))
        })
    }
}

/// Whether the judged thing, or what holds it, may or may not be created.
fn may_exist(node: Node<'_>) -> bool {
    std::iter::successors(Some(node), |node| node.parent()).any(|node| node.flags().has(Flags::MAY_EXIST))
}

fn op(raw: &plimsoll_host::RawOp) -> Option<Op> {
    let kind = OpKind::from_number(raw.kind)?;
    Some(Op { kind, document: raw.document, node: raw.node, key: raw.key.clone(), text: raw.text.clone() })
}

/// Findings of one rule at one place are one finding with all its addresses: a module called twice, an inherited stage.
pub(crate) fn merge(judged: Vec<Judged>) -> Vec<Judged> {
    let mut merged: Vec<Judged> = vec![];
    let mut seen: HashMap<(Arc<str>, Location, Location), usize> = HashMap::new();
    for one in judged {
        let key = (one.finding.rule.clone(), one.finding.site.clone(), one.finding.at.clone());
        // Two rules' words about one place differ only where they mean different things: those stay two findings.
        if let Some(at) = seen.get(&key).copied().filter(|at| merged[*at].finding.message == one.finding.message) {
            let addresses = &mut merged[at].finding.addresses;
            for address in one.finding.addresses {
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        } else {
            seen.insert(key, merged.len());
            merged.push(one);
        }
    }
    merged
}
