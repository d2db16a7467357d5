use plimsoll_sdk::compose::{Project, Report, Service};

pub fn check(project: Project, report: &mut Report) {
    let mut seen: Vec<(&str, Service)> = vec![];
    for (_, service) in project.services().iter() {
        let Some(name) = service.container_name().known() else { continue };
        match seen.iter().find(|(other, _)| *other == name) {
            Some((_, first)) => {
                report
                    .at(service.container_name())
                    .message(format!("container name `{name}` of service `{}` is that of `{}` already", service.node().key(), first.node().key()))
                    .related(first.container_name(), "taken here");
            }
            None => seen.push((name, service)),
        }
    }
}
