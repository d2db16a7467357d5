use crate::variables::{PLATFORM, is_proxy, nearest, uses};
use plimsoll_sdk::docker::{Dockerfile, Fix, Pair, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    if file.args().is_open() {
        return;
    }
    let declared: Vec<&str> = file.args().iter().flat_map(|arg| arg.pairs().iter()).filter_map(|pair: Pair| pair.key().known()).collect();
    for stage in file.stages() {
        let Some(from) = stage.from().known() else { continue };
        let Some(text) = from.text().known() else { continue };
        let flags = from.flags().known().map_or("", |flags| flags.node().source_text());
        for found in uses(flags).chain(uses(text)) {
            if found.guarded || declared.contains(&found.name) || PLATFORM.contains(&found.name) || is_proxy(found.name) {
                continue;
            }
            let near = nearest(found.name, declared.iter().copied().chain(PLATFORM), 1);
            let hint = near.map_or(String::new(), |near| format!("; is `{near}` meant?"));
            let draft = report.at(from).message(format!("`${}` in FROM is declared by no ARG before the first FROM, so it is empty{hint}", found.name));
            let source = from.node().source_text();
            if let Some(near) = near.filter(|_| source.matches(found.name).count() == 1) {
                draft.fix(Fix::unsafe_(format!("use `{near}`")).replace_source(from, source.replacen(found.name, near, 1)));
            }
            break;
        }
    }
}
