use plimsoll_sdk::docker::{Dockerfile, Fix, Report, Stage, View as _};

pub fn check(stage: Stage, report: &mut Report) {
    let Some(name) = stage.name().known().filter(|name| name.bytes().any(|byte| byte.is_ascii_uppercase())) else { return };
    let lower = name.to_ascii_lowercase();
    let draft = report.at(stage.from()).message(format!("stage `{name}` has capital letters"));
    let mut fix = Fix::safe(format!("call it `{lower}`"));
    if let Some(alias) = stage.from().alias().node().filter(|alias| alias.source_text() == name) {
        fix = fix.set(alias, "", lower.as_str());
        let file = Dockerfile::from_node(stage.node().doc().root());
        for copy in file.stages().iter().flat_map(|stage| stage.instructions().iter()) {
            let from = copy.flags().from();
            if let Some(node) = from.node().filter(|node| node.source_text() == name && copy.is("COPY")) {
                fix = fix.set(node, "", lower.as_str());
            }
        }
        draft.fix(fix);
    }
}
