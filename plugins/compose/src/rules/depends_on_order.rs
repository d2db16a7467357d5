use crate::order;
use plimsoll_sdk::compose::{Fix, Report, Service, Span};

pub fn check(service: Service, report: &mut Report) {
    let Some(whole) = service.depends_on().node() else { return };
    let list = whole.source_text().trim_start().starts_with('-');
    let mut entries: Vec<(&str, Span)> = service.depends_on().entries().map(|entry| (entry.key(), entry.key_span().unwrap_or_else(|| entry.node().span()))).collect();
    if !entries.iter().all(|(_, span)| whole.span().contains(*span)) {
        return;
    }
    entries.sort_by_key(|(_, span)| span.start);
    let names: Vec<&str> = entries.iter().map(|(name, _)| *name).collect();
    let (Some(new), Some(late)) = (order::by_rank(&names), names.windows(2).position(|pair| pair[0] > pair[1]).map(|at| at + 1)) else { return };
    let draft = report.here().span(entries[late].1).message(format!("`{}` stands behind `{}`", names[late], names[late - 1]));
    let spans: Option<Vec<Span>> = if list { Some(entries.iter().map(|(_, span)| *span).collect()) } else { order::entries(whole).map(|all| all.into_iter().map(|(_, span)| span).collect()) };
    if let Some(text) = spans.and_then(|spans| order::arranged(whole, &spans, &new)) {
        draft.fix(Fix::unsafe_("sort them").replace_source(whole, text));
    }
}
