//! Where a start spends its time: engine, loading one built-in plugin, first and second unit.
#![allow(clippy::print_stdout, missing_docs, reason = "prints what it measures")]

use plimsoll_document::{Builder, Key, KeyTable, Span, Value};
use plimsoll_host::{Host, Options, Unit};
use std::time::Instant;

fn main() {
    let keys = KeyTable::new();
    let mut builder = Builder::new("docker", &keys);
    let source = builder.source("Dockerfile", "FROM debian\n");
    let root = builder.root(Value::Map, Span::new(source, 0, 12));
    let list = builder.entry(root, Key::fact("stages"), Value::List, Span::new(source, 0, 12));
    for _ in 0..100 {
        let stage = builder.item(list, Value::Map, Span::new(source, 0, 11));
        builder.entry(stage, Key::fact("image"), Value::String("debian"), Span::new(source, 5, 11));
    }
    let document = builder.finish();
    let documents = [&document];
    let unit = Unit::alone(&documents);
    let pool = std::env::args().nth(1).and_then(|pool| pool.parse().ok());
    let begin = Instant::now();
    let host = Host::new(&Options { pool, ..Options::default() }).expect("this machine runs plugins");
    let engine = begin.elapsed();
    let plugin = host.load_builtin(&plimsoll_embedded_docker::ARTEFACT);
    let rules: Vec<u32> = (0..plugin.manifest().rules.len() as u32).collect();
    let first = Instant::now();
    let checked = host.check(&plugin, &unit, &rules, None);
    let first = first.elapsed();
    let second = Instant::now();
    host.check(&plugin, &unit, &rules, None);
    let second = second.elapsed();
    let many = Instant::now();
    for _ in 0..1_000 {
        host.check(&plugin, &unit, &rules, None);
    }
    println!("engine {engine:?}, first unit {first:?}, second {second:?}, mean of 1,000 {:?}", many.elapsed() / 1_000);
    println!("{} rules, {} findings, failures {:?}", rules.len(), checked.findings.len(), checked.failures);
}
