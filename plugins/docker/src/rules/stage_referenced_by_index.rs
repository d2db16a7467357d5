use plimsoll_sdk::docker::{Dockerfile, Fix, Instruction, Report, Stage, View as _};

pub fn check(copy: Instruction, report: &mut Report) {
    let Some(from) = copy.flags().from().known() else { return };
    if !from.is_empty() && from.bytes().all(|digit| digit.is_ascii_digit()) {
        let draft = report.at(copy).message(format!("`--from={from}` counts stages, and means another one when a stage is added before it"));
        if let Some(fix) = fix(copy) {
            draft.fix(fix);
        }
    }
}

/// Calls the stage by its name; one without gets that of its image.
fn fix<'a>(copy: Instruction<'a>) -> Option<Fix<'a>> {
    let stage = copy.facts().copies().known()?;
    let stage = Stage::from_node(stage.node().target());
    let flag = copy.flags().from().node()?;
    if let Some(name) = stage.name().known() {
        return Some(Fix::safe(format!("call it `{name}`")).set(flag, "", name));
    }
    let name = stage.from().image().name().known()?.to_ascii_lowercase();
    let file = Dockerfile::from_node(copy.node().doc().root());
    let taken = file.stages().iter().any(|other| other.name().is(name.as_str()).is_true() || other.from().image().reference().is(name.as_str()).is_true());
    let from = stage.from().known()?;
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    let text = from.node().source_text();
    (plain && !taken && !text.contains(['\n', '#'])).then(|| {
        Fix::safe(format!("call the stage `{name}`")).set(from, "", format!("{text} AS {name}")).set(flag, "", name.as_str())
    })
}
