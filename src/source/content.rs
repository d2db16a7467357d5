//! What kind a file is, by its content: a scan of top-level keys, which never parses and never fails.

use crate::FileKind;

/// Keys of a Compose service that other tools' `services:` maps (dependency injection containers, CI services) do not use. One of them is
/// asked for below `services:`, because that key alone says little.
const SERVICE_KEYS: [&str; 20] = [
    "image",
    "build",
    "extends",
    "container_name",
    "ports",
    "expose",
    "volumes",
    "depends_on",
    "env_file",
    "environment",
    "command",
    "entrypoint",
    "deploy",
    "restart",
    "networks",
    "network_mode",
    "healthcheck",
    "cap_add",
    "privileged",
    "provider",
];

/// The kind of a YAML or JSON file: Kubernetes for a document with top-level `apiVersion` and `kind`, Compose for a top-level `services`
/// map that holds services. Works on a prefix of a file as well; a key beyond it is not seen.
pub fn kind_by_content(bytes: &[u8]) -> FileKind {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.trim_ascii_start() {
        // `{{` opens a template's line, not an object.
        [b'{', next, ..] if *next != b'{' => json_kind(bytes),
        [] => FileKind::Unknown,
        _ => yaml_kind(bytes),
    }
}

fn yaml_kind(bytes: &[u8]) -> FileKind {
    let (mut api_version, mut kind) = (false, false);
    let mut services: Option<ServicesMap> = None;
    for line in bytes.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let indent = line.iter().take_while(|&&byte| byte == b' ').count();
        let Some(&first) = line.get(indent) else { continue };
        if first == b'#' {
            continue;
        }
        if indent > 0 {
            if let Some(map) = services.as_mut()
                && map.holds_service(indent, &line[indent..])
            {
                return FileKind::Compose;
            }
            continue;
        }
        services = None;
        if line.starts_with(b"---") || line.starts_with(b"...") {
            (api_version, kind) = (false, false);
            continue;
        }
        match key(line) {
            Some((b"apiVersion", _)) => api_version = true,
            Some((b"kind", _)) => kind = true,
            Some((b"services", true)) => services = Some(ServicesMap::default()),
            _ => {}
        }
        if api_version && kind {
            return FileKind::Kubernetes;
        }
    }
    FileKind::Unknown
}

/// Where the scan stands below a top-level `services:`.
#[derive(Default)]
struct ServicesMap {
    /// Indentation of the service names, then of the keys of the service just met.
    names: Option<usize>,
    keys: Option<usize>,
}

impl ServicesMap {
    fn holds_service(&mut self, indent: usize, line: &[u8]) -> bool {
        let names = *self.names.get_or_insert(indent);
        if indent <= names {
            self.keys = None;
            return inline_keys(line);
        }
        if *self.keys.get_or_insert(indent) != indent {
            return false;
        }
        key(line).is_some_and(|(key, _)| SERVICE_KEYS.iter().any(|known| known.as_bytes() == key))
    }
}

/// `web: { image: nginx }` on one line.
fn inline_keys(line: &[u8]) -> bool {
    let Some(open) = line.iter().position(|&byte| byte == b'{') else { return false };
    line[open + 1..]
        .split(|&byte| byte == b',')
        .any(|part| key(part.trim_ascii()).is_some_and(|(key, _)| matches!(key, b"image" | b"build" | b"extends")))
}

/// The key that a line starts with, and whether nothing but a comment, an anchor or a tag follows on the line.
fn key(line: &[u8]) -> Option<(&[u8], bool)> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let rest = &line[colon + 1..];
    if rest.first().is_some_and(|byte| !byte.is_ascii_whitespace()) {
        return None;
    }
    let mut key = line[..colon].trim_ascii_end();
    for quote in [b'"', b'\''] {
        if key.len() >= 2 && key[0] == quote && key[key.len() - 1] == quote {
            key = &key[1..key.len() - 1];
        }
    }
    let open = rest.trim_ascii().first().is_none_or(|first| matches!(first, b'#' | b'&' | b'!'));
    Some((key, open))
}

/// Top-level keys of a JSON object, strings skipped as strings, so that an `apiVersion` inside a text does not count.
fn json_kind(bytes: &[u8]) -> FileKind {
    let (mut api_version, mut kind, mut services) = (false, false, false);
    let (mut depth, mut at) = (0_u64, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let start = at + 1;
                at = start;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let text = bytes.get(start..at).unwrap_or_default();
                let is_key = bytes.get(at + 1..).unwrap_or_default().trim_ascii_start().first() == Some(&b':');
                match (depth, text) {
                    (1, b"apiVersion") if is_key => api_version = true,
                    (1, b"kind") if is_key => kind = true,
                    (1, b"services") if is_key => services = true,
                    (3, b"image" | b"build") if is_key && services => return FileKind::Compose,
                    _ => {}
                }
            }
            _ => {}
        }
        if api_version && kind {
            return FileKind::Kubernetes;
        }
        at += 1;
    }
    FileKind::Unknown
}

/// Whether a text begins as a Dockerfile does: comments and directives, then `FROM` or `ARG`. Asked only of files that are named on the
/// command line or read from stdin without a telling name.
pub fn looks_like_dockerfile(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for line in bytes.split(|&byte| byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() || line[0] == b'#' {
            continue;
        }
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
        // `from x import y` is Python.
        let python = words.next().is_some_and(|word| word == b"import");
        return (first.eq_ignore_ascii_case(b"FROM") && !python) || (first.eq_ignore_ascii_case(b"ARG") && second[0].is_ascii_alphabetic());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> FileKind {
        kind_by_content(text.as_bytes())
    }

    #[test]
    fn kubernetes_wherever_the_two_keys_share_a_document() {
        assert_eq!(kind("# a comment\n---\napiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\n"), FileKind::Kubernetes);
        assert_eq!(kind("\u{feff}\"kind\": Pod\r\n'apiVersion': v1\r\n"), FileKind::Kubernetes);
        assert_eq!(kind("a: 1\n---\napiVersion: v1\nkind: Pod\n"), FileKind::Kubernetes);
        assert_eq!(kind("{{- if .Values.on }}\napiVersion: v1\nkind: Pod\n{{- end }}\n"), FileKind::Kubernetes);
        assert_eq!(kind("apiVersion: v2\nname: chart\n"), FileKind::Unknown);
        assert_eq!(kind("apiVersion: v1\n---\nkind: Pod\n"), FileKind::Unknown);
        assert_eq!(kind("spec:\n  apiVersion: v1\n  kind: Pod\n"), FileKind::Unknown);
    }

    #[test]
    fn compose_only_where_services_are_services() {
        assert_eq!(kind("version: '3'\nservices:\n\n  web:\n    # c\n    image: a\n"), FileKind::Compose);
        assert_eq!(kind("services:\n  web: {image: a}\n"), FileKind::Compose);
        assert_eq!(kind("services: # all\n  web:\n    <<: *x\n    environment:\n      A: b\n"), FileKind::Compose);
        assert_eq!(kind("services:\n  - docker\nimage: x\n"), FileKind::Unknown);
        assert_eq!(kind("services:\n  App\\Mailer:\n    arguments: ['@x']\n    tags: [image]\n"), FileKind::Unknown);
        assert_eq!(kind("jobs:\n  services:\n    db:\n      image: postgres\n"), FileKind::Unknown);
    }

    #[test]
    fn json_keys_count_at_the_top_only() {
        assert_eq!(kind(r#"{"apiVersion": "v1", "data": {"a": "\"}"}, "kind" : "ConfigMap"}"#), FileKind::Kubernetes);
        assert_eq!(kind(r#"{"a": {"apiVersion": "v1", "kind": "Pod"}}"#), FileKind::Unknown);
        assert_eq!(kind(r#"{"x": "apiVersion", "y": "kind"}"#), FileKind::Unknown);
        assert_eq!(kind(r#"{"services": {"db": {"image": "a"}}}"#), FileKind::Compose);
    }

    #[test]
    fn dockerfile_by_its_first_instruction() {
        assert!(looks_like_dockerfile(b"# syntax=docker/dockerfile:1\n\nfrom debian\n"));
        assert!(looks_like_dockerfile(b"ARG V=1\nFROM debian:$V"));
        assert!(!looks_like_dockerfile(b"from os import path\n"));
        assert!(!looks_like_dockerfile(b"#!/bin/sh\necho hi\n"));
        assert!(!looks_like_dockerfile(b""));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_have_a_kind(bytes: Vec<u8>) {
            kind_by_content(&bytes);
            looks_like_dockerfile(&bytes);
        }

        #[test]
        fn any_prefix_of_json_has_a_kind(cut in 0_usize..60) {
            let text = br#"{"apiVersion": "v\"1", "x": [{"\\": "}"}], "kind": "Pod"}"#;
            kind_by_content(&text[..cut.min(text.len())]);
        }
    }
}
