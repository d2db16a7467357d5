//! What the targets share: inputs of several files, and the promises that every document keeps.

pub mod document;
pub mod project;
