//! Module source addresses, split.

/// A source address in its parts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceAddress {
    pub(crate) kind: &'static str,
    pub(crate) address: String,
    pub(crate) directory: Option<String>,
    pub(crate) query: Vec<(String, String)>,
}

const GIT_HOSTS: [&str; 3] = ["github.com/", "bitbucket.org/", "gitlab.com/"];

/// Splits what a module's `source` says.
pub(crate) fn split(source: &str) -> SourceAddress {
    if source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..") {
        return SourceAddress { kind: "local", address: source.to_owned(), ..SourceAddress::default() };
    }
    let (forced, rest) = match source.split_once("::") {
        Some((getter, rest)) => (Some(getter), rest),
        None => (None, source),
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), value.to_owned())
    });
    let query: Vec<_> = query.collect();
    let scheme_end = path.find("://").map_or(0, |at| at + 3);
    let (address, directory) = match path[scheme_end..].find("//") {
        Some(at) => (&path[..scheme_end + at], Some(path[scheme_end + at + 2..].to_owned())),
        None => (path, None),
    };
    let kind = match forced {
        Some("git") => "git",
        Some("hg") => "mercurial",
        Some("s3") => "s3",
        Some("gcs") => "gcs",
        Some("http" | "https") => "http",
        None if address.starts_with("git@") || address.starts_with("ssh://") || address.ends_with(".git") => "git",
        None if address.starts_with("https://") || address.starts_with("http://") => "http",
        None if GIT_HOSTS.iter().any(|host| address.starts_with(host)) => "git",
        None if is_registry(address) => "registry",
        _ => "other",
    };
    SourceAddress { kind, address: address.to_owned(), directory, query }
}

/// `[host/]namespace/name/provider`.
fn is_registry(address: &str) -> bool {
    let parts: Vec<&str> = address.split('/').collect();
    let word = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'));
    let host = parts.len() == 4 && parts[0].contains('.');
    (parts.len() == 3 || host) && parts.iter().all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_source_addresses() {
        for (source, kind) in [
            ("./modules/net", "local"),
            ("../net", "local"),
            ("terraform-aws-modules/vpc/aws", "registry"),
            ("terraform-aws-modules/vpc/aws//modules/endpoints", "registry"),
            ("app.terraform.io/example/k8s/azurerm", "registry"),
            ("github.com/acme/net?ref=v1", "git"),
            ("git::https://example.com/vpc.git?ref=v1.2.0", "git"),
            ("git@github.com:acme/net.git", "git"),
            ("https://example.com/net.zip", "http"),
            ("s3::https://s3.amazonaws.com/b/net.zip", "s3"),
            ("hg::http://example.com/vpc.hg", "mercurial"),
            ("/etc/net", "other"),
        ] {
            assert_eq!(split(source).kind, kind, "{source}");
        }
    }

    #[test]
    fn a_directory_and_the_query_are_taken_apart() {
        let split = split("git::ssh://git@example.com/a/b.git//net/private?ref=abc&depth=1");
        assert_eq!(split.address, "ssh://git@example.com/a/b.git");
        assert_eq!(split.directory.as_deref(), Some("net/private"));
        assert_eq!(split.query, [("ref".to_owned(), "abc".to_owned()), ("depth".to_owned(), "1".to_owned())]);
    }
}
