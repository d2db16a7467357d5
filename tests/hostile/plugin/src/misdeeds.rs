//! One function per misdeed.

use crate::exports::plimsoll::rules::checker::{Finding, Unit};
use crate::plimsoll::rules::types::{Fix, Op, Span};
use crate::plimsoll::rules::voice::note;
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

type Misdeed = fn(u32, &Unit, &mut Vec<Finding>) -> Result<(), String>;

/// Every rule: what it is called and what it does. The host's tests find them by name.
pub const ALL: &[(&str, Misdeed)] = &[
    ("honest", honest),
    ("also-honest", honest),
    ("loops", |_, _, _| endless()),
    ("recurses", |rule, _, findings| Ok(findings.push(finding(recurse(u64::from(rule)) as u32, "deep")))),
    ("hoards", |_, _, _| hoard()),
    ("panics", |rule, _, _| panic!("rule {rule} has had enough")),
    ("floods", |rule, _, findings| Ok(findings.extend((0..1_000_000).map(|at| finding(rule, &at.to_string()))))),
    ("spills", |rule, _, findings| Ok(findings.extend((0..5_000).map(|at| finding(rule, &at.to_string()))))),
    ("shouts", |rule, _, findings| Ok(findings.push(finding(rule, &"x".repeat(5 << 20))))),
    ("misses", misses),
    ("cuts-a-character", |rule, _, findings| {
        Ok(findings.push(Finding { at: Span { document: 0, source: 0, start: 0, end: 1 }, ..finding(rule, "half") }))
    }),
    ("operates-elsewhere", operates_elsewhere),
    ("accuses-others", |_, _, findings| Ok(findings.push(finding(0, "it was not me")))),
    ("objects", |_, _, _| Err("I object".to_owned())),
    ("chatters", |rule, _, findings| {
        (0..1_000).for_each(|_| note(2, &"é".repeat(10_000)));
        Ok(findings.push(finding(rule, "said")))
    }),
    ("dawdles", |_, _, _| dawdle()),
    ("strays", |rule, _, findings| Ok(findings.push(finding(black_box(stray()) + rule, "read")))),
    ("remembers", |rule, _, findings| Ok(findings.push(finding(rule, &CALLS.fetch_add(1, Ordering::Relaxed).to_string())))),
    ("knows-its-key", |rule, _, findings| Ok(findings.push(finding(rule, &SYMBOL.load(Ordering::Relaxed).to_string())))),
];

static CALLS: AtomicU32 = AtomicU32::new(0);
static SYMBOL: AtomicU32 = AtomicU32::new(0);

pub fn remember(symbol: Option<u32>) {
    SYMBOL.store(symbol.unwrap_or(0), Ordering::Relaxed);
}

fn finding(rule: u32, message: &str) -> Finding {
    let at = Span { document: 0, source: 0, start: 0, end: 0 };
    Finding { rule, severity: None, message: message.to_owned(), node: 0, at, related: vec![], secrets: vec![], fixes: vec![] }
}

fn honest(rule: u32, unit: &Unit, findings: &mut Vec<Finding>) -> Result<(), String> {
    let document = &unit.documents[0];
    let message = format!("{} of {} has {} nodes", document.target, document.sources[0].uri, document.words[2]);
    let at = Span { document: 0, source: 0, start: 0, end: document.sources[0].length };
    findings.push(Finding { at, ..finding(rule, &message) });
    Ok(())
}

pub fn endless<T>() -> T {
    let mut at = 0_u64;
    loop {
        at = black_box(at.wrapping_add(1));
    }
}

#[allow(unconditional_recursion, reason = "that is the misdeed")]
fn recurse(depth: u64) -> u64 {
    let room = black_box([depth; 64]);
    recurse(room[3] + 1).wrapping_add(room[7])
}

fn hoard() -> Result<(), String> {
    let mut kept = vec![];
    loop {
        kept.push(black_box(vec![1_u8; 1 << 20]));
    }
}

fn misses(rule: u32, unit: &Unit, findings: &mut Vec<Finding>) -> Result<(), String> {
    let length = unit.documents[0].sources[0].length;
    let spans = [(0, 0, 0, length + 1), (0, 0, 5, 4), (0, 1, 0, 0), (1, 0, 0, 0), (u32::MAX, u32::MAX, u32::MAX, u32::MAX)];
    for (document, source, start, end) in spans {
        findings.push(Finding { at: Span { document, source, start, end }, ..finding(rule, "nowhere") });
    }
    findings.push(Finding { node: u32::MAX, ..finding(rule, "no such node") });
    findings.push(Finding { severity: Some(5), ..finding(rule, "no such severity") });
    findings.push(finding(rule, "and one that is right"));
    Ok(())
}

fn operates_elsewhere(rule: u32, _: &Unit, findings: &mut Vec<Finding>) -> Result<(), String> {
    let op = |kind, document, node| Op { kind, document, node, key: "/x".to_owned(), text: "1".to_owned() };
    let fix = |applicability, op| Fix { title: "mend".to_owned(), applicability, ops: vec![op] };
    for fix in [fix(0, op(8, 0, 0)), fix(0, op(0, 1, 0)), fix(0, op(0, 0, 1 << 30)), fix(2, op(0, 0, 0))] {
        findings.push(Finding { fixes: vec![fix], ..finding(rule, "badly mended") });
    }
    findings.push(Finding { fixes: vec![fix(1, op(0, 0, 0))], ..finding(rule, "well mended") });
    Ok(())
}

/// Little fuel, much time: every load misses every cache.
fn dawdle() -> Result<(), String> {
    const LEN: usize = 32 << 20;
    let ring = vec![1_u8; LEN];
    let mut at = 12_345_usize;
    loop {
        at = (at.wrapping_mul(1_103_515_245).wrapping_add(usize::from(black_box(ring[at % LEN])))) % LEN;
    }
}

fn stray() -> u32 {
    // SAFETY: none; that is the misdeed. The sandbox is what makes it harmless.
    unsafe { std::ptr::read_volatile(black_box(0xffff_fff0_usize) as *const u32) }
}
