use plimsoll_sdk::docker::{Fix, Report, Stage};

pub fn check(stage: Stage, report: &mut Report) {
    let platform = stage.from().flags().platform();
    let Some(node) = platform.node() else { return };
    if matches!(node.source_text(), "$TARGETPLATFORM" | "${TARGETPLATFORM}") {
        report
            .at(stage.from())
            .message("`--platform=$TARGETPLATFORM` is what FROM does without it")
            .fix(Fix::safe("leave the flag out").remove(node, ""));
    }
}
