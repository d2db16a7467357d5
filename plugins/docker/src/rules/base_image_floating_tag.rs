use crate::images::{self, Tag};
use crate::options::BaseImageFloatingTag;
use plimsoll_sdk::docker::{Report, Stage};

/// Official images whose releases have one number and no more.
const ONE_NUMBER: [&str; 3] = ["fedora", "amazonlinux", "oraclelinux"];

pub fn check(stage: Stage, options: &BaseImageFloatingTag, report: &mut Report) {
    let Some(image) = stage.from().image().known() else { return };
    let (Some(reference), Some(tag)) = (image.reference().known(), image.tag().known()) else { return };
    if !image.digest().is_absent() || tag == "latest" {
        return;
    }
    // Numbers of other people's images may count builds; those of official images are versions.
    let official = image.registry().is_absent() && image.repository().holds(|path| !path.contains('/') && !ONE_NUMBER.contains(&path)).is_true();
    match images::tag(tag) {
        Tag::Moving => {
            report.at(stage.from()).message(format!("tag `{tag}` of `{reference}` names a channel or a variant and no version"));
        }
        Tag::Version(parts) if official && f64::from(parts) < options.parts => {
            report
                .at(stage.from())
                .message(format!("tag `{tag}` of `{reference}` names {parts} part{} of a version and moves with every release below it", if parts == 1 { "" } else { "s" }));
        }
        _ => {}
    }
}
