//! Telling Compose files from other YAML, and finding the overrides of one.

use crate::path;
use plimsoll_formats::Files;

/// Names of base files, the preferred first.
const BASES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
/// Names of overrides, the preferred first. Compose takes the first that is there.
const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// The overrides that Compose merges into the file at `path` by itself: none for a file that it would not find by itself.
pub fn overrides_of(path: &str, files: &dyn Files) -> Vec<String> {
    let directory = path::directory(path);
    let beside = |name: &str| path::clean(&format!("{directory}/{name}"));
    let Some(found) = BASES.iter().position(|base| beside(base) == path) else { return vec![] };
    if BASES[..found].iter().any(|base| files.is_file(&beside(base))) {
        return vec![];
    }
    OVERRIDES.iter().map(|name| beside(name)).find(|path| files.is_file(path)).into_iter().collect()
}

/// Whether Compose merges the file at `path` into a base beside it by itself, so that it is judged with that one.
pub fn is_override(path: &str) -> bool {
    OVERRIDES.contains(&path.rsplit('/').next().unwrap_or(path))
}

/// Whether a file name is one that people give to Compose files: `compose.yaml`, `docker-compose.prod.yml`, `compose-dev.yaml`.
pub fn looks_like_name(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")) else { return false };
    let rest = stem.strip_prefix("docker-compose").or_else(|| stem.strip_prefix("compose"));
    let before = stem.strip_suffix("docker-compose").or_else(|| stem.strip_suffix(".compose"));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
        || before.is_some_and(|before| before.ends_with(['.', '-', '_']) || !before.is_empty())
}

/// Whether a YAML text has a mapping `services:` at top level with something below it; a cheap scan of lines. `apiVersion` at top level says
/// that it is something else.
pub fn looks_like(text: &str) -> bool {
    let mut services = false;
    let mut below = false;
    for line in text.strip_prefix('\u{feff}').unwrap_or(text).lines() {
        let content = line.trim_end();
        if content.is_empty() || content.trim_start().starts_with('#') {
            continue;
        }
        if content.starts_with([' ', '\t']) {
            // A mapping's entry; a list is some other format's (GitLab, Drone).
            below |= services && !content.trim_start().starts_with('-');
            if services && content.trim_start().starts_with('-') && !below {
                return false;
            }
            continue;
        }
        if below {
            break;
        }
        services = content == "services:"
            || content.starts_with("services: #")
            || content.starts_with("services: {")
            || content.starts_with("services: &");
        below |= content.starts_with("services: {");
        if content.starts_with("apiVersion:") {
            return false;
        }
    }
    below && !text.lines().any(|line| line.starts_with("apiVersion:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "compose.yaml",
            "docker-compose.yml",
            "docker-compose.prod.yml",
            "compose-dev.yaml",
            "docker-compose_x.yml",
            "app.docker-compose.yml",
        ] {
            assert!(looks_like_name(name), "{name}");
        }
        for name in ["composer.yml", "compose.json", "deployment.yaml", "docker-composer.yml"] {
            assert!(!looks_like_name(name), "{name}");
        }
    }

    #[test]
    fn content() {
        assert!(looks_like("# x\nversion: '3'\nservices:\n  web:\n    image: x\n"));
        assert!(!looks_like("image: x\nservices:\n  - docker:dind\n"));
        assert!(!looks_like("apiVersion: v1\nservices:\n  a: b\n"));
        assert!(!looks_like("build:\n  services: x\n"));
    }
}
