//! A plugin: its rules, its options, and one session per instance.

use crate::walk::Plan;
use crate::{Finding, Fix, Json, Report, Unit};
use plimsoll_condition::{CompiledRule, Relations};
use plimsoll_document::{Doc, Node, OpKind, Symbol, schema};

/// A plugin's rules and options. One static of this type is generated per plugin.
pub struct Plugin<O: 'static> {
    /// Its name, which is the namespace of its rules.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its rules. Findings and `enabled` count them from 0.
    pub rules: &'static [Rule<O>],
    /// Sets a rule's options from settings; what is wrong with them is pushed with a pointer below the rule. Gives all the rule's options,
    /// defaults included, for conditions.
    pub set: fn(options: &mut O, rule: usize, settings: &Json, problems: &mut Vec<Problem>) -> Json,
}

/// A rule of a plugin.
pub struct Rule<O: 'static> {
    /// Its id: `docker/user-root`.
    pub id: &'static str,
    /// Its front matter as JSON.
    pub metadata: &'static str,
    /// The relations it follows.
    pub relations: &'static [&'static str],
    /// What it judges.
    pub judges: Judges,
    /// What it does with each.
    pub check: Check<O>,
}

/// What a rule judges.
#[derive(Clone, Copy, Debug)]
pub struct Judges {
    /// The target: `docker`.
    pub target: &'static str,
    /// A type of that target's schema: `Stage`, `Resource`.
    pub ty: &'static str,
    /// The list that the node must be an item of, if only some of the type are meant: `resources`, not `data`.
    pub list: Option<&'static str>,
    /// The field that tells the wanted ones, and its values: (`type`, [`aws_s3_bucket`]). Empty: all of the type.
    pub only: Option<(&'static str, &'static [&'static str])>,
    /// Of instructions and stages: programs of which one must be called for the rule to have anything to say, by name with or without its version
    /// (`pip` for `pip3.12`). Empty: any. A shortcut, and a promise: the rule would find nothing elsewhere.
    pub commands: &'static [&'static str],
    /// Texts of which one must be written in the node. Empty: any. A shortcut, and a promise, too.
    pub text: &'static [&'static str],
}

/// The code of a rule.
#[derive(Clone, Copy)]
pub enum Check<O: 'static> {
    /// A Rust function.
    Function(for<'a> fn(Node<'a>, &O, &mut Report<'a>)),
    /// A condition, compiled by the build.
    Condition(&'static [u8]),
}

/// Something wrong with settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// JSON Pointer into the settings.
    pub pointer: String,
    /// What, as a lowercase fragment.
    pub message: String,
}

impl Problem {
    /// A problem at a pointer.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

/// A plugin with its options: what an instance keeps between calls.
pub struct Session<O: 'static> {
    plugin: &'static Plugin<O>,
    options: O,
    /// The decoded condition of each rule that has one, and its options.
    conditions: Vec<Option<(CompiledRule, Json)>>,
    /// The rules whose options are not the defaults.
    configured: Vec<usize>,
    names: Vec<(&'static str, Symbol)>,
    plan: Plan,
}

impl<O: Default> Session<O> {
    /// A session with default options and the schema's own symbols.
    pub fn new(plugin: &'static Plugin<O>) -> Self {
        let table = |key: &str| schema::KEYS.iter().position(|known| *known == key).map_or(Symbol::OTHER, |at| Symbol(at as u32 + 1));
        let names = keys(plugin).into_iter().map(|key| (key, table(key))).collect();
        let mut options = O::default();
        let conditions = plugin.rules.iter().enumerate().map(|(at, rule)| {
            let defaults = (plugin.set)(&mut options, at, &Json::Map(vec![]), &mut vec![]);
            match rule.check {
                Check::Function(_) => None,
                // The build compiled it with this version of the crate, so a refusal can only be a broken build; such a rule judges nothing.
                Check::Condition(bytes) => CompiledRule::decode(bytes).ok().map(|rule| (rule, defaults)),
            }
        });
        let conditions = conditions.collect();
        Self { conditions, plugin, options, configured: vec![], names, plan: Plan::new(plugin.rules.iter().map(|rule| rule.judges)) }
    }

    /// The same session without shortcuts: every rule is asked about every node of its type. What it finds must not differ; tests compare.
    #[must_use]
    pub fn without_shortcuts(mut self) -> Self {
        self.plan = Plan::new(self.plugin.rules.iter().map(|rule| Judges { commands: &[], text: &[], ..rule.judges }));
        self
    }

    /// The plugin.
    pub const fn plugin(&self) -> &'static Plugin<O> {
        self.plugin
    }

    /// Keys and relation names the plugin wants as symbols, for the manifest.
    pub fn keys(&self) -> Vec<&'static str> {
        self.names.iter().map(|(name, _)| *name).collect()
    }

    /// Takes the run's options (`{"docker/user-root": {"allow": ["app"]}}`; rules of other plugins are passed over) and one symbol per key.
    /// An empty text means no options.
    pub fn configure(&mut self, settings: &str, symbols: &[u32]) -> Result<(), Vec<Problem>> {
        for ((_, symbol), number) in self.names.iter_mut().zip(symbols) {
            *symbol = Symbol(*number);
        }
        for at in core::mem::take(&mut self.configured) {
            self.set(at, &Json::Map(vec![]), &mut vec![]);
        }
        let settings = match settings.trim() {
            "" => Json::Map(vec![]),
            text => Json::parse(text).map_err(|error| vec![Problem::new("", format!("settings are not JSON: {error}"))])?,
        };
        let Json::Map(entries) = settings else { return Err(vec![Problem::new("", "settings must be an object of rules")]) };
        let mut problems = vec![];
        for (id, value) in entries {
            let Some(at) = self.plugin.rules.iter().position(|rule| rule.id == id) else { continue };
            let base = format!("/{}", id.replace('~', "~0").replace('/', "~1"));
            let from = problems.len();
            if matches!(value, Json::Map(_)) {
                self.set(at, &value, &mut problems);
                self.configured.push(at);
            } else {
                problems.push(Problem::new("", "options must be an object"));
            }
            for problem in &mut problems[from..] {
                problem.pointer.insert_str(0, &base);
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn set(&mut self, at: usize, settings: &Json, problems: &mut Vec<Problem>) {
        let all = (self.plugin.set)(&mut self.options, at, settings, problems);
        if let Some((_, options)) = &mut self.conditions[at] {
            *options = all;
        }
    }

    /// Judges one unit with the rules whose numbers are in `enabled`. A unit of another target has no findings.
    /// What conditions could not evaluate comes along, each as `id:line: cause`.
    pub fn check(&mut self, target: &str, documents: Vec<Doc<'_>>, edges: &[u32], enabled: &[u32]) -> (Vec<Finding>, Vec<String>) {
        let unit = Unit::new(documents, edges, &self.names);
        self.plan.enable(enabled);
        let Some(root) = unit.documents().first().map(|doc| doc.root()) else { return (vec![], vec![]) };
        let mut report = Report::new(&unit, root);
        self.plan.walk(target, root, |rule, node| {
            report.turn_to(rule, node);
            match &self.plugin.rules[rule as usize].check {
                Check::Function(check) => check(node, &self.options, &mut report),
                Check::Condition(_) => {
                    if let Some((condition, options)) = &self.conditions[rule as usize] {
                        judge(condition, options, node, &unit, &mut report);
                    }
                }
            }
        });
        let rules = self.plugin.rules;
        let (findings, failures) = report.finish();
        (findings, failures.into_iter().map(|(rule, line, cause)| format!("{}:{line}: {cause}", rules[rule as usize].id)).collect())
    }
}

/// Judges a node by a condition.
fn judge<'a>(condition: &'a CompiledRule, options: &'a Json, node: Node<'a>, unit: &'a Unit<'a>, report: &mut Report<'a>) {
    let judgement = condition.judge(node, options, unit);
    if let Some(error) = judgement.error {
        report.failed(error.line, &error.message);
    }
    let Some(found) = judgement.finding else { return };
    let draft = report.at(found.at).message(found.message);
    if let Some(fix) = found.fix {
        let start = if fix.safe { Fix::safe(fix.title) } else { Fix::unsafe_(fix.title) };
        let ops = fix.ops.into_iter().filter_map(|op| Some((OpKind::from_number(op.kind as u8)?, op.key, op.text)));
        draft.fix(ops.fold(start, |all, (kind, key, text)| all.raw_op(kind, node, key, text)));
    }
}

impl<'a> Relations<'a> for Unit<'a> {
    fn relation(&self, from: Node<'a>, name: &str) -> plimsoll_condition::Relation<'a> {
        match self.relation(from, name) {
            crate::Relation::These(ends) => plimsoll_condition::Relation::These(ends),
            crate::Relation::None => plimsoll_condition::Relation::None,
            crate::Relation::Unknown => plimsoll_condition::Relation::Unknown,
        }
    }
}

fn keys<O>(plugin: &Plugin<O>) -> Vec<&'static str> {
    let mut keys: Vec<_> = plugin.rules.iter().flat_map(|rule| rule.relations.iter().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Judges documents in this process, without a sandbox: what tests and benches call. The first document is judged; relations are
/// unknown. `enabled` holds rule numbers; `settings` is as for [`Session::configure`].
pub fn run_natively<O: Default>(
    plugin: &'static Plugin<O>,
    documents: &[&plimsoll_document::Document],
    enabled: &[u32],
    settings: &str,
) -> Result<Vec<Finding>, Vec<Problem>> {
    let mut session = Session::new(plugin);
    session.configure(settings, &[])?;
    let target = documents.first().map_or("", |document| document.target);
    Ok(session.check(target, documents.iter().map(|document| document.doc()).collect(), &[], enabled).0)
}
