//! What the component exports.

use crate::Options;
use plimsoll_sdk::guest::bindings::exports::plimsoll::rules::checker;
use plimsoll_sdk::guest::bindings::plimsoll::rules::types as abi;
use plimsoll_sdk::guest::bindings::{self, Guest};
use plimsoll_sdk::{Session, guest};
use std::cell::RefCell;

/// The session, and the settings it was made from: `configure` gets the same ones as `describe`, and rules are loaded once.
#[derive(Default)]
struct Loaded {
    settings: Vec<u8>,
    session: Option<Session<Options>>,
}

thread_local! {
    static LOADED: RefCell<Loaded> = RefCell::default();
}

impl Loaded {
    fn session(&mut self, settings: &[u8]) -> Result<&mut Session<Options>, Vec<abi::Problem>> {
        if self.session.is_none() || self.settings != settings {
            let problem = |problem: plimsoll_sdk::Problem| abi::Problem { pointer: problem.pointer, message: problem.message };
            self.session = None;
            self.session = Some(crate::load(settings).map_err(|problems| problems.into_iter().map(problem).collect::<Vec<_>>())?);
            settings.clone_into(&mut self.settings);
        }
        self.session.as_mut().ok_or_else(Vec::new)
    }
}

struct Component;

impl Guest for Component {
    fn wizer_initialize() {
        guest::initialize();
    }
}

impl checker::Guest for Component {
    fn describe(settings: Vec<u8>) -> Result<abi::Manifest, Vec<abi::Problem>> {
        LOADED.with_borrow_mut(|loaded| guest::describe(loaded.session(&settings)?, &settings))
    }

    fn configure(settings: Vec<u8>, symbols: Vec<u32>) -> Result<(), Vec<abi::Problem>> {
        LOADED.with_borrow_mut(|loaded| guest::configure(loaded.session(&settings)?, &settings, &symbols))
    }

    fn check(unit: abi::Unit, enabled: Vec<u32>) -> Result<Vec<abi::Finding>, String> {
        LOADED.with_borrow_mut(|loaded| match &mut loaded.session {
            Some(session) => guest::check(session, unit, &enabled),
            None => Ok(vec![]),
        })
    }
}

bindings::export!(Component);
