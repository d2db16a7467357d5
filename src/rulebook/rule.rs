//! One rule's file.

use crate::{ConditionSource, Example, Judged, RuleError, examples, fence, front_matter};
use plimsoll_finding::RuleMeta;

/// A rule as its Markdown file says it.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// The file, as it was named to [`Rule::parse`].
    pub path: String,
    /// Front matter and prose.
    pub meta: RuleMeta,
    /// What it judges.
    pub judged: Judged,
    /// What a node must hold for the rule to be asked.
    pub needs: Needs,
    /// The relations it follows.
    pub relations: Vec<String>,
    /// Where its logic is.
    pub logic: Logic,
    /// Its examples, in order.
    pub examples: Vec<Example>,
}

/// What a node must hold for a rule to be asked about it: `needs-command` and `needs-text` of its front matter. They save time only:
/// the rule must find nothing where they are not met.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// Programs of which one is called, by name with or without its version. Empty: any.
    pub commands: Vec<String>,
    /// Texts of which one is written. Empty: any.
    pub text: Vec<String>,
}

/// Where a rule's logic is.
#[derive(Clone, PartialEq, Debug)]
pub enum Logic {
    /// A Rust function of the same name.
    Function,
    /// A condition in the front matter.
    Condition(Box<ConditionSource>),
}

impl Rule {
    /// Reads a rule. `path` is named in errors and ends in `<namespace>/<name>.md`, which is the id; `target` is what the folder judges, or
    /// `None` where the front matter must say it (users' own rules). All faults are given, in order of their lines.
    pub fn parse(path: &str, target: Option<&str>, text: &str) -> Result<Self, Vec<RuleError>> {
        let parts = fence::split(text).map_err(|(line, cause)| vec![RuleError::new(path, line, cause)])?;
        let mut faults = vec![];
        let front = front_matter::read(path, target, &parts, &mut faults);
        let examples = examples::read(&parts.sections, front.as_ref().map_or(target.unwrap_or_default(), |front| &front.meta.target));
        let examples = examples.map_err(|more| faults.extend(more.into_iter().map(|(line, cause)| RuleError::new(path, line, cause))));
        if let (Some(front), Ok(examples)) = (&front, &examples) {
            let missing = examples::missing(examples, front.meta.fix);
            faults.extend(missing.into_iter().map(|cause| RuleError::new(path, 0, cause)));
        }
        match (front, examples) {
            (Some(front), Ok(examples)) if faults.is_empty() => {
                let front_matter::FrontMatter { meta, judged, needs, relations, logic } = front;
                Ok(Self { path: path.to_owned(), meta, judged, needs, relations, logic, examples })
            }
            _ => {
                faults.sort();
                Err(faults)
            }
        }
    }

    /// The part of the id after the slash.
    pub fn name(&self) -> &str {
        self.meta.id.split_once('/').map_or(&*self.meta.id, |(_, name)| name)
    }
}
