//! Plugins that are part of the binary.

use crate::specimen::{check, embedded, failures, found, host};
use plimsoll_document::KeyTable;
use plimsoll_host::{Embedded, FailureKind, Host, Options, limits};
use std::thread;

#[test]
fn native_code_runs_where_it_lies() {
    let host = host();
    let plugin = host.load_builtin(embedded());
    assert_eq!(check(&host, &plugin, &["honest"]).findings.len(), 1);
    assert_eq!(host.take_warnings(), Vec::<String>::new());
}

#[test]
fn instances_are_reused_until_they_are_worn() {
    let host = host();
    let plugin = host.load_builtin(embedded());
    for unit in 0..limits::UNITS_PER_INSTANCE + 2 {
        let count = unit % limits::UNITS_PER_INSTANCE;
        assert_eq!(check(&host, &plugin, &["remembers"]).findings[0].message, count.to_string());
    }
}

#[test]
fn a_trap_costs_the_instance_and_nothing_else() {
    let host = host();
    let plugin = host.load_builtin(embedded());
    check(&host, &plugin, &["remembers"]);
    let checked = check(&host, &plugin, &["honest", "panics"]);
    assert_eq!(failures(&plugin, &checked), [("panics".to_owned(), FailureKind::Trap)]);
    assert_eq!(found(&plugin, &checked), ["honest"]);
    let again = check(&host, &plugin, &["honest", "remembers"]);
    assert_eq!(again.failures, []);
}

#[test]
fn a_fresh_instance_starts_as_it_was_built() {
    let host = host();
    let plugin = host.load_builtin(embedded());
    assert_eq!(check(&host, &plugin, &["knows-its-key"]).findings[0].message, "77");
}

#[test]
fn a_key_beyond_the_schema_is_given_its_symbol() {
    let host = host();
    let mut plugin = host.load_builtin(embedded());
    let mut keys = KeyTable::new();
    plugin.configure(&host, b"", &mut keys).unwrap();
    assert_eq!(check(&host, &plugin, &["knows-its-key"]).findings[0].message, keys.symbol("x-hostile").0.to_string());
}

#[test]
fn refused_native_code_is_made_anew_with_a_warning() {
    let mine = embedded();
    let broken: &'static [u8] = mine.native[..4096].to_vec().leak();
    let other =
        Box::leak(Box::new(Embedded { name: "hostile", native: broken, component: mine.component, manifest: mine.manifest.clone() }));
    let host = host();
    let plugin = host.load_builtin(other);
    assert_eq!(check(&host, &plugin, &["honest"]).findings.len(), 1);
    assert!(host.take_warnings()[0].contains("native code was refused"));
}

#[test]
fn fresh_reused_and_pooled_instances_agree_on_any_number_of_threads() {
    let alone = host();
    let names = ["honest", "also-honest", "operates-elsewhere"];
    let expected = check(&alone, &alone.load_builtin(embedded()), &names);
    let pooled = Host::new(&Options { pool: Some(8), ..Options::default() }).unwrap();
    let plugin = pooled.load_builtin(embedded());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(check(&pooled, &plugin, &names), expected);
                }
            });
        }
    });
    assert_eq!(pooled.take_warnings(), Vec::<String>::new());
}
