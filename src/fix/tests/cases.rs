//! Every op on every syntax: the exact text that comes out, or why the fix is dropped.
//!
//! A case file holds cases behind `====`: the files before, a line per op of one fix (`---- KIND /NODE + POINTER = TEXT`), and the files that
//! changed. `␍` is a carriage return, `␃` the end of a file without a last line end, `␊` a line end in an op's text.

mod support;

use support::{Format, run};

#[test]
fn kubernetes() {
    run(Format::Kubernetes, include_str!("cases/kubernetes.txt"));
}

#[test]
fn compose() {
    run(Format::Compose, include_str!("cases/compose.txt"));
}

#[test]
fn terraform() {
    run(Format::Terraform, include_str!("cases/terraform.txt"));
}

#[test]
fn dockerfile() {
    run(Format::Docker, include_str!("cases/dockerfile.txt"));
}
