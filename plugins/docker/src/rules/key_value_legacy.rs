use plimsoll_sdk::docker::{Fix, Instruction, Report};

pub fn check(instruction: Instruction, report: &mut Report) {
    let pairs = instruction.pairs();
    let (Some(1), Some(pair)) = (pairs.count(), pairs.first().known()) else { return };
    let (Some(key), Some(value), Some(text)) = (pair.key().node(), pair.value().node(), instruction.text().known()) else { return };
    let between = key.span().end as usize..value.span().start as usize;
    let old = key.doc().source_text(key.span().source).get(between).is_some_and(|text| !text.is_empty() && !text.contains(['=', '"', '\'']));
    if !old {
        return;
    }
    let keyword = instruction.keyword().known().unwrap_or_default();
    let name = key.source_text();
    let draft = report.at(instruction).message(format!("{keyword} `{name}` has the old form without `=`"));
    // What the text holds is read alike in both forms only as long as no quote or escape is in it.
    let raw = text.strip_prefix(name).map(str::trim).filter(|raw| !raw.contains(['\\', '\'', '`', '\n']));
    let Some(raw) = raw else { return };
    let quoted = raw.len() > 1 && raw.starts_with('"') && raw.ends_with('"') && raw.matches('"').count() == 2;
    let written = match (raw.contains('"'), raw.contains([' ', '\t'])) {
        (true, _) if !quoted => return,
        (false, true) => format!("\"{raw}\""),
        _ => raw.to_owned(),
    };
    draft.fix(Fix::safe("write it with `=`").set(instruction, "", format!("{keyword} {name}={written}")));
}
