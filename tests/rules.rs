//! Every built-in rule does what its own examples say, through the whole engine.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use plimsoll_config::{Layer, Origin};
use plimsoll_engine::{Contents, Engine, run_examples};
use plimsoll_rulebook::Rulebook;
use rayon::prelude::*;
use std::path::Path;

fn rulebook() -> Rulebook {
    let book = Rulebook::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"));
    assert_eq!(book.errors, [], "every rule file can be read");
    book
}

#[test]
fn rules_do_what_their_examples_say() {
    let engine = Engine::new(None).unwrap();
    let layer = Layer { origin: Origin::CommandLine, ..Layer::default() };
    let failures: Vec<String> =
        rulebook().rules.par_iter().flat_map(|rule| run_examples(&engine, rule, &layer)).map(|failure| failure.to_string()).collect();
    assert!(failures.is_empty(), "{} examples fail:\n\n{}", failures.len(), failures.join("\n"));
}

/// Ids are permanent: one that was ever here stays. New ones are added to the file when they come.
#[test]
fn rule_ids_never_vanish() {
    let frozen = include_str!("rule-ids.txt");
    let ids: Vec<String> = rulebook().rules.iter().map(|rule| rule.meta.id.to_string()).collect();
    let gone: Vec<&str> = frozen.lines().filter(|id| !ids.iter().any(|known| known == id)).collect();
    assert!(gone.is_empty(), "rules vanished; an id is kept for good, as an alias at least: {gone:?}");
    let new: Vec<&String> = ids.iter().filter(|id| !frozen.lines().any(|known| known == **id)).collect();
    assert!(new.is_empty(), "add the new rules to tests/rule-ids.txt: {new:?}");
}

#[test]
fn binary_holds_the_rules_of_the_folder() {
    let engine = Engine::new(None).unwrap();
    let catalogue = engine.catalogue(&Contents::default()).unwrap();
    let mut held: Vec<&str> = catalogue.rules().iter().map(|rule| &*rule.id).collect();
    held.sort_unstable();
    let book = rulebook();
    let written: Vec<&str> = book.rules.iter().map(|rule| &*rule.meta.id).collect();
    assert_eq!(held, written);
}

/// A peer's id that two rules claim as their own meaning would waive and explain both.
#[test]
fn aliases_have_the_peers_spelling() {
    for rule in &rulebook().rules {
        for alias in rule.meta.aliases.iter().chain(rule.meta.related.iter()) {
            let (peer, id) = alias.split_once(':').unwrap_or_else(|| panic!("{}: alias `{alias}` is not `peer:ID`", rule.meta.id));
            assert!(!peer.is_empty() && !id.is_empty() && peer == peer.to_lowercase(), "{}: {alias}", rule.meta.id);
        }
    }
}
