//! The rules of target `compose`. Each is a Markdown file in `rules/compose` and, unless that holds a condition, a file of the same name in
//! `src/rules`; the registry is generated from them.

mod datastore;
mod health;
mod limit;
mod login;
mod option;
mod order;
mod path;
mod port;
mod service;

include!(concat!(env!("OUT_DIR"), "/registry.rs"));
