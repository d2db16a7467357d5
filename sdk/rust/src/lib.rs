//! Write Plimsoll rules in Rust.
//!
//! A rule is a function that gets a typed view of what it judges, and a [`Report`] for what it finds:
//!
//! ```
//! use plimsoll_sdk::docker::{Report, Stage};
//!
//! pub fn check(stage: Stage, report: &mut Report) {
//!     let user = stage.facts().user();
//!     if stage.facts().shipped().is(true).is_true() && user.value().is("root").is_true() {
//!         report.at(user).message("the image runs as root");
//!     }
//! }
//! ```
//!
//! Views read the tree that the host normalised: variables expanded, files merged, short forms made long. What cannot be told is never
//! guessed: every [`Field`] is a value, absent, or unknown, comparisons give a [`Truth`], and a rule fires on what is known. `README.md`
//! beside this crate is the guide; `docs/documents/` lists every type and field.

#![allow(clippy::needless_pass_by_value, reason = "views, fields and nodes are a few numbers; rules pass them on without ado")]

mod document_pages;
mod dynamic;
mod field;
mod finding;
mod fix;
mod list;
mod many;
mod map;
mod names;
mod needs;
mod options;
mod plugin;
mod report;
mod truth;
mod unit;
mod view;
mod walk;

pub mod compose;
pub mod credential;
pub mod docker;
pub mod kubernetes;
pub mod terraform;

#[cfg(target_arch = "wasm32")]
pub mod guest;

pub use document_pages::document_page;
pub use dynamic::Dyn;
pub use field::{Decode, Field, State};
pub use finding::{At, Finding, RawFix, RawOp, Severity};
pub use fix::Fix;
pub use list::{Item, Known, List};
pub use map::{Entry, Map};
pub use options::OptionReader;
pub use plimsoll_condition::Json;
pub use plimsoll_document as document;
pub use plimsoll_document::{Doc, Kind, Node, OpKind, Span, Symbol};
pub use plugin::{Check, Judges, Plugin, Problem, Rule, Session, run_natively};
pub use report::{Draft, Report};
pub use truth::Truth;
pub use unit::{Blocks, Relation, Unit};
pub use view::{Place, View};
