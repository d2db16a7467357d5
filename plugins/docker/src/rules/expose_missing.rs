use crate::images;
use plimsoll_sdk::docker::{Report, Stage};

const SERVERS: [&str; 16] = [
    "nginx", "httpd", "apache2ctl", "caddy", "gunicorn", "uvicorn", "hypercorn", "daphne", "uwsgi", "flask", "puma", "unicorn", "redis-server", "mysqld",
    "postgres", "haproxy",
];

pub fn check(stage: Stage, report: &mut Report) {
    let Some(base) = images::base(stage).filter(|_| stage.is_shipped()) else { return };
    let stages = || core::iter::once(stage).chain(stage.facts().parents().iter());
    if stages().any(|stage| stage.each("EXPOSE").next().is_some()) || stage.facts().parents().is_open() {
        return;
    }
    let brings = base.name().holds(|name| SERVERS.contains(&name) || matches!(name, "mysql" | "mariadb" | "redis")).is_true();
    let command = if stage.facts().entrypoint().is_absent() { stage.facts().cmd() } else { stage.facts().entrypoint() };
    let server = command.script().commands().first().name().known().filter(|name| SERVERS.contains(name));
    if let Some(server) = server.filter(|_| !brings) {
        report.at(stage.from()).message(format!("the image starts `{server}`, and no EXPOSE names its port"));
    }
}
