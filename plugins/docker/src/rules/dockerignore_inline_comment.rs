use plimsoll_sdk::docker::{Dockerfile, Fix, Report};

pub fn check(file: Dockerfile, report: &mut Report) {
    for item in file.facts().context().dockerignore().patterns().items() {
        let Some((pattern, comment)) = item.value().known().and_then(|text| text.split_once(" #")) else { continue };
        let pattern = pattern.trim_end();
        if !pattern.is_empty() {
            report
                .at(item)
                .message(format!("the comment is part of the pattern, so `{pattern}` is not kept out"))
                .fix(Fix::safe("put the comment on a line of its own").set(item, "", format!("#{comment}\n{pattern}")));
        }
    }
}
