use plimsoll_sdk::docker::{Dockerfile, Fix, Instruction, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    let escape = file.facts().escape().known().unwrap_or("\\");
    let stages = file.stages();
    for instruction in file.args().iter().chain(stages.iter().flat_map(|stage| stage.from().known().into_iter().chain(stage.instructions().iter()))) {
        if let Some(text) = without_empty_lines(instruction, escape) {
            let keyword = instruction.keyword().known().unwrap_or_default();
            report
                .at(instruction)
                .message(format!("{keyword} goes on behind an empty line, which will end it one day"))
                .fix(Fix::safe("remove the empty lines").set(instruction, "", text));
        }
    }
}

/// The instruction's text without the empty lines inside it, if there are any.
fn without_empty_lines(instruction: Instruction, escape: &str) -> Option<String> {
    let node = instruction.node();
    let source = node.source_text();
    // Most instructions are one line.
    if !source.contains('\n') {
        return None;
    }
    let start = node.span().start;
    let end = instruction.heredocs().items().next().map_or(source.len(), |heredoc| (heredoc.span().start - start) as usize);
    let (head, body) = source.split_at_checked(end)?;
    if !head.lines().any(|line| line.trim().is_empty()) {
        return None;
    }
    let mut continues = false;
    let mut kept = String::with_capacity(source.len());
    let mut found = false;
    for line in head.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.is_empty() && continues {
            found = true;
            continue;
        }
        if !trimmed.starts_with('#') || !continues {
            continues = trimmed.ends_with(escape);
        }
        kept.push_str(line);
    }
    found.then(|| kept + body)
}
