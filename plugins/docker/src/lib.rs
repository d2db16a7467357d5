//! The rules of target `docker`. Each is a Markdown file in `rules/docker` and, unless that holds a condition, a file of the same name in
//! `src/rules`; the registry is generated from them. What several rules share lies beside: [`run`] reads RUN instructions, [`packages`]
//! knows package managers, [`images`] base images, [`context`] what a build copies.

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

mod context;
mod eol;
mod images;
mod keywords;
mod layer;
mod packages;
mod pipe;
mod projects;
mod run;
mod shell;
mod strategy;
mod user;
mod variables;
