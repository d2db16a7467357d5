//! The rules of target `kubernetes`. Each is a Markdown file in `rules/kubernetes` and, unless that holds a condition, a file of the same name in
//! `src/rules`; the registry is generated from them.

mod capability;
mod component;
mod container;
mod resources;
mod role;
mod volume;

include!(concat!(env!("OUT_DIR"), "/registry.rs"));
