//! Who an image runs as when no USER says it.

use crate::images;
use plimsoll_sdk::docker::{Dockerfile, Fix, ImageRef, Instruction, Stage, View as _};

/// Programs by which an entrypoint steps down.
const STEPS_DOWN: [&str; 7] = ["gosu", "su-exec", "setpriv", "runuser", "s6-setuidgid", "s6-overlay", "chpst"];
/// Instructions behind which a USER changes nothing of the build.
const TAIL: [&str; 9] = ["CMD", "ENTRYPOINT", "HEALTHCHECK", "EXPOSE", "LABEL", "STOPSIGNAL", "VOLUME", "ENV", "ARG"];
/// What serves, as a rule. Interpreters (`node`, `java`) run tools as well: what is started with them says it.
const RUNTIMES: [&str; 18] = [
    "gunicorn",
    "uvicorn",
    "hypercorn",
    "daphne",
    "uwsgi",
    "flask",
    "celery",
    "rails",
    "puma",
    "unicorn",
    "rackup",
    "thin",
    "fastapi",
    "streamlit",
    "catalina.sh",
    "caddy",
    "traefik",
    "envoy",
];
/// Programs that give root up by themselves, once they hold their port, their files and their children.
const DROPS_ROOT: [&str; 26] = [
    "nginx",
    "openresty",
    "httpd",
    "httpd-foreground",
    "apache2",
    "apache2-foreground",
    "apache2ctl",
    "apachectl",
    "php-fpm",
    "mysqld",
    "mysqld_safe",
    "mariadbd",
    "mariadbd-safe",
    "sshd",
    "postfix",
    "dovecot",
    "exim4",
    "haproxy",
    "squid",
    "unbound",
    "named",
    "bind",
    "vsftpd",
    "proftpd",
    "chronyd",
    "dnsmasq",
];
/// Words before the program that a command starts.
const STARTERS: [&str; 11] = ["", "exec", "sh", "bash", "ash", "-c", "--", "tini", "dumb-init", "env", "nice"];
/// Words in a command that starts a service.
const SERVES: [&str; 8] = ["server", "serve", "start", "start-foreground", "run-server", "runserver", "daemon", "listen"];
/// Folders of images that nobody ships.
const TESTS: [&str; 10] = ["test", "tests", "testdata", "e2e", "fixtures", "ci", ".ci", ".github", ".devcontainer", "hack"];
const NUMBER: u32 = 10001;
const NAME: &str = "app";

/// The base image of a shipped stage that leaves the user to it, if that is most likely root; of stages that start a service of their own, or of
/// the others.
pub(crate) fn unset<'a>(stage: Stage<'a>, nonroot: &[String], service: bool) -> Option<ImageRef<'a>> {
    let base = images::base(stage).filter(|_| stage.is_shipped() && stage.facts().user().is_absent())?;
    let root = !images::is_windows(base) && !images::is_non_root(base, nonroot);
    // What takes longest to answer is asked last.
    (root && is_service(stage, base) == service && !steps_down(stage)).then_some(base)
}

/// Whether the stage brings or calls a program by which an entrypoint steps down.
pub(crate) fn steps_down(stage: Stage<'_>) -> bool {
    let names = |text: &str| STEPS_DOWN.iter().any(|program| text.contains(program));
    let called = stage.instructions().iter().any(|instruction| instruction.text().holds(names).is_true());
    called || images::base(stage).is_some_and(|base| base.reference().holds(names).is_true())
}

/// Whether the image starts a service of its own, as far as can be told: it names a port or a check, or what it starts serves.
fn is_service(stage: Stage<'_>, base: ImageRef<'_>) -> bool {
    let own_entrypoint = stage.each("ENTRYPOINT").next().is_some();
    // Of a script that cannot be seen, in an image that has a user for it, nobody knows whether it steps down.
    let unseen =
        stage.facts().entrypoint().text().holds(|text| names(text).any(|name| name.ends_with(".sh"))).is_true() && adds_user(stage);
    if !own_entrypoint && images::steps_down(base)
        || is_test(stage)
        || is_for_developers(stage)
        || unseen
        || stage.each("ONBUILD").next().is_some()
    {
        return false;
    }
    let starts = [stage.facts().entrypoint(), stage.facts().cmd()];
    if starts.iter().any(|start| start.text().holds(drops_root).is_true()) {
        return false;
    }
    if stage.facts().entrypoint().is_absent() && stage.facts().cmd().is_absent() {
        return false;
    }
    let parents = stage.facts().parents();
    let says = |keyword| stage.each(keyword).next().is_some() || parents.iter().any(|parent| parent.each(keyword).next().is_some());
    let serves_only = base.reference().holds(|name| name.contains("dotnet/aspnet")).is_true();
    serves_only || says("EXPOSE") || says("HEALTHCHECK") || starts.iter().any(|start| start.text().holds(serves).is_true())
}

/// Whether the stage is one that developers start, by its name.
fn is_for_developers(stage: Stage<'_>) -> bool {
    let part = |part: &str| matches!(part, "dev" | "development" | "debug" | "debugger" | "test" | "testing");
    stage.name().holds(|name| name.to_ascii_lowercase().split(['-', '_', '.']).any(part)).is_true()
}

fn adds_user(stage: Stage<'_>) -> bool {
    let adds = |stage: Stage<'_>| {
        let mut commands = stage.each("RUN").flat_map(|run| run.commands().iter());
        commands.any(|command| command.name().is_any(&["useradd", "adduser", "groupadd", "addgroup"]).is_true())
    };
    adds(stage) || stage.facts().parents().iter().any(adds)
}

/// The names of the words of a command, in shell or exec form.
fn names(command: &str) -> impl Iterator<Item = String> {
    let words = command.split(|c: char| c.is_whitespace() || matches!(c, '"' | '[' | ']' | ',' | '\'' | ';' | '&'));
    words.map(|word| word.rsplit('/').next().unwrap_or_default().to_ascii_lowercase())
}

/// Whether the program that a command starts gives root up by itself.
fn drops_root(command: &str) -> bool {
    let starts = names(command).find(|name| !STARTERS.contains(&name.as_str()) && !name.contains('='));
    // `php-fpm8.2` is a php-fpm.
    starts.is_some_and(|name| {
        [name.as_str(), name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')].iter().any(|name| DROPS_ROOT.contains(name))
    })
}

fn serves(command: &str) -> bool {
    names(command).any(|name| {
        // What a script starts cannot be told by its name.
        let script = name.ends_with(".sh");
        RUNTIMES.contains(&name.as_str()) || !script && name.split(['-', '_', '.', ':']).any(|part| SERVES.contains(&part))
    })
}

/// Whether the Dockerfile lies in a folder of tests or of the project's own tools.
fn is_test(stage: Stage<'_>) -> bool {
    let context = Dockerfile::from_node(stage.node().doc().root()).facts().context();
    context.path().holds(|path| path.split('/').any(|part| TESTS.contains(&part))).is_true()
}

/// Where a USER changes nothing of what the stage builds.
pub(crate) fn last_work(stage: Stage<'_>) -> Option<Instruction<'_>> {
    let works = |instruction: &Instruction<'_>| !TAIL.iter().any(|keyword| instruction.is(keyword));
    stage.instructions().iter().filter(works).last()
}

/// The fix that creates a user and switches to it.
pub(crate) fn creates<'a>(stage: Stage<'a>, base: ImageRef<'a>) -> Option<Fix<'a>> {
    let anchor = last_work(stage).or(stage.from().known())?;
    let mut fix = Fix::unsafe_("run as an unprivileged user");
    if let Some(creates) = images::creates_user(base, NUMBER, NAME) {
        fix = fix.insert_after(anchor, format!("RUN {creates}"));
    }
    Some(fix.insert_after(anchor, format!("USER {NUMBER}")))
}
