use crate::order;
use plimsoll_sdk::compose::{Fix, Project, Report};

pub fn check(project: Project, report: &mut Report) {
    let Some(map) = project.services().node() else { return };
    let Some(entries) = order::entries(map) else { return };
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    let Some(new) = order::by_rank(&names) else { return };
    let Some(late) = names.windows(2).position(|pair| pair[0] > pair[1]).map(|at| at + 1) else { return };
    let spans: Vec<_> = entries.iter().map(|(_, span)| *span).collect();
    let draft = report.here().span(spans[late]).message(format!("service `{}` stands behind `{}`", names[late], names[late - 1]));
    if let Some(text) = order::arranged(map, &spans, &new) {
        draft.fix(Fix::unsafe_("sort the services").replace_source(map, text));
    }
}
