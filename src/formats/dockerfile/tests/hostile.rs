//! Files meant to hurt: little text that asks for much. Each ends soon, in little memory, and says that it was cut short.

#![allow(clippy::unwrap_used, clippy::format_collect, reason = "tests")]

mod support;

use plimsoll_formats::{MAX_DECODED, ProblemKind};
use std::time::{Duration, Instant};

/// Generous for a busy machine; what is not bounded takes minutes, or all memory there is.
const BOUND: Duration = Duration::from_secs(20);

fn limited(text: &str) {
    let before = Instant::now();
    let parsed = support::parse(text);
    assert!(before.elapsed() < BOUND, "took {:?}", before.elapsed());
    assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Limit), "{:?}", parsed.problems);
    assert!(parsed.document.table.text().len() < 4 * MAX_DECODED, "{} bytes", parsed.document.table.text().len());
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (1..=count).map(|at| line(at) + "\n").collect()
}

#[test]
fn variables_that_double_are_refused() {
    for keyword in ["ARG", "ENV"] {
        limited(&format!("FROM a\n{keyword} A0=xxxxxxxxxx\n{}", lines(40, |at| format!("{keyword} A{at}=$A{0}$A{0}$A{0}", at - 1))));
    }
    limited(&format!("FROM a\nRUN A0={} {}\n", "x".repeat(10_000), lines(40, |at| format!("&& A{at}=$A{0}$A{0}$A{0} \\", at - 1))));
}

#[test]
fn one_long_value_used_often_is_refused() {
    let long = "x".repeat(60_000);
    limited(&format!("FROM a\nARG A={long}\n{}", lines(100_000, |at| format!("ENV B{at}=$A"))));
    limited(&format!("FROM a\nENV A={long}\n{}", lines(100_000, |_| "RUN echo $A".to_owned())));
    limited(&format!("FROM a\nARG A={long}\nENV B={}\n", "$A".repeat(30_000)));
    limited(&format!("FROM a\nARG A={}\n{}", "x".repeat(900), lines(20, |_| format!("ENV B=${{A/x/{}}}${{A//x/{long}}}", "y"))));
}

#[test]
fn a_directory_that_grows_is_refused() {
    limited(&format!("FROM a\nWORKDIR /\n{}", lines(300, |_| format!("WORKDIR {}", "a/".repeat(30_000)))));
}

#[test]
fn what_stands_behind_is_read() {
    let text = format!("FROM a\nARG A0=xxxxxxxxxx\n{}USER app\n", lines(40, |at| format!("ARG A{at}=$A{0}$A{0}$A{0}", at - 1)));
    let parsed = support::parse(&text);
    let last = support::instructions(parsed.document.doc().root()).pop().unwrap();
    assert_eq!(support::text(last, "value"), Some("app"));
}
