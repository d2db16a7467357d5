use plimsoll_sdk::docker::{Dockerfile, Instruction, Report, Span};

pub fn check(file: Dockerfile, report: &mut Report) {
    let text = file.node().doc().source_text(0);
    let comments: Vec<(Span, &str)> = file.facts().comments().items().filter_map(|item| Some((item.span(), item.value().known()?))).collect();
    let mut named: Vec<(Instruction, &str)> = vec![];
    for arg in file.args() {
        named.extend(arg.pairs().first().key().known().map(|name| (arg, name)));
    }
    for stage in file.stages() {
        named.extend(stage.from().known().zip(stage.name().known()));
        named.extend(stage.each("ARG").filter_map(|arg| Some((arg, arg.pairs().first().key().known()?))));
    }
    for (instruction, name) in named {
        let start = instruction.node().span().start;
        // The lines right above it, the first of which says what it is about.
        let mut first: Option<(Span, &str)> = None;
        let mut below = start;
        for (span, comment) in comments.iter().rev().filter(|(span, _)| span.end <= start) {
            let between = text.get(span.end as usize..below as usize).unwrap_or_default();
            if between.matches('\n').count() != 1 || !between.trim().is_empty() {
                break;
            }
            first = Some((*span, comment));
            below = span.start;
        }
        if let Some((span, comment)) = first.filter(|(_, comment)| !comment.starts_with(name) && !comment.is_empty()) {
            let shown: String = comment.chars().take(40).collect();
            report.at(instruction).span(span).message(format!("the comment on `{name}` does not begin with its name: `{shown}`"));
        }
    }
}
