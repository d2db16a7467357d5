use crate::options::TopLevelOrder;
use crate::order;
use plimsoll_sdk::compose::{Fix, Project, Report};

pub fn check(project: Project, options: &TopLevelOrder, report: &mut Report) {
    let map = project.node();
    let Some(entries) = order::entries_written(map) else { return };
    let rank = |key: &str| if key.starts_with("x-") { 0 } else { 1 + options.keys.iter().position(|known| known == key).unwrap_or(options.keys.len()) };
    let ranks: Vec<usize> = entries.iter().map(|(key, _)| rank(key)).collect();
    let (Some(new), Some(late)) = (order::by_rank(&ranks), ranks.windows(2).position(|pair| pair[0] > pair[1]).map(|at| at + 1)) else { return };
    let spans: Vec<_> = entries.iter().map(|(_, span)| *span).collect();
    let draft = report.here().span(spans[late]).message(format!("`{}` stands behind `{}`", entries[late].0, entries[late - 1].0));
    if let Some(text) = order::arranged(map, &spans, &new) {
        draft.fix(Fix::unsafe_("sort the keys").replace_source(map, text));
    }
}
