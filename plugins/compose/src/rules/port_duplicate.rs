use plimsoll_sdk::compose::{Port, Project, Report, Service};

/// A published port: from and to, address, protocol, and whose it is.
struct Published<'a> {
    range: (u32, u32),
    address: &'a str,
    protocol: &'a str,
    service: Service<'a>,
    port: Port<'a>,
}

pub fn check(project: Project, report: &mut Report) {
    let mut all: Vec<Published> = vec![];
    for (_, service) in project.services().iter() {
        for port in service.ports() {
            let Some(new) = published(service, port) else { continue };
            let clash = all.iter().find(|other| other.port.span() != new.port.span() && clashes(other, &new) && together(other.service, new.service));
            if let Some(other) = clash {
                let name = other.service.node().key();
                report
                    .at(port)
                    .message(format!("service `{}` publishes {}, which `{name}` takes already", service.node().key(), new.range.0))
                    .related(other.port, "taken here");
            }
            all.push(new);
        }
    }
}

fn published<'a>(service: Service<'a>, port: Port<'a>) -> Option<Published<'a>> {
    let text = port.published().known()?;
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let range = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    let address = port.host_ip().or_absent("").known()?.trim_matches(['[', ']']);
    let protocol = port.protocol().or_absent("tcp").known()?;
    (range.0 > 0).then_some(Published { range, address, protocol, service, port })
}

fn clashes(a: &Published, b: &Published) -> bool {
    let every = |address: &str| matches!(address, "" | "0.0.0.0" | "::");
    let addresses = a.address == b.address || every(a.address) || every(b.address);
    a.protocol == b.protocol && addresses && a.range.0 <= b.range.1 && b.range.0 <= a.range.1
}

/// Whether two services may run at the same time, as far as their profiles say.
fn together(a: Service, b: Service) -> bool {
    let (one, other) = (a.profiles(), b.profiles());
    one.is_absent() || other.is_absent() || one.iter().any(|profile| other.iter().any(|same| same == profile))
}
