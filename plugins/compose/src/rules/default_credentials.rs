use crate::login::LOGINS;
use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let Some(image) = service.facts().image().name().known().filter(|_| service.build().is_absent()) else { return };
    let environment = service.environment();
    for login in LOGINS.iter().filter(|login| login.image == image) {
        let value = environment.get(login.variable);
        let decides = login.also.iter().all(|other| environment.has_key(other).is_false());
        if let Some(known) = value.known() {
            if login.knows(known) && (decides || login.unset.is_some()) {
                report.at(value).message(format!("{} has a login that everybody knows: `{}`", label(service), login.variable)).secret(value);
            }
        } else if let Some(default) = login.unset.filter(|_| value.is_absent() && decides && comes_as_it_is(service)) {
            report.at_key(service).message(format!("{} has the login that its image comes with, {default}: `{}` is not set", label(service), login.variable));
        }
    }
    let published = service.ports().is_empty().is_false() && service.ports().iter().any(|port| !port.host_ip().holds(|ip| ip.starts_with("127.")).is_true());
    if !published {
        return;
    }
    let open = match image {
        "redis" | "valkey" | "keydb" => {
            let says = |word: &str| word.contains("requirepass") || word.ends_with(".conf") || word.contains("aclfile") || word.contains('$');
            let told = service.command().any(says) | service.entrypoint().any(|_| true) | service.environment().any(|key, _| key.contains("PASSWORD") || key.contains("REDIS_ARGS"));
            let mounted = service.volumes().any(|mount| mount.target().holds(|target| target.ends_with(".conf"))) | !service.configs().is_empty();
            told.is_false() && !mounted.is_true() && !service.command().is_open() && !service.command().is_unknown()
        }
        "mongo" => {
            environment.has_key("MONGO_INITDB_ROOT_USERNAME").is_false()
                && environment.has_key("MONGO_INITDB_ROOT_USERNAME_FILE").is_false()
                && service.command().any(|word| word.contains("--auth") || word.contains("keyFile") || word.contains("--config") || word == "-f").is_false()
        }
        _ => return,
    };
    if open {
        report.at_key(service).message(format!("{} is published and asks for no password", label(service)));
    }
}

/// Whether nothing else can set the login of an image that comes with one: it is the project's own image, and no file of settings is mounted.
fn comes_as_it_is(service: Service) -> bool {
    let settings = |target: &str| target.starts_with("/etc") || target.contains("/run/secrets/") || [".conf", ".ini", ".env", ".json"].iter().any(|end| target.ends_with(end));
    let rebuilt = service.facts().image().repository().holds(|name| name.contains("bitnami"));
    let mounted = service.volumes().any(|mount| mount.target().holds(settings)) | !service.configs().is_empty() | !service.secrets().is_empty();
    rebuilt.is_false() && mounted.is_false()
}
