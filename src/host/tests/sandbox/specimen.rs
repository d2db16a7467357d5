//! The plugin of `tests/hostile/plugin`, built once for all tests, and a document for it to judge.

use plimsoll_artefact::{Embedded, Guest, build_guest, describe, encode, initialise, precompile};
use plimsoll_document::{Builder, Document, Key, KeyTable, Span, Value};
use plimsoll_host::{Checked, FailureKind, Host, Options, Plugin, Unit};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The core module, as cargo makes it.
fn module() -> &'static [u8] {
    static MODULE: OnceLock<Vec<u8>> = OnceLock::new();
    MODULE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        build_guest(&Guest {
            manifest: root.join("tests/hostile/plugin/Cargo.toml"),
            package: "hostile-plugin".to_owned(),
            // Where the built-in guests are built too: their dependencies are there.
            target_dir: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../guests"),
            locked: true,
        })
        .unwrap()
    })
}

/// The component.
pub(crate) fn component() -> &'static [u8] {
    static COMPONENT: OnceLock<Vec<u8>> = OnceLock::new();
    COMPONENT.get_or_init(|| encode(module()).unwrap())
}

/// The component in another mode, which has as many letters as `honest.`.
pub(crate) fn component_that(mode: &str) -> Vec<u8> {
    let mut bytes = component().to_vec();
    let marker = b"plimsoll-hostile:honest.";
    let places: Vec<usize> = bytes.windows(marker.len()).enumerate().filter(|(_, window)| window == marker).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "the component holds its mode");
    for at in places {
        bytes[at + 17..at + 24].copy_from_slice(mode.as_bytes());
    }
    bytes
}

/// The plugin as if it were part of the binary.
pub(crate) fn embedded() -> &'static Embedded {
    static EMBEDDED: OnceLock<Embedded> = OnceLock::new();
    EMBEDDED.get_or_init(|| {
        let component = encode(&initialise(module()).unwrap()).unwrap();
        let native = precompile(&component, plimsoll_artefact::TARGET).unwrap();
        let manifest = describe(&component).unwrap();
        Embedded { name: "hostile", native: aligned(&native), component: component.leak(), manifest }
    })
}

/// A copy that starts at a page and shares its pages with nobody.
fn aligned(bytes: &[u8]) -> &'static [u8] {
    let room = vec![0_u8; bytes.len() + 3 * 4096].leak();
    let start = room.as_ptr().align_offset(4096);
    room[start..start + bytes.len()].copy_from_slice(bytes);
    &room[start..start + bytes.len()]
}

pub(crate) fn host() -> Host {
    Host::new(&Options::default()).unwrap()
}

/// The plugin as a third party's.
pub(crate) fn third_party(host: &Host) -> Plugin {
    host.load_third_party(Path::new("hostile.wasm"), component(), None).unwrap()
}

/// `é: 1` in a Compose file.
pub(crate) fn document() -> Document {
    let keys = KeyTable::new();
    let mut builder = Builder::new("compose", &keys);
    let text = "é: 1\n";
    let source = builder.source("compose.yaml", text);
    let root = builder.root(Value::Map, Span::new(source, 0, 5));
    builder.entry(root, Key::at("é", Span::new(source, 0, 2)), Value::Number(1.0), Span::new(source, 4, 5));
    builder.finish()
}

/// The numbers of rules by name.
pub(crate) fn rules(plugin: &Plugin, names: &[&str]) -> Vec<u32> {
    let number = |name: &&str| plugin.manifest().rules.iter().position(|rule| rule.id == *name).unwrap() as u32;
    names.iter().map(number).collect()
}

/// Judges the document with rules by name.
pub(crate) fn check(host: &Host, plugin: &Plugin, names: &[&str]) -> Checked {
    let document = document();
    host.check(plugin, &Unit::alone(&[&document]), &rules(plugin, names), None)
}

/// Failures as (rule's name, kind).
pub(crate) fn failures(plugin: &Plugin, checked: &Checked) -> Vec<(String, FailureKind)> {
    let name = |rule: Option<u32>| rule.map_or(String::new(), |rule| plugin.manifest().rules[rule as usize].id.to_string());
    checked.failures.iter().map(|failure| (name(failure.rule), failure.kind)).collect()
}

/// Names of the rules that found something, in order.
pub(crate) fn found(plugin: &Plugin, checked: &Checked) -> Vec<String> {
    checked.findings.iter().map(|finding| plugin.manifest().rules[finding.rule as usize].id.to_string()).collect()
}
