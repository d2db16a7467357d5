//! How often each rule fired.

use crate::Report;
use std::collections::BTreeMap;

pub(crate) fn print(report: &Report<'_>) -> String {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for finding in report.findings {
        let count = counts.entry(&finding.rule).or_default();
        count.0 += 1;
        count.1 += usize::from(finding.fixes.iter().any(|fix| fix.dropped.is_none()));
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|a, b| (b.1.0, a.0).cmp(&(a.1.0, b.0)));
    let title = |rule: &str| report.rules.iter().find(|meta| meta.id == rule).map_or("", |meta| meta.title.as_str());
    rows.iter().fold(String::new(), |out, (rule, (count, fixable))| {
        let fixable = if *fixable > 0 { format!(" ({fixable} fixable)") } else { String::new() };
        out + &format!("{count:>6}  {rule:<44} {}{fixable}\n", title(rule))
    })
}
