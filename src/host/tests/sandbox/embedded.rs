//! The plugins that ship.

use crate::specimen::host;
use plimsoll_document::{Builder, KeyTable, Span, Value};
use plimsoll_host::{Embedded, Unit};

static ALL: [&Embedded; 5] = [
    &plimsoll_embedded_compose::ARTEFACT,
    &plimsoll_embedded_docker::ARTEFACT,
    &plimsoll_embedded_kubernetes::ARTEFACT,
    &plimsoll_embedded_policy::ARTEFACT,
    &plimsoll_embedded_terraform::ARTEFACT,
];

#[test]
fn each_loads_its_own_native_code_and_judges() {
    let host = host();
    let keys = KeyTable::new();
    for embedded in ALL {
        let plugin = host.load_builtin(embedded);
        assert_eq!(plugin.manifest().name, embedded.name);
        let mut builder = Builder::new(embedded.name, &keys);
        let source = builder.source("empty", "");
        builder.root(Value::Map, Span::new(source, 0, 0));
        let document = builder.finish();
        let every: Vec<u32> = (0..plugin.manifest().rules.len().max(1) as u32).collect();
        let checked = host.check(&plugin, &Unit::alone(&[&document]), &every, None);
        assert_eq!(checked.failures, [], "{}", embedded.name);
    }
    assert_eq!(host.take_warnings(), Vec::<String>::new());
}

#[test]
fn the_manifest_taken_at_build_time_is_what_the_plugin_says() {
    let host = host();
    for embedded in ALL {
        let mut plugin = host.load_builtin(embedded);
        plugin.configure(&host, b"{}", &mut KeyTable::new()).unwrap();
        assert_eq!(plugin.manifest(), &embedded.manifest);
    }
}
