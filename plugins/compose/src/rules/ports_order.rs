use crate::order;
use plimsoll_sdk::compose::{Fix, Report, Service, Span};

pub fn check(service: Service, report: &mut Report) {
    let Some(whole) = service.ports().node() else { return };
    let mut parts: Vec<(Span, u32)> = vec![];
    for port in service.ports() {
        // A range stands as one port each, all at one place.
        if parts.last().is_some_and(|(span, _)| *span == port.node().span()) {
            continue;
        }
        let published = port.published().known().and_then(|text| text.split('-').next()?.parse().ok());
        let number = published.or_else(|| port.published().is_absent().then(|| port.target().known().map(|target| target as u32))?);
        let Some(number) = number else { return };
        parts.push((port.node().span(), number));
    }
    let numbers: Vec<u32> = parts.iter().map(|(_, number)| *number).collect();
    let (Some(new), Some(late)) = (order::by_rank(&numbers), numbers.windows(2).position(|pair| pair[0] > pair[1]).map(|at| at + 1)) else { return };
    let spans: Vec<Span> = parts.iter().map(|(span, _)| *span).collect();
    let draft = report.here().span(spans[late]).message(format!("port {} stands behind {}", numbers[late], numbers[late - 1]));
    let short = service.ports().iter().all(|port| port.facts().short().is(true).is_true());
    if let Some(text) = order::arranged(whole, &spans, &new).filter(|_| short) {
        draft.fix(Fix::unsafe_("sort the ports").replace_source(whole, text));
    }
}
