use crate::container::label;
use crate::options::ImageUnpinned;
use plimsoll_sdk::kubernetes::{Container, Report, State};

pub fn check(container: Container, options: &ImageUnpinned, report: &mut Report) {
    let image = container.facts().image();
    let Some(reference) = image.reference().known().filter(|reference| !reference.is_empty() && image.digest().is_absent()) else { return };
    let cause = match image.tag().read() {
        State::Absent => "has no tag, which means `latest`".to_owned(),
        State::Known(tag) if options.tags.iter().any(|moving| moving == tag) => format!("has the moving tag `{tag}`"),
        _ => return,
    };
    report.at(image).message(format!("image `{reference}` of {} {cause}", label(container)));
}
