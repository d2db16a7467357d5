//! A plugin whose rules misbehave, one way each. The host's tests build it, and change the bytes of [`MODE`] in the component to make it
//! misbehave before any rule runs.

mod misdeeds;

wit_bindgen::generate!({ path: "../../../sdk/wit/v1", world: "plugin" });

use exports::plimsoll::rules::checker::{Finding, Guest, Manifest, Problem, Unit};
use plimsoll::rules::types::RuleInfo;
use plimsoll::rules::voice::note;

/// Read at run time, so that a test can set another mode without another build.
static MODE: [u8; 24] = *b"plimsoll-hostile:honest.";

fn mode() -> &'static [u8] {
    std::hint::black_box(&MODE)
}

/// What the host runs at build time for plugins of its own.
#[unsafe(export_name = "wizer-initialize")]
extern "C" fn initialize() {
    misdeeds::remember(Some(77));
}

struct Hostile;

/// Enough for a rule to be listed and selected.
fn metadata(id: &str) -> String {
    format!(r#"{{"title": "It {id}", "target": "docker", "profile": "all"}}"#)
}

impl Guest for Hostile {
    fn describe(_: Vec<u8>) -> Result<Manifest, Vec<Problem>> {
        std::panic::set_hook(Box::new(|panic| note(0, &panic.to_string())));
        match mode() {
            b"plimsoll-hostile:trap..." => panic!("nothing to say"),
            b"plimsoll-hostile:loop..." => misdeeds::endless(),
            b"plimsoll-hostile:problem" => return Err(vec![Problem { pointer: "/x".to_owned(), message: "is never right".to_owned() }]),
            _ => {}
        }
        let name = match mode() {
            b"plimsoll-hostile:docker." => "docker",
            b"plimsoll-hostile:escape." => "\u{1b}[31mred",
            _ => "hostile",
        };
        let rules = misdeeds::ALL.iter().map(|(id, _)| RuleInfo { id: (*id).to_owned(), metadata: metadata(id), relations: vec![] });
        Ok(Manifest { name: name.to_owned(), version: "0.1.0".to_owned(), rules: rules.collect(), keys: vec!["x-hostile".to_owned()] })
    }

    fn configure(settings: Vec<u8>, symbols: Vec<u32>) -> Result<(), Vec<Problem>> {
        std::panic::set_hook(Box::new(|panic| note(0, &panic.to_string())));
        if settings.windows(5).any(|window| window == b"wrong") {
            return Err(vec![Problem { pointer: "/wrong".to_owned(), message: "is not known".to_owned() }]);
        }
        misdeeds::remember(symbols.first().copied());
        Ok(())
    }

    fn check(unit: Unit, enabled: Vec<u32>) -> Result<Vec<Finding>, String> {
        std::panic::set_hook(Box::new(|panic| note(0, &panic.to_string())));
        let mut findings = vec![];
        for rule in enabled {
            misdeeds::ALL[rule as usize].1(rule, &unit, &mut findings)?;
        }
        Ok(findings)
    }
}

export!(Hostile);
