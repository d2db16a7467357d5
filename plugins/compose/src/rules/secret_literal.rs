use crate::service::label;
use plimsoll_sdk::compose::{Project, Report, Span};
use plimsoll_sdk::credential::{self, Found};

pub fn check(project: Project, report: &mut Report) {
    let doc = project.node().doc();
    let mut elsewhere: Vec<Span> = vec![];
    for (_, service) in project.services().iter() {
        elsewhere.extend(service.environment().entries().chain(service.build().args().entries()).map(|entry| entry.node().span()));
    }
    for file in project.facts().files() {
        if file.role().is_any(&["dotenv", "env-file"]).is_true() {
            continue;
        }
        let source = file.node().span().source;
        for Found { start, end, what } in credential::find(doc.source_text(source)) {
            let at = Span::new(source, start as u32, end as u32);
            if !elsewhere.iter().any(|span| span.contains(at)) {
                report.here().span(at).message(format!("{what} is written out")).secret_span(at);
            }
        }
    }
    for (_, service) in project.services().iter() {
        let words: Vec<_> = service.command().items().collect();
        for pair in words.windows(2) {
            let (Some(flag), Some(value)) = (pair[0].value().known(), pair[1].value().known()) else { continue };
            if flag.starts_with("--") && credential::is_named_so(flag) && credential::is_random(value) {
                report.at(pair[1]).message(format!("{} is given a credential as `{flag}`", label(service))).secret(pair[1]);
            }
        }
    }
}
