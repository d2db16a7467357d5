//! One walk over a document, calling for each node the rules that judge its type.

use crate::Judges;
use crate::names::Names;
use crate::needs::{Needs, Sight, Written};
use plimsoll_document::{Kind, Node, Symbol, schema, schema::Lead};

/// Which rules judge which types, and which types lead to them. Built once per instance; what is enabled may change between units.
pub(crate) struct Plan {
    judges: Vec<Judges>,
    needs: Needs,
    /// Per rule the place of the type it judges.
    judged: Vec<Option<u16>>,
    enabled: Vec<u32>,
    /// Per type of the schema.
    types: Vec<TypePlan>,
}

#[derive(Default)]
struct TypePlan {
    /// Enabled rules that judge every node of the type.
    every: Vec<u32>,
    /// Enabled rules that judge some of them, by the deciding field.
    some: Vec<Deciding>,
    /// The fields that lead to a judged type.
    fields: Vec<Lead>,
}

/// A field that decides which rules judge a node: `keyword`, `type`.
struct Deciding {
    field: &'static str,
    /// Its number, if it is a key of the schema.
    symbol: Option<Symbol>,
    /// The values that rules want.
    values: Names,
    /// The rules that want each.
    rules: Vec<Vec<u32>>,
}

impl TypePlan {
    fn want(&mut self, field: &'static str, values: &[&'static str], rule: u32) {
        let at = self.some.iter().position(|deciding| deciding.field == field).unwrap_or_else(|| {
            let symbol = schema::KEYS.iter().position(|key| *key == field).map(|at| Symbol(at as u32 + 1));
            self.some.push(Deciding { field, symbol, values: Names::new(), rules: vec![] });
            self.some.len() - 1
        });
        let Deciding { values: known, rules, .. } = &mut self.some[at];
        for value in values {
            let place = known.add(value);
            if rules.len() <= place {
                rules.push(vec![]);
            }
            rules[place].push(rule);
        }
    }
}

impl Plan {
    pub(crate) fn new(judges: impl Iterator<Item = Judges>) -> Self {
        let judges: Vec<Judges> = judges.collect();
        let place = |judges: &Judges| schema::TYPES.iter().position(|ty| ty.target == judges.target && ty.name == judges.ty);
        let judged = judges.iter().map(|judges| place(judges).map(|at| at as u16)).collect();
        Self { needs: Needs::new(&judges), judges, judged, enabled: vec![], types: vec![] }
    }

    /// Sets the enabled rules. A reused instance gets the same list call after call, so that case costs a comparison.
    pub(crate) fn enable(&mut self, enabled: &[u32]) {
        if are_equal(&self.enabled, enabled) && !self.types.is_empty() {
            return;
        }
        enabled.clone_into(&mut self.enabled);
        self.types = schema::TYPES.iter().map(|_| TypePlan::default()).collect();
        for rule in enabled {
            let Some(judges) = self.judges.get(*rule as usize) else { continue };
            let Some(ty) = self.judged[*rule as usize] else { continue };
            let plan = &mut self.types[ty as usize];
            match judges.only {
                None => plan.every.push(*rule),
                Some((field, values)) => plan.want(field, values, *rule),
            }
        }
        self.find_ways();
    }

    /// Marks the fields that lead to a judged type, backwards from those types until nothing changes.
    fn find_ways(&mut self) {
        let mut needed: Vec<bool> = self.types.iter().map(|plan| !plan.every.is_empty() || !plan.some.is_empty()).collect();
        loop {
            let mut grown = false;
            for (at, ty) in schema::TYPES.iter().enumerate() {
                if !needed[at] && ty.leads.iter().any(|lead| needed[lead.ty as usize]) {
                    needed[at] = true;
                    grown = true;
                }
            }
            if !grown {
                break;
            }
        }
        for (plan, ty) in self.types.iter_mut().zip(schema::TYPES) {
            plan.fields = ty.leads.iter().copied().filter(|lead| needed[lead.ty as usize]).collect();
        }
    }

    /// Calls `judge` for each enabled rule and node it judges: nodes in the order they are written, then those that only facts lead to.
    pub(crate) fn walk<'a>(&self, target: &str, root: Node<'a>, judge: impl FnMut(u32, Node<'a>)) {
        let Some(ty) = schema::TYPES.iter().position(|ty| ty.target == target) else { return };
        let mut walk = Walk { plan: self, judge, facts: vec![], seen: vec![], written: Written::default() };
        walk.node(root, ty as u16);
        // Refs are followed last and once: what they refer to mostly stands in the tree and was met there.
        let mut facts = core::mem::take(&mut walk.facts);
        while !facts.is_empty() {
            for (node, ty) in facts {
                let node = node.target();
                if !walk.was_seen(node) {
                    walk.node(node, ty);
                }
            }
            facts = core::mem::take(&mut walk.facts);
        }
    }
}

struct Walk<'p, 'a, J> {
    plan: &'p Plan,
    judge: J,
    facts: Vec<(Node<'a>, u16)>,
    /// One bit per node that was met.
    seen: Vec<u64>,
    written: Written,
}

impl<'a, J: FnMut(u32, Node<'a>)> Walk<'_, 'a, J> {
    fn was_seen(&self, node: Node<'a>) -> bool {
        let index = node.index() as usize;
        self.seen.get(index / 64).is_some_and(|bits| bits >> (index % 64) & 1 == 1)
    }

    fn see(&mut self, node: Node<'a>) -> bool {
        let index = node.index() as usize;
        if self.seen.is_empty() {
            self.seen = vec![0; node.doc().node_count() as usize / 64 + 1];
        }
        let bits = &mut self.seen[index / 64];
        let new = *bits >> (index % 64) & 1 == 0;
        *bits |= 1 << (index % 64);
        new
    }

    /// The depth is bounded by the tree's, which the host bounds.
    fn node(&mut self, node: Node<'a>, ty: u16) {
        if node.kind() != Kind::Map || !self.see(node) {
            return;
        }
        let plan = &self.plan.types[ty as usize];
        let mut sight = Sight::new(node);
        for rule in &plan.every {
            self.ask(*rule, node, &mut sight);
        }
        self.some(plan, node, &mut sight);
        if plan.fields.is_empty() {
            return;
        }
        for child in node.children() {
            let symbol = child.key_symbol();
            if let Some(lead) = plan.fields.iter().find(|lead| lead.symbol == symbol) {
                self.step(child, *lead);
            }
        }
    }

    fn ask(&mut self, rule: u32, node: Node<'a>, sight: &mut Sight<'a>) {
        if self.in_list(rule, node) && self.plan.needs.are_met(rule, sight, &mut self.written) {
            (self.judge)(rule, node);
        }
    }

    fn some(&mut self, plan: &TypePlan, node: Node<'a>, sight: &mut Sight<'a>) {
        for deciding in &plan.some {
            let found = deciding.symbol.map_or_else(|| node.get_text(deciding.field), |symbol| node.get(symbol));
            let Some(value) = found.known().and_then(Node::as_str) else { continue };
            let Some(place) = deciding.values.place(value) else { continue };
            for rule in &deciding.rules[place] {
                self.ask(*rule, node, sight);
            }
        }
    }

    fn in_list(&self, rule: u32, node: Node<'a>) -> bool {
        self.plan.judges[rule as usize].list.is_none_or(|list| node.parent().is_some_and(|parent| parent.key() == list))
    }

    fn step(&mut self, node: Node<'a>, step: Lead) {
        if step.nesting > 0 {
            let inner = Lead { nesting: step.nesting - 1, ..step };
            node.children().for_each(|child| self.step(child, inner));
        } else if step.fact || node.is_ref() {
            self.facts.push((node, step.ty));
        } else {
            self.node(node, step.ty);
        }
    }
}

/// Whether two lists are equal, eight numbers a turn: a comparison of memory goes byte by byte here (3,650 instructions for 98 rules).
fn are_equal(one: &[u32], other: &[u32]) -> bool {
    let (one, one_rest) = one.as_chunks::<8>();
    let (other, other_rest) = other.as_chunks::<8>();
    one.len() == other.len()
        && one_rest == other_rest
        && one.iter().zip(other).all(|(one, other)| (0..8).fold(0, |all, at| all | (one[at] ^ other[at])) == 0)
}
