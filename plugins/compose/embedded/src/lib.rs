//! The compose plugin as part of the binary.
//!
//! A crate of its own, so that touching a rule of this plugin compiles no other.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
include!(concat!(env!("OUT_DIR"), "/rules.rs"));
