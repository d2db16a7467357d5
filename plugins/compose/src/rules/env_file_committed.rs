use plimsoll_sdk::compose::{Node, Project, Report};
use plimsoll_sdk::credential::{is_named_so, is_written_out, known_form};

pub fn check(project: Project, report: &mut Report) {
    let files: Vec<(u32, &str)> = project
        .facts()
        .files()
        .iter()
        .filter(|file| file.role().is_any(&["dotenv", "env-file"]).is_true() && file.git_ignored().is(false).is_true())
        .filter_map(|file| Some((file.node().span().source, file.path().known()?)))
        .collect();
    if files.is_empty() {
        return;
    }
    let mut seen: Vec<(u32, u32)> = vec![];
    let mut judge = |name: &str, node: Node, report: &mut Report| {
        let Some(value) = node.as_str() else { return };
        let span = node.span();
        let Some((_, path)) = files.iter().find(|(source, _)| *source == span.source) else { return };
        let secret = known_form(value).is_some() || is_named_so(name) && is_written_out(value) && !value.starts_with("op://") && !value.starts_with("ENC[");
        if secret && !seen.contains(&(span.source, span.start)) {
            seen.push((span.source, span.start));
            report.at(node).message(format!("`{name}` stands in {path}, which no .gitignore keeps out of the repository")).secret(node);
        }
    };
    for entry in project.facts().variables().entries() {
        judge(entry.key(), entry.node(), report);
    }
    for (_, service) in project.services().iter() {
        for item in service.facts().from_files().items() {
            let node = item.node().target();
            judge(node.key(), node, report);
        }
    }
}
