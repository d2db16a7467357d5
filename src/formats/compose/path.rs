//! Paths of a project: `/`-separated, relative to the project root.

/// Where a path of a Compose file leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Below the project root (`.` for the root itself).
    Inside(String),
    /// Relative, and out of the project root.
    Outside(String),
    /// Absolute, cleaned.
    Absolute(String),
    /// Below the user's home.
    Home(String),
}

/// Where `path` leads when read from `directory`.
pub(crate) fn resolve(directory: &str, path: &str) -> Place {
    if path == "~" || path.starts_with("~/") {
        return Place::Home(clean(path));
    }
    if path.starts_with('/') {
        return Place::Absolute(clean(path));
    }
    if path.as_bytes().get(1) == Some(&b':') || path.starts_with(r"\\") {
        return Place::Absolute(path.to_owned());
    }
    let joined = clean(&format!("{directory}/./{path}").trim_start_matches('/').replace("//", "/"));
    if joined == ".." || joined.starts_with("../") { Place::Outside(joined) } else { Place::Inside(joined) }
}

/// Without `.`, `..` and doubled slashes, as Go's `path.Clean`.
pub(crate) fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = vec![];
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The directory of a file (`.` for the root).
pub(crate) fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(directory, _)| directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_where_they_should() {
        assert_eq!(resolve("app", "../lib/./x"), Place::Inside("lib/x".to_owned()));
        assert_eq!(resolve(".", "./"), Place::Inside(".".to_owned()));
        assert_eq!(resolve("app", "../../x"), Place::Outside("../x".to_owned()));
        assert_eq!(resolve("app", "/var/run/../run//docker.sock"), Place::Absolute("/var/run/docker.sock".to_owned()));
        assert_eq!(resolve("app", "~/x/.."), Place::Home("~".to_owned()));
    }
}
