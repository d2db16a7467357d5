//! The rules of target `terraform`. Each is a Markdown file in `rules/terraform` and, unless that holds a condition, a file of the same name in
//! `src/rules`; the registry is generated from them.

mod constraint;
mod ingress;
mod module;
mod port;
mod tagged;
mod workload;

include!(concat!(env!("OUT_DIR"), "/registry.rs"));
