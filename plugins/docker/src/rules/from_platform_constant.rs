use plimsoll_sdk::docker::{Fix, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let flag = stage.from().flags().platform();
    let (Some(platform), Some(from)) = (flag.known(), stage.from().known()) else { return };
    let variable = flag.node().is_some_and(|node| node.source_text().contains('$'));
    let named = stage.name().holds(|name| {
        let name = name.to_ascii_lowercase();
        platform.to_ascii_lowercase().split('/').any(|part| name.contains(part))
    });
    if !variable && !named.is_true() {
        report
            .at(from)
            .message(format!("FROM is held to the platform `{platform}`, whatever the image is built for"))
            .fix(Fix::unsafe_("build for the platform that is asked for").remove(from, "/flags/platform"));
    }
}
