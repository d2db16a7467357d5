//! Plugins that must not get in, and the cache.

use crate::specimen::{check, component, component_that, host, third_party};
use plimsoll_document::KeyTable;
use plimsoll_host::{ConfigureError, Host, LoadError, Options};
use std::path::Path;

fn refusal(bytes: &[u8]) -> LoadError {
    host().load_third_party(Path::new("plugin.wasm"), bytes, None).unwrap_err()
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

#[test]
fn native_code_is_refused() {
    let native = plimsoll_artefact::precompile(component(), plimsoll_artefact::TARGET).unwrap();
    assert!(matches!(refusal(&native), LoadError::NativeCode));
}

#[test]
fn what_is_no_component_is_refused() {
    assert!(matches!(refusal(b""), LoadError::NotAComponent));
    assert!(matches!(refusal(b"#!/bin/sh\n"), LoadError::NotAComponent));
    assert!(matches!(refusal(&wat("(module)")), LoadError::CoreModule));
}

#[test]
fn a_truncated_component_is_refused() {
    let whole = component();
    for len in [8, 9, 100, whole.len() / 2, whole.len() - 1] {
        let error = refusal(&whole[..len]);
        assert!(matches!(error, LoadError::Invalid(_) | LoadError::Version { .. }), "{len}: {error:?}");
    }
}

#[test]
fn imports_beyond_the_voice_are_refused_by_name() {
    let clock = wat(r#"(component (import "wasi:clocks/monotonic-clock@0.2.0" (instance (export "now" (func (result u64))))))"#);
    let error = refusal(&clock);
    assert!(matches!(&error, LoadError::Import { name } if name == "wasi:clocks/monotonic-clock@0.2.0#now"), "{error:?}");
    let bare = wat(r#"(component (import "shell" (func (param "command" string))))"#);
    assert!(matches!(refusal(&bare), LoadError::Import { name } if name == "shell"));
    let voice = wat(r#"(component (import "plimsoll:rules/voice@1.0.0" (instance (export "shout" (func)))))"#);
    assert!(matches!(refusal(&voice), LoadError::Import { name } if name.ends_with("#shout")));
    let file = wat(r#"(component (import "wasi:filesystem/types@0.2.0" (instance (export "descriptor" (type (sub resource))))))"#);
    assert!(matches!(refusal(&file), LoadError::Import { .. } | LoadError::Version { .. }));
}

#[test]
fn another_version_of_the_interface_is_named() {
    let newer = refusal(&wat(r#"(component (instance $i) (export "plimsoll:rules/checker@2.1.0" (instance $i)))"#));
    assert_eq!(newer.to_string(), "it exports version 2.1.0 of plimsoll:rules/checker, this program runs 1.0.0");
    let none = refusal(&wat("(component)"));
    assert_eq!(none.to_string(), "it does not export plimsoll:rules/checker; this program runs version 1.0.0 of it");
    let empty = refusal(&wat(r#"(component (instance $i) (export "plimsoll:rules/checker@1.0.0" (instance $i)))"#));
    assert!(matches!(&empty, LoadError::Interface(what) if what.contains("describe")), "{empty:?}");
}

#[test]
fn a_plugin_that_cannot_describe_itself_is_refused() {
    let told = |mode| refusal(&component_that(mode)).to_string();
    assert!(told("trap...").contains("nothing to say"), "{}", told("trap..."));
    assert!(told("loop...").contains("fuel"), "{}", told("loop..."));
    assert!(told("problem").contains("/x: is never right"));
}

#[test]
fn names_are_plain_and_not_ours() {
    assert_eq!(refusal(&component_that("docker.")).to_string(), "its name docker is reserved");
    assert!(matches!(refusal(&component_that("escape.")), LoadError::Name(_)));
}

#[test]
fn another_digest_is_refused() {
    let zeros = "0".repeat(64);
    let error = host().load_third_party(Path::new("p.wasm"), component(), Some(&zeros)).unwrap_err();
    let LoadError::Digest { found, .. } = error else { panic!("{error:?}") };
    assert!(host().load_third_party(Path::new("p.wasm"), component(), Some(&found.to_uppercase())).is_ok());
}

#[test]
fn options_and_keys_reach_every_instance() {
    let host = host();
    let mut plugin = third_party(&host);
    let mut keys = KeyTable::new();
    plugin.configure(&host, b"", &mut keys).unwrap();
    let symbol = keys.symbol("x-hostile").0;
    assert_ne!(symbol, 0);
    for _ in 0..2 {
        assert_eq!(check(&host, &plugin, &["knows-its-key"]).findings[0].message, symbol.to_string());
    }
    let error = plugin.configure(&host, br#"{"wrong": true}"#, &mut keys).unwrap_err();
    assert!(matches!(error, ConfigureError::Problems(problems) if problems[0].pointer == "/wrong"));
}

#[test]
fn a_plugin_is_compiled_once() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("plugins");
    let options = Options { cache: Some(cache.clone()), ..Options::default() };
    let files = || std::fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
    for round in 0..2 {
        let host = Host::new(&options).unwrap();
        let plugin = third_party(&host);
        assert_eq!(check(&host, &plugin, &["honest"]).findings.len(), 1);
        assert_eq!(host.take_warnings(), Vec::<String>::new(), "round {round}");
        assert_eq!(files().len(), 1);
    }
    // A file that another version wrote, or half of one, is not believed.
    std::fs::write(cache.join(&files()[0]), b"\x7fELF and nothing more").unwrap();
    let host = Host::new(&options).unwrap();
    assert_eq!(check(&host, &third_party(&host), &["honest"]).findings.len(), 1);
    assert_eq!(host.take_warnings().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_cache_that_others_may_write_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let host = Host::new(&Options { cache: Some(dir.path().to_owned()), ..Options::default() }).unwrap();
    assert!(host.take_warnings()[0].contains("others may write"));
    third_party(&host);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
