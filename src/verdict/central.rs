//! `[[waiver]]` of the configuration, resolved.

use crate::selector::{Catalogue, wildcard};
use jiff::civil::Date;
use plimsoll_config::{CentralWaiver, Config, Origin, Problem};
use plimsoll_finding::{Finding, Location, Position, Range, Waived};
use plimsoll_source::PathGlobs;
use std::path::Path;
use std::sync::Arc;

/// A waiver of the configuration.
#[derive(Debug)]
pub(crate) struct Central {
    /// Indices of rules, ascending.
    pub(crate) rules: Vec<usize>,
    /// Selectors that name nothing, and where they stand.
    pub(crate) unknown: Vec<(String, Location)>,
    pub(crate) expired: bool,
    pub(crate) at: Location,
    pub(crate) names: String,
    paths: Option<PathGlobs>,
    written: CentralWaiver,
}

impl Central {
    pub(crate) fn all(catalogue: &Catalogue, config: &Config, root: &Path, today: Date, problems: &mut Vec<Problem>) -> Vec<Self> {
        let mut all = Vec::new();
        for written in config.waivers() {
            let globs: Vec<String> = written.paths.iter().map(|glob| glob.value.clone()).collect();
            let paths = match PathGlobs::new(&globs) {
                Ok(paths) => Some(paths).filter(|_| !globs.is_empty()),
                Err(error) => {
                    problems.push(Problem::error(&written.origin, error.to_string()));
                    continue;
                }
            };
            let mut rules = Vec::new();
            let mut unknown = Vec::new();
            for selector in &written.rules {
                match catalogue.cover(&selector.value) {
                    Some(covered) => rules.extend(covered),
                    None => unknown.push((selector.value.clone(), location(&selector.origin, root))),
                }
            }
            rules.sort_unstable();
            rules.dedup();
            all.push(Self {
                rules,
                unknown,
                expired: written.until.is_some_and(|until| until < today),
                at: location(written.rules.first().map_or(&written.origin, |selector| &selector.origin), root),
                names: written.rules.iter().map(|selector| selector.value.as_str()).collect::<Vec<_>>().join(", "),
                paths,
                written: written.clone(),
            });
        }
        all
    }

    /// Whether it covers a finding: rule, path of the site, and every address of it.
    pub(crate) fn covers(&self, rule: usize, finding: &Finding) -> bool {
        let resource = self.written.resource.as_deref();
        self.rules.binary_search(&rule).is_ok()
            && self.paths.as_ref().is_none_or(|paths| paths.matches(&finding.site.path))
            && resource
                .is_none_or(|pattern| !finding.addresses.is_empty() && finding.addresses.iter().all(|address| within(pattern, address)))
    }

    pub(crate) fn waived(&self) -> Waived {
        Waived {
            by: "config".into(),
            at: Some(self.at.clone()),
            reason: self.written.reason.clone(),
            owner: self.written.owner.clone(),
            until: self.until(),
            ticket: self.written.ticket.clone(),
        }
    }

    pub(crate) fn until(&self) -> Option<String> {
        self.written.until.map(|until| until.to_string())
    }
}

/// Whether an address is the resource, or lies inside it.
fn within(pattern: &str, address: &str) -> bool {
    if wildcard(pattern, address) {
        return true;
    }
    let boundaries = address.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'.' | b'[' | b'#')).map(|(at, _)| at).take(64);
    boundaries.into_iter().any(|at| wildcard(pattern, &address[..at]))
}

/// Where a setting stands, as findings have it: relative to the project root.
fn location(origin: &Origin, root: &Path) -> Location {
    let Origin::File { path, start, end, line, column } = origin else {
        let first = Position { line: 1, column: 1, offset: 0 };
        return Location { path: Arc::from("plimsoll.toml"), range: Range { start: first, end: first } };
    };
    let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let first = Position { line: *line, column: *column, offset: *start };
    let last = Position { line: *line, column: column + end.saturating_sub(*start), offset: *end };
    Location { path: Arc::from(relative), range: Range { start: first, end: last } }
}
