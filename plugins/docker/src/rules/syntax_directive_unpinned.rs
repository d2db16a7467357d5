use plimsoll_sdk::docker::{Directives, Report};

pub fn check(directives: Directives, report: &mut Report) {
    let syntax = directives.syntax();
    let Some(image) = syntax.known().filter(|image| !image.contains('@')) else { return };
    let tag = image.rsplit('/').next().and_then(|name| name.split_once(':')).map_or("latest", |(_, tag)| tag);
    let parts = tag.split('-').next().unwrap_or_default().split('.').filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).count();
    if parts < 3 {
        report.at(syntax).message(format!("frontend `{image}` moves with every release"));
    }
}
