//! Base images: what is known of them by name.

use plimsoll_sdk::docker::{ImageRef, Stage};

/// Repositories, registry included where it is written, whose images set a user other than root. A `/` at the end: all below it.
const NON_ROOT: [&str; 12] = [
    "bitnami/",
    "bitnamilegacy/",
    "cgr.dev/chainguard/",
    "chainguard/",
    "grafana/grafana",
    "prom/prometheus",
    "prom/alertmanager",
    "prom/node-exporter",
    "jenkins/jenkins",
    "nginxinc/nginx-unprivileged",
    "sonarqube",
    "registry.access.redhat.com/ubi9/nodejs-",
];
/// Images whose own entrypoint, or server, steps down from root by itself.
const STEPS_DOWN: [&str; 28] = [
    "postgres",
    "mysql",
    "mariadb",
    "percona",
    "mongo",
    "redis",
    "valkey/valkey",
    "rabbitmq",
    "cassandra",
    "couchdb",
    "influxdb",
    "zookeeper",
    "neo4j",
    "ghost",
    "nextcloud",
    "vault",
    "hashicorp/vault",
    "consul",
    "hashicorp/consul",
    "nats",
    "eclipse-mosquitto",
    "nginx",
    "httpd",
    "haproxy",
    "postgis/postgis",
    "timescale/timescaledb",
    "pgvector/pgvector",
    "wordpress",
];
/// Images of functions and jobs, whose platform asks no health check.
const FUNCTIONS: [&str; 4] = ["public.ecr.aws/lambda/", "amazon/aws-lambda-", "mcr.microsoft.com/azure-functions/", "public.ecr.aws/sam/"];
/// Images without a shell or any program that could check.
const BARE: [&str; 3] = ["gcr.io/distroless/", "cgr.dev/chainguard/static", "chainguard/static"];
/// Images that are built on Debian or Ubuntu unless their tag says otherwise.
const DEBIAN: [&str; 14] =
    ["debian", "ubuntu", "node", "python", "ruby", "golang", "rust", "php", "perl", "openjdk", "eclipse-temurin", "nginx", "httpd", "gcc"];

/// The image at the bottom of a stage, if it is known.
pub(crate) fn base(stage: Stage<'_>) -> Option<ImageRef<'_>> {
    stage.base().known().filter(|image| image.reference().known().is_some())
}

/// Whether the reference is the empty image.
pub(crate) fn is_scratch(image: ImageRef<'_>) -> bool {
    image.reference().is("scratch").is_true()
}

fn begins(image: ImageRef<'_>, names: &[&str]) -> bool {
    let Some(reference) = image.reference().known() else { return false };
    let reference = reference.strip_prefix("docker.io/").unwrap_or(reference);
    names.iter().any(|name| {
        reference.strip_prefix(name).is_some_and(|rest| name.ends_with(['/', '-']) || rest.is_empty() || rest.starts_with([':', '@', '-']))
    })
}

/// Whether the image is known to set a user other than root. `also` are repositories or beginnings of them that settings name.
pub(crate) fn is_non_root(image: ImageRef<'_>, also: &[String]) -> bool {
    // The small .NET images set a user, the large ones do not.
    let small = |tag: &str| tag.contains("chiseled") || tag.contains("distroless");
    let dotnet = image.registry().is("mcr.microsoft.com") & image.repository().holds(|path| path.starts_with("dotnet/"));
    image.tag().holds(|tag| tag.contains("nonroot")).is_true()
        || (dotnet & image.tag().holds(small)).is_true()
        || begins(image, &NON_ROOT)
        || also.iter().any(|name| begins(image, &[name.as_str()]))
}

/// Whether what the image starts by itself steps down from root.
pub(crate) fn steps_down(image: ImageRef<'_>) -> bool {
    let php = image.name().is("php") & image.tag().holds(|tag| tag.contains("fpm") || tag.contains("apache"));
    begins(image, &STEPS_DOWN) || php.is_true()
}

/// Whether the image is of Windows, whose users have other names and rights.
pub(crate) fn is_windows(image: ImageRef<'_>) -> bool {
    let names = |text: &str| ["windows", "nanoserver", "servercore"].iter().any(|word| text.contains(word));
    image.reference().holds(names).is_true()
}

/// Whether the image runs where nobody asks for a health check, or has nothing to check with.
pub(crate) fn needs_no_healthcheck(image: ImageRef<'_>) -> bool {
    is_scratch(image) || begins(image, &BARE) || begins(image, &FUNCTIONS)
}

/// Distributions that the rules know their way around in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Distribution {
    Alpine,
    Debian,
}

fn distribution(image: ImageRef<'_>) -> Option<Distribution> {
    let tag = image.tag().known().unwrap_or_default();
    let alpine = image.name().is("alpine").is_true() || tag.contains("alpine");
    let debian = image.repository().is_any(&DEBIAN).is_true() && !is_windows(image);
    if alpine { Some(Distribution::Alpine) } else { debian.then_some(Distribution::Debian) }
}

/// The command that creates an unprivileged user with a number and a name, where the distribution is known.
pub(crate) fn creates_user(image: ImageRef<'_>, number: u32, name: &str) -> Option<String> {
    Some(match distribution(image)? {
        Distribution::Alpine => format!("adduser -D -H -u {number} {name}"),
        Distribution::Debian => format!("useradd --no-create-home --uid {number} {name}"),
    })
}

/// A command of the image that asks a web server on a port of its own, where it is known which it has.
pub(crate) fn tests_port(image: ImageRef<'_>, port: &str) -> Option<String> {
    let address = format!("http://127.0.0.1:{port}/");
    let slim = image.tag().holds(|tag| tag.contains("slim")).is_true();
    match (distribution(image)?, image.name().known()?) {
        (Distribution::Alpine, _) => Some(format!("wget -q -O /dev/null {address}")),
        (Distribution::Debian, "python") => Some(format!("python -c \"import urllib.request as u; u.urlopen('{address}', timeout=3)\"")),
        (Distribution::Debian, "node") => {
            Some(format!("node -e \"fetch('{address}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))\""))
        }
        (Distribution::Debian, "nginx" | "php" | "ruby" | "golang" | "perl") if !slim => Some(format!("curl -fsS {address} -o /dev/null")),
        _ => None,
    }
}

/// Whether a package manager's program is certainly not that of the image's distribution, so that calling it can only fail.
pub(crate) fn is_foreign(image: ImageRef<'_>, program: &str) -> bool {
    match distribution(image) {
        Some(Distribution::Alpine) => matches!(program, "apt-get" | "apt" | "yum" | "dnf" | "zypper" | "pacman"),
        Some(Distribution::Debian) => matches!(program, "apk" | "yum" | "dnf" | "zypper" | "pacman"),
        None => false,
    }
}

/// A shell that knows `pipefail`, where the distribution is known.
pub(crate) fn shell(image: ImageRef<'_>) -> Option<&'static str> {
    Some(match distribution(image)? {
        Distribution::Alpine => "/bin/ash",
        Distribution::Debian => "/bin/bash",
    })
}

/// How exact a tag is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tag {
    /// A version with so many parts.
    Version(u32),
    /// A channel, a variant or a release name, which moves by its nature.
    Moving,
    /// A date, a build number, a commit, or a word that says nothing to us.
    Other,
}

/// Words that name a channel.
const CHANNELS: [&str; 17] = [
    "latest", "stable", "mainline", "edge", "lts", "nightly", "beta", "alpha", "canary", "dev", "develop", "test", "testing", "unstable",
    "current", "rolling", "rc",
];
/// Words that name a variant or a release of a distribution.
const VARIANTS: [&str; 36] = [
    "alpine",
    "slim",
    "fpm",
    "cli",
    "apache",
    "perl",
    "otel",
    "jdk",
    "jre",
    "onbuild",
    "full",
    "minimal",
    "debug",
    "nonroot",
    "windowsservercore",
    "nanoserver",
    "wheezy",
    "jessie",
    "stretch",
    "buster",
    "bullseye",
    "bookworm",
    "trixie",
    "forky",
    "sid",
    "oldstable",
    "trusty",
    "xenial",
    "bionic",
    "focal",
    "jammy",
    "noble",
    "mantic",
    "lunar",
    "kinetic",
    "impish",
];

/// Reads a tag.
pub(crate) fn tag(tag: &str) -> Tag {
    let parts: Vec<&str> = tag.split(['-', '_', '+']).collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let dated = |part: &&str| {
        part.len() >= 6 && part.bytes().all(|byte| byte.is_ascii_hexdigit()) && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    if parts.iter().any(dated) || tag.len() == 10 && parts.len() == 3 && parts.iter().all(|part| is_number(part)) {
        return Tag::Other;
    }
    let numbers = parts.iter().map(|part| part.trim_start_matches('v').split('.').collect::<Vec<&str>>());
    let versions: Vec<Vec<&str>> = numbers.filter(|numbers| is_number(numbers[0])).collect();
    if let Some(longest) = versions.iter().map(Vec::len).max().filter(|parts| *parts > 1) {
        return Tag::Version(u32::try_from(longest).unwrap_or(u32::MAX));
    }
    if parts.iter().any(|part| CHANNELS.contains(part)) {
        return Tag::Moving;
    }
    match versions.first() {
        // A number that long is a year or a build.
        Some(first) if first[0].len() > 3 => Tag::Other,
        Some(_) => Tag::Version(1),
        None if parts.iter().any(|part| VARIANTS.iter().any(|variant| part.trim_end_matches(|c: char| c.is_ascii_digit()) == *variant)) => {
            Tag::Moving
        }
        None => Tag::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Tag, tag};

    #[test]
    fn tags_are_told_by_how_exact_they_are() {
        for moving in ["stable", "alpine", "lts-alpine", "bookworm-slim", "nightly", "2022-latest"] {
            assert_eq!(tag(moving), Tag::Moving, "{moving}");
        }
        for (version, parts) in
            [("20", 1), ("20-alpine", 1), ("1.25", 2), ("v1.2.3", 3), ("3.12.4-slim-bookworm", 3), ("8.0-alpine3.20", 2)]
        {
            assert_eq!(tag(version), Tag::Version(parts), "{version}");
        }
        for other in ["20240101", "bookworm-20240812-slim", "3f2a9c1", "prod", "ltsc2022", "2024-08-12", "4711"] {
            assert_eq!(tag(other), Tag::Other, "{other}");
        }
    }
}
