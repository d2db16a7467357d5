//! Image references, split by the rules of `distribution/reference`, also where parts cannot be told.

use crate::lex::HOLE;

/// A part of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Certainly not there.
    Absent,
    /// Byte range of the reference.
    At(usize, usize),
    /// Cannot be told.
    Unknown,
}

/// A split reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) registry: Part,
    pub(crate) repository: Part,
    pub(crate) name: Part,
    pub(crate) tag: Part,
    pub(crate) digest: Part,
}

/// Splits a reference in which [`HOLE`]s stand for what cannot be told. `None` if it is no reference.
pub(crate) fn split(reference: &str) -> Option<Reference> {
    let holes = |from: usize, to: usize| reference[from..to].contains(HOLE);
    let known = |from: usize, to: usize| if holes(from, to) { Part::Unknown } else { Part::At(from, to) };
    let (path_and_tag, digest) = match reference.find('@') {
        Some(at) => (at, known(at + 1, reference.len())),
        None => (reference.len(), Part::Absent),
    };
    let last = reference[..path_and_tag].rfind('/').map_or(0, |at| at + 1);
    let colon = reference[last..path_and_tag].rfind(':').map(|at| last + at);
    let path_end = colon.unwrap_or(path_and_tag);
    let tag = match colon {
        Some(at) => known(at + 1, path_and_tag),
        None if holes(last, path_and_tag) => Part::Unknown,
        None => Part::Absent,
    };
    let digest = match (digest, tag) {
        (Part::Absent, Part::Unknown) => Part::Unknown,
        (digest, _) => digest,
    };
    let first = reference[..path_end].find('/');
    let (registry, repository_at) = match first {
        Some(at) if holes(0, at) => (Part::Unknown, None),
        Some(at) if is_registry(&reference[..at]) => (Part::At(0, at), Some(at + 1)),
        None if holes(0, path_end) => (Part::Unknown, None),
        _ => (Part::Absent, Some(0)),
    };
    let repository = repository_at.map_or(Part::Unknown, |start| known(start, path_end));
    let split = Reference { registry, repository, name: known(last, path_end), tag, digest };
    valid(reference, &split).then_some(split)
}

/// Whether what stands before the first slash names a registry.
fn is_registry(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost" || first.chars().any(char::is_uppercase)
}

fn valid(reference: &str, split: &Reference) -> bool {
    let path = match split.repository {
        Part::At(start, end) => reference[start..end].split('/').all(component),
        _ => true,
    };
    let tag = match split.tag {
        Part::At(start, end) => {
            let tag = &reference[start..end];
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            tag.len() <= 128 && tag.bytes().next().is_some_and(word) && tag.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
        }
        _ => true,
    };
    let digest = match split.digest {
        Part::At(start, end) => reference[start..end].split_once(':').is_some_and(|(algorithm, hex)| {
            algorithm.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
                && hex.len() >= 32
                && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        }),
        _ => true,
    };
    path && tag && digest
}

/// `[a-z0-9]+` with single `.`, `_`, double `__` or any number of `-` in between.
fn component(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends = bytes.first().copied().is_some_and(plain) && bytes.last().copied().is_some_and(plain);
    ends && bytes
        .split(|byte| plain(*byte))
        .all(|separator| matches!(separator, b"" | b"." | b"_" | b"__") || separator.iter().all(|byte| *byte == b'-'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn show(reference: &str) -> String {
        let split = split(reference).unwrap();
        let part = |part| match part {
            Part::Absent => "-",
            Part::At(start, end) => &reference[start..end],
            Part::Unknown => "?",
        };
        [split.registry, split.repository, split.name, split.tag, split.digest].map(part).join(" ")
    }

    #[test]
    fn parts_of_references() {
        assert_eq!(show("debian"), "- debian debian - -");
        assert_eq!(show("library/debian:12.7"), "- library/debian debian 12.7 -");
        let digest = format!("sha256:{}", "0".repeat(64));
        assert_eq!(show(&format!("host:5000/a/b:tag@{digest}")), format!("host:5000 a/b b tag {digest}"));
        assert_eq!(show("localhost/a"), "localhost a a - -");
        assert_eq!(show("ghcr.io/o/n__x.y-z"), "ghcr.io o/n__x.y-z n__x.y-z - -");
    }

    #[test]
    fn holes_leave_the_rest_known() {
        assert_eq!(show("node:\u{fffc}"), "- node node ? ?");
        assert_eq!(show("node:18-\u{fffc}"), "- node node ? ?");
        assert_eq!(show("\u{fffc}/node:18"), "? ? node 18 -");
        assert_eq!(show("\u{fffc}"), "? ? ? ? ?");
        assert_eq!(show("\u{fffc}:18"), "? ? ? 18 -");
        assert_eq!(show("node@\u{fffc}"), "- node node - ?");
    }

    #[test]
    fn what_is_no_reference() {
        for text in ["Debian", "a//b", "a:", "a:b c", "a@sha256:12", "-a", "a..b", "{{base}}", ""] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
