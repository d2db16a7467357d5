//! Splitting an image reference, alike for every format that names images.

/// The parts of an image reference. `docker.io` and `library/` are not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageParts<'a> {
    /// Host and port before the first slash, if it is a registry: it holds a dot or a colon, has an upper-case letter, or is `localhost`.
    pub registry: Option<&'a str>,
    /// Path without the registry.
    pub repository: &'a str,
    /// Last component of the repository.
    pub name: &'a str,
    /// Tag, if one is written.
    pub tag: Option<&'a str>,
    /// Digest with its algorithm, if one is written.
    pub digest: Option<&'a str>,
}

/// Splits a reference as Docker's reference grammar does. Nothing is checked: what is no reference gives parts that are none.
///
/// Parts are slices of the reference, so that their spans can be told from it.
pub fn split_image(reference: &str) -> ImageParts<'_> {
    let (rest, digest) = match reference.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (reference, None),
    };
    // A colon before the last slash is a registry's port.
    let path_start = rest.rfind('/').map_or(0, |slash| slash + 1);
    let (rest, tag) = match rest[path_start..].find(':') {
        Some(colon) => (&rest[..path_start + colon], Some(&rest[path_start + colon + 1..])),
        None => (rest, None),
    };
    let (registry, repository) = match rest.split_once('/') {
        Some((first, path)) if first == "localhost" || first.contains(['.', ':']) || first.contains(|c: char| c.is_ascii_uppercase()) => {
            (Some(first), path)
        }
        _ => (None, rest),
    };
    let name = repository.rsplit('/').next().unwrap_or(repository);
    ImageParts { registry, repository, name, tag, digest }
}

#[cfg(test)]
mod tests {
    use super::{ImageParts, split_image};

    #[test]
    fn ports_tags_and_digests_are_told_apart() {
        let parts = |registry, repository, name, tag, digest| ImageParts { registry, repository, name, tag, digest };
        for (reference, expected) in [
            ("nginx", parts(None, "nginx", "nginx", None, None)),
            ("library/nginx:1.27", parts(None, "library/nginx", "nginx", Some("1.27"), None)),
            ("host:5000/a/b:tag@sha256:ab", parts(Some("host:5000"), "a/b", "b", Some("tag"), Some("sha256:ab"))),
            ("registry:5000/app", parts(Some("registry:5000"), "app", "app", None, None)),
            ("ghcr.io/o/app@sha256:ab", parts(Some("ghcr.io"), "o/app", "app", None, Some("sha256:ab"))),
            ("localhost/app:1", parts(Some("localhost"), "app", "app", Some("1"), None)),
            ("[::1]:5000/app:1", parts(Some("[::1]:5000"), "app", "app", Some("1"), None)),
            ("app:5000", parts(None, "app", "app", Some("5000"), None)),
            ("", parts(None, "", "", None, None)),
        ] {
            assert_eq!(split_image(reference), expected, "{reference}");
        }
    }
}
