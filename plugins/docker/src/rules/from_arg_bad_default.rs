use crate::variables::{PLATFORM, uses};
use plimsoll_sdk::docker::{Dockerfile, Pair, Report, State};

pub fn check(file: Dockerfile, report: &mut Report) {
    if file.args().is_open() {
        return;
    }
    let pairs: Vec<Pair> = file.args().iter().flat_map(|arg| arg.pairs().iter()).collect();
    for stage in file.stages() {
        let Some(from) = stage.from().known() else { continue };
        let Some(image) = from.text().known().and_then(|text| text.split_whitespace().next()) else { continue };
        let mut expanded = image.to_owned();
        let mut all = true;
        for found in uses(image) {
            let pair = pairs.iter().rfind(|pair| pair.key().is(found.name).is_true());
            let value = match pair.map(|pair| pair.value().read()) {
                Some(State::Known(value)) => value,
                Some(State::Absent) if !found.guarded => "",
                _ => {
                    all = false;
                    continue;
                }
            };
            expanded = expanded.replace(&format!("${{{}}}", found.name), value).replace(&format!("${}", found.name), value);
        }
        let platform = PLATFORM.iter().any(|name| image.contains(name));
        if all && !platform && image.contains('$') && !expanded.contains('$') && is_no_image(&expanded) {
            let shown = if expanded.is_empty() { "nothing".to_owned() } else { format!("`{expanded}`") };
            report.at(from).message(format!("FROM `{image}` is {shown} with the defaults of its arguments"));
        }
    }
}

fn is_no_image(reference: &str) -> bool {
    let bare = reference.split('@').next().unwrap_or_default();
    bare.is_empty() || bare.ends_with([':', '/']) || bare.starts_with([':', '/', '-', '.']) || bare.contains("//") || bare.contains("::") || bare.contains("/:") || bare.contains(":-")
}
