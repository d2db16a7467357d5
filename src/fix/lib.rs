//! Structural fixes become text edits.
//!
//! A rule says what shall hold in the tree ([`Op`]); this crate says which bytes to change so that comments, quoting, indentation and
//! every untouched byte stay. The ops of all chosen fixes are merged on the tree first ([`Plan`]), so that four rules that each need
//! `securityContext` create it once, and then rendered once ([`render`]), per syntax: [`yaml`](mod@yaml) (and JSON), HCL, Dockerfile with
//! the shell inside RUN. It knows documents, never formats' parsers: whoever applies edits parses again and judges again.

mod diff;
mod dockerfile;
mod edit;
mod hcl;
mod hcl_value;
mod json;
mod literal;
mod op;
mod patch;
mod plan;
mod pointer;
mod render;
mod shell;
mod short;
mod text;
mod yaml;
mod yaml_list;
mod yaml_value;

pub use diff::unified;
pub use edit::{TextEdit, apply};
pub use op::{Op, OpKind};
pub use patch::json_patch;
pub use plan::{Conflict, Plan};
pub use render::{Dropped, Rendered, render};
