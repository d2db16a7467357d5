use plimsoll_sdk::compose::{Fix, Project, Report};

pub fn check(project: Project, report: &mut Report) {
    if !project.name().is_absent() {
        return;
    }
    let draft = report.at_key(project.services()).message("the project has no name of its own");
    let directory = project.facts().directory().known().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let name = directory.to_ascii_lowercase();
    let good = name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if good {
        draft.fix(Fix::unsafe_(format!("name it `{name}`")).set(project, "/name", name.as_str()));
    }
}
