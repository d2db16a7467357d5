use crate::options::ImageUnpinned;
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service, State};

pub fn check(service: Service, options: &ImageUnpinned, report: &mut Report) {
    let image = service.facts().image();
    let pulled = service.build().is_absent() && image.digest().is_absent();
    let Some(reference) = image.reference().known().filter(|reference| pulled && !reference.is_empty()) else { return };
    let cause = match image.tag().read() {
        State::Absent => "has no tag, which means `latest`".to_owned(),
        State::Known(tag) if options.tags.iter().any(|moving| moving == tag) => format!("has the moving tag `{tag}`"),
        _ => return,
    };
    report.at(service.image()).message(format!("image `{reference}` of {} {cause}", label(service)));
}
