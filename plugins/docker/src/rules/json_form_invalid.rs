use plimsoll_sdk::docker::{Fix, Instruction, Json, Report};

/// Quotes that are meant as such, with their closing ones.
const QUOTES: [(char, char); 4] = [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’')];

pub fn check(instruction: Instruction, report: &mut Report) {
    if !instruction.form().is("shell").is_true() {
        return;
    }
    let Some(text) = instruction.script().text().known().map(str::trim) else { return };
    let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return };
    // `[ "$A" = "b" ]` is a test.
    if !inner.trim_start().starts_with(QUOTES.map(|(open, _)| open)) || inner.starts_with(' ') && !inner.contains(',') {
        return;
    }
    let keyword = instruction.keyword().known().unwrap_or_default();
    let draft = report.at(instruction).message(format!("{keyword} looks like a list, but is not valid JSON, so a shell runs it as text"));
    let plain = matches!(keyword, "CMD" | "ENTRYPOINT" | "RUN") && instruction.flags().is_absent();
    if let Some(elements) = elements(inner).filter(|_| plain) {
        let list: Vec<String> = elements.into_iter().map(|element| Json::from(element).to_string()).collect();
        draft.fix(Fix::safe("write it as JSON").set(instruction, "", format!("{keyword} [{}]", list.join(", "))));
    }
}

/// The quoted parts of a list that went wrong in its quotes and commas only.
fn elements(mut rest: &str) -> Option<Vec<String>> {
    let mut found = vec![];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let Some(first) = rest.chars().next() else { return Some(found) };
        let (_, close) = QUOTES.iter().find(|(open, _)| *open == first)?;
        let inner = &rest[first.len_utf8()..];
        let end = inner.find(*close)?;
        let element = &inner[..end];
        if element.contains(['\\', '"', '$']) {
            return None;
        }
        found.push(element.to_owned());
        rest = &inner[end + close.len_utf8()..];
    }
}
