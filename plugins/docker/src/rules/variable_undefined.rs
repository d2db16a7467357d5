use crate::images;
use crate::variables::{PLATFORM, is_proxy, nearest, uses};
use plimsoll_sdk::docker::{Dockerfile, Instruction, Report, Stage, View as _};

/// Instructions in which Docker itself puts variables in.
const EXPANDS: [&str; 9] = ["ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"];

pub fn check(stage: Stage, report: &mut Report) {
    let file = Dockerfile::from_node(stage.node().doc().root());
    let parents = stage.facts().parents();
    if parents.is_open() || stage.instructions().is_open() {
        return;
    }
    let mut declared: Vec<&str> = parents.iter().flat_map(|parent| parent.each("ENV")).flat_map(names).collect();
    let above: Vec<&str> = file.args().iter().flat_map(names).collect();
    let scratch = images::base(stage).is_some_and(images::is_scratch);
    let mut told: Vec<&str> = vec![];
    for instruction in stage.instructions() {
        let keyword = instruction.keyword().known().unwrap_or_default();
        let text = instruction.text().known().filter(|_| EXPANDS.contains(&keyword)).unwrap_or_default();
        let flags = instruction.flags().known().map_or("", |flags| flags.node().source_text());
        for found in uses(flags).chain(uses(text)) {
            let name = found.name;
            if found.guarded || declared.contains(&name) || told.contains(&name) || is_proxy(name) || name == "PATH" {
                continue;
            }
            let near = nearest(name, declared.iter().copied(), 1).filter(|_| name.len() > 4);
            let why = if above.contains(&name) {
                "the ARG above the first FROM holds in FROM lines only".to_owned()
            } else if let Some(near) = near {
                format!("is `{near}` meant?")
            } else if scratch {
                "`scratch` sets nothing".to_owned()
            } else if PLATFORM.contains(&name) {
                format!("`ARG {name}` makes it known")
            } else {
                continue;
            };
            told.push(name);
            report.at(instruction).message(format!("`${name}` is set nowhere in {}, so it is empty: {why}", stage.label()));
        }
        if matches!(keyword, "ARG" | "ENV") {
            declared.extend(names(instruction));
        }
    }
}

fn names<'a>(instruction: Instruction<'a>) -> impl Iterator<Item = &'a str> {
    instruction.pairs().iter().filter_map(|pair| pair.key().known())
}
