use plimsoll_sdk::docker::{Dockerfile, Fix, Instruction, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    let escape = file.facts().escape().known().unwrap_or("\\");
    if !continues_over_empty_line(file.node().source_text(), escape) {
        return;
    }
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

/// Whether behind a line that ends with the escape character, and comments below it, there may be an empty one: one look at a file instead
/// of one at each of its instructions.
fn continues_over_empty_line(source: &str, escape: &str) -> bool {
    // A search for a character takes several bytes a turn, other loops one, and in a sandbox each turn is dear.
    let behind = |at: usize, c: char| source.get(at..).and_then(|rest| rest.find(c)).map(|found| at + found + 1);
    let Some(escape) = escape.chars().next().filter(char::is_ascii) else { return false };
    let bytes = source.as_bytes();
    let behind_blanks = |mut at: usize| {
        while bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)) {
            at += 1;
        }
        at
    };
    // Other characters than those of ASCII may be blanks too.
    let ends = |at: usize| bytes.get(at).is_some_and(|byte| *byte == b'\n' || !byte.is_ascii());
    let mut at = 0;
    while let Some(next) = behind(at, escape) {
        at = behind_blanks(next);
        if !ends(at) {
            continue;
        }
        if bytes[at] != b'\n' {
            return true;
        }
        at = behind_blanks(at + 1);
        while bytes.get(at) == Some(&b'#') {
            at = behind_blanks(behind(at, '\n').unwrap_or(bytes.len()));
        }
        if ends(at) {
            return true;
        }
    }
    false
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
    // What a heredoc says is another language's, an ONBUILD's too.
    let heredoc = |of: Instruction| of.heredocs().items().next().map(|heredoc| (heredoc.span().start - start) as usize);
    let end = heredoc(instruction).or_else(|| heredoc(instruction.trigger().known()?)).unwrap_or(source.len());
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
