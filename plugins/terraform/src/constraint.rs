//! Version constraints: `>= 1.5, < 2.0`.

/// One part of a constraint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Part<'a> {
    /// `=`, `!=`, `>`, `>=`, `<`, `<=` or `~>`.
    pub(crate) operator: &'a str,
    /// The version's numbers.
    pub(crate) numbers: Vec<u64>,
}

/// The parts of a constraint; nothing if it is none.
pub(crate) fn parts(constraint: &str) -> Option<Vec<Part<'_>>> {
    constraint.split(',').map(part).collect()
}

fn part(text: &str) -> Option<Part<'_>> {
    let text = text.trim();
    let at = text.find(|c: char| !matches!(c, '=' | '!' | '<' | '>' | '~')).unwrap_or(text.len());
    let (operator, version) = text.split_at(at);
    let version = version.trim().trim_start_matches('v');
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Option<Vec<u64>> = core.split('.').map(|number| number.parse().ok()).collect();
    Some(Part { operator: if operator.is_empty() { "=" } else { operator }, numbers: numbers? })
}

/// Whether a constraint has an upper bound; nothing if it is no constraint.
pub(crate) fn is_bounded(constraint: &str) -> Option<bool> {
    Some(parts(constraint)?.iter().any(|part| matches!(part.operator, "=" | "~>" | "<" | "<=")))
}

/// `>= 5.31.2` as `~> 5.31`, where it is one lower bound and nothing else.
pub(crate) fn bounded(constraint: &str) -> Option<String> {
    let parts = parts(constraint)?;
    let [Part { operator: ">=" | ">", numbers }] = parts.as_slice() else { return None };
    Some(format!("~> {}.{}", numbers.first()?, numbers.get(1).unwrap_or(&0)))
}

/// Whether every version that a constraint admits is at least this one.
pub(crate) fn is_at_least(constraint: &str, major: u64, minor: u64) -> bool {
    parts(constraint).into_iter().flatten().any(|part| {
        let version = (part.numbers.first().copied().unwrap_or(0), part.numbers.get(1).copied().unwrap_or(0));
        matches!(part.operator, "=" | "~>" | ">=" | ">") && version >= (major, minor)
    })
}

#[cfg(test)]
mod tests {
    use super::{bounded, is_at_least, is_bounded};

    #[test]
    fn upper_bounds_are_known() {
        for constraint in ["~> 5.0", "5.31.0", "= 5.31.0", ">= 5.0, < 6.0", "<=6"] {
            assert_eq!(is_bounded(constraint), Some(true), "{constraint}");
        }
        for constraint in [">= 5.0", ">5", ">= 5.0, != 5.2.0"] {
            assert_eq!(is_bounded(constraint), Some(false), "{constraint}");
        }
        assert_eq!(is_bounded("latest"), None);
    }

    #[test]
    fn a_lower_bound_becomes_a_range_of_minor_versions() {
        assert_eq!(bounded(">= 5.31.2").as_deref(), Some("~> 5.31"));
        assert_eq!(bounded(">= 5").as_deref(), Some("~> 5.0"));
        assert_eq!(bounded(">= 5, != 5.1"), None);
    }

    #[test]
    fn least_versions_are_compared_by_number() {
        assert!(is_at_least(">= 1.10", 1, 10) && is_at_least("~> 1.11.2", 1, 10) && is_at_least("2.0.0", 1, 10));
        assert!(!is_at_least(">= 1.9", 1, 10) && !is_at_least("< 2.0", 1, 10));
    }
}
