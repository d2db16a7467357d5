use crate::service::label;
use plimsoll_sdk::compose::{Report, Service};

/// Official images without a HEALTHCHECK of their own.
const UNTESTED: [&str; 14] = [
    "postgres", "mysql", "mariadb", "mongo", "redis", "valkey", "rabbitmq", "memcached", "nginx", "httpd", "elasticsearch", "cassandra", "neo4j", "couchdb",
];

pub fn check(service: Service, report: &mut Report) {
    for entry in service.depends_on().entries() {
        let Some(dependency) = entry.value().known().filter(|dependency| dependency.condition().is("service_healthy").is_true()) else { continue };
        let Some(other) = dependency.facts().service().known() else { continue };
        let healthcheck = other.healthcheck();
        let off = (healthcheck.disable().is(true) | healthcheck.test().first().is("NONE")).is_true();
        let image = other.facts().image();
        let official = image.registry().is_absent() && image.repository().is_any(&UNTESTED).is_true() && other.build().is_absent();
        if off || healthcheck.is_absent() && official {
            report.at(entry).message(format!("{} waits until `{}` is healthy, and nothing tests that", label(service), entry.key()));
        }
    }
}
