//! Rules that misbehave while they judge.

use crate::specimen::{check, document, failures, found, host, rules, third_party};
use plimsoll_host::{FailureKind, Unit, limits};
use std::time::{Duration, Instant};

/// The rule fails as told, and two honest rules beside it are heard, whoever comes first.
fn fails_alone(name: &str, kind: FailureKind, message: &str) {
    let host = host();
    let plugin = third_party(&host);
    for names in [[name, "honest", "also-honest"], ["honest", "also-honest", name]] {
        let checked = check(&host, &plugin, &names);
        assert_eq!(failures(&plugin, &checked), [(name.to_owned(), kind)], "{checked:?}");
        assert!(checked.failures[0].message.contains(message), "{:?}", checked.failures);
        let mut found = found(&plugin, &checked);
        found.retain(|found| found != name);
        assert_eq!(found, ["honest", "also-honest"]);
    }
}

#[test]
fn honest_rules_see_the_document() {
    let host = host();
    let plugin = third_party(&host);
    let checked = check(&host, &plugin, &["honest"]);
    assert_eq!(checked.failures, []);
    assert_eq!(checked.findings[0].message, "compose of compose.yaml has 2 nodes");
    assert_eq!(checked.findings[0].at.end, 6);
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    fails_alone("loops", FailureKind::Fuel, "used up 200,200,000 units of fuel");
}

#[test]
fn recursion_runs_out_of_stack() {
    fails_alone("recurses", FailureKind::Stack, "nested its calls too deep");
}

#[test]
fn hoarding_hits_the_memory_limit() {
    fails_alone("hoards", FailureKind::Memory, "wanted more memory than the 64 MiB it may have");
}

#[test]
fn a_panic_has_its_message() {
    fails_alone("panics", FailureKind::Trap, "rule 5 has had enough");
}

#[test]
fn a_stray_pointer_is_caught() {
    fails_alone("strays", FailureKind::Stack, "stray pointer");
}

#[test]
fn an_error_is_told_in_the_plugins_words() {
    fails_alone("objects", FailureKind::Answer, "I object");
}

#[test]
fn a_million_findings_are_refused() {
    let host = host();
    let plugin = third_party(&host);
    let checked = check(&host, &plugin, &["honest", "floods"]);
    assert_eq!(found(&plugin, &checked)[..1], ["honest"]);
    assert!(checked.findings.len() <= 1 + limits::FINDINGS);
    assert_eq!(checked.failures.len(), 1);
    assert!(checked.failures[0].kind.is_limit());
}

#[test]
fn too_many_findings_are_cut_and_only_they() {
    let host = host();
    let plugin = third_party(&host);
    let checked = check(&host, &plugin, &["spills", "honest", "also-honest"]);
    assert_eq!(failures(&plugin, &checked), [("spills".to_owned(), FailureKind::Results)]);
    assert_eq!(checked.findings.len(), limits::FINDINGS + 2);
    assert_eq!(checked.findings[2].message, "0");
}

#[test]
fn a_huge_message_is_cut() {
    fails_alone("shouts", FailureKind::Results, "4 MiB");
}

#[test]
fn findings_outside_the_documents_are_dropped() {
    for (name, kept) in [("misses", 1), ("operates-elsewhere", 1), ("cuts-a-character", 0)] {
        let host = host();
        let plugin = third_party(&host);
        let checked = check(&host, &plugin, &["honest", name]);
        assert_eq!(failures(&plugin, &checked), [(name.to_owned(), FailureKind::Invalid)]);
        assert_eq!(checked.findings.len(), 1 + kept, "{checked:?}");
    }
}

#[test]
fn a_finding_in_another_rules_name_is_dropped() {
    let host = host();
    let plugin = third_party(&host);
    let checked = check(&host, &plugin, &["accuses-others"]);
    assert_eq!(checked.findings, []);
    assert_eq!(failures(&plugin, &checked), [(String::new(), FailureKind::Invalid)]);
}

#[test]
fn notes_are_few_and_short() {
    let host = host();
    let plugin = third_party(&host);
    let checked = check(&host, &plugin, &["chatters"]);
    assert_eq!(checked.failures, []);
    assert_eq!(checked.notes.len(), limits::NOTES);
    assert_eq!(checked.notes[0].text, "é".repeat(limits::NOTE_BYTES / 2));
}

#[test]
fn little_fuel_and_much_time_ends_at_the_deadline() {
    let host = host();
    let plugin = third_party(&host);
    let document = document();
    let start = Instant::now();
    let deadline = Some(Duration::from_millis(200));
    let checked = host.check(&plugin, &Unit::alone(&[&document]), &rules(&plugin, &["dawdles"]), deadline);
    assert_eq!(failures(&plugin, &checked), [("dawdles".to_owned(), FailureKind::Deadline)]);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn several_culprits_are_each_named() {
    let host = host();
    let plugin = third_party(&host);
    let names = ["panics", "honest", "recurses", "objects", "also-honest", "strays"];
    for _ in 0..2 {
        // The second time the culprits are known and asked alone; the answer is the same but for the order.
        let checked = check(&host, &plugin, &names);
        let mut culprits: Vec<String> = failures(&plugin, &checked).into_iter().map(|(name, _)| name).collect();
        culprits.sort();
        assert_eq!(culprits, ["objects", "panics", "recurses", "strays"]);
        assert_eq!(found(&plugin, &checked), ["honest", "also-honest"]);
    }
}

#[test]
fn third_parties_start_afresh_for_every_unit() {
    let host = host();
    let plugin = third_party(&host);
    for _ in 0..3 {
        assert_eq!(check(&host, &plugin, &["remembers"]).findings[0].message, "0");
    }
}
