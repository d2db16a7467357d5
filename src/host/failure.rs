//! How a call of a plugin can fail.

use crate::instance::State;
use wasmtime::{Store, Trap};

/// Something a plugin did not do. The unit is incomplete because of it, never clean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The rule that failed alone while others succeeded; `None` when it cannot be pinned on one.
    pub rule: Option<u32>,
    /// What kind.
    pub kind: FailureKind,
    /// A lowercase fragment, in a plugin's words where it said any. Not yet escaped.
    pub message: String,
}

/// Kinds of failure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FailureKind {
    /// It panicked, or did what WebAssembly forbids.
    Trap,
    /// It worked longer than its fuel lasts.
    Fuel,
    /// It worked past the deadline.
    Deadline,
    /// It wanted more memory or table space than it may have.
    Memory,
    /// Its calls nested too deep.
    Stack,
    /// More findings, or larger ones, than a unit may have.
    Results,
    /// A finding that points outside the documents; that finding alone is dropped.
    Invalid,
    /// It answered with an error.
    Answer,
    /// Its code could not be loaded.
    Load,
    /// It was not asked, because isolating the failing rules took too long.
    NotJudged,
}

impl FailureKind {
    /// Whether a limit was hit, rather than a bug.
    pub const fn is_limit(self) -> bool {
        matches!(self, Self::Fuel | Self::Deadline | Self::Memory | Self::Stack | Self::Results | Self::NotJudged)
    }
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { rule: None, kind, message: message.into() }
    }

    pub(crate) fn load(error: &wasmtime::Error) -> Self {
        Self::new(FailureKind::Load, format!("could not be loaded: {error:#}"))
    }

    /// Reads a call's error, and what the limiter and the notes know of it.
    pub(crate) fn of_call(error: &wasmtime::Error, store: &Store<State>) -> Self {
        let state = store.data();
        // The limiter's refusal carries no trap code, so the limiter is asked first.
        if let Some(what) = state.refused() {
            return Self::new(FailureKind::Memory, format!("wanted more {what}"));
        }
        let Some(trap) = error.downcast_ref::<Trap>() else {
            return Self::new(FailureKind::Results, format!("returned what cannot be read: {:#}", error.root_cause()));
        };
        match trap {
            Trap::OutOfFuel => Self::new(FailureKind::Fuel, format!("used up {} units of fuel", grouped(state.fuel))),
            Trap::Interrupt => Self::new(FailureKind::Deadline, "was still working at the deadline"),
            Trap::StackOverflow => Self::new(FailureKind::Stack, "nested its calls too deep"),
            // A Rust guest's stack lies below its data and runs out at address 0, which looks like a stray pointer.
            Trap::MemoryOutOfBounds => Self::new(FailureKind::Stack, "nested its calls too deep, or used a stray pointer"),
            Trap::UnreachableCodeReached => match state.last_words() {
                Some(words) => Self::new(FailureKind::Trap, format!("panicked: {words}")),
                None => Self::new(FailureKind::Trap, "panicked"),
            },
            other => Self::new(FailureKind::Trap, format!("trapped: {other}")),
        }
    }
}

/// 220000000 is 220,000,000.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
