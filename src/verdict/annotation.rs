//! Waivers in a Kubernetes object's annotations: ours and the peers'.

use crate::comment::waiver;
use crate::selector::Catalogue;
use crate::waiver::{By, Cover, Fault, Part, Waiver};
use jiff::civil::Date;
use plimsoll_finding::Location;

/// The annotations of one Kubernetes object.
#[derive(Debug, Clone)]
pub struct ObjectAnnotations {
    /// Bytes of the whole object in its file.
    pub covers: (u32, u32),
    /// Key, value, and where the value stands; the location's path is the object's file.
    pub entries: Vec<(String, String, Location)>,
}

/// Waivers of an object, and faults in our own.
pub(crate) fn waivers(catalogue: &Catalogue, object: &ObjectAnnotations) -> Vec<Result<Waiver, Fault>> {
    let mut all = Vec::new();
    for (key, value, at) in &object.entries {
        if key == "plimsoll.dev/ignore" {
            for line in value.lines().map(str::trim).filter(|line| !line.is_empty()) {
                let text = line.strip_prefix("plimsoll:").unwrap_or(line);
                // The value is decoded text: a place inside it has no bytes of its own, so every part points at the whole value.
                all.push(waiver(catalogue, text, at.clone(), By::Annotation, |_| Cover::Within(object.covers), |_, _| at.clone()));
            }
        } else {
            all.extend(peer(catalogue, object, key, value, at).map(Ok));
        }
    }
    all
}

/// What checkov's annotations begin with, by the names it was sold under.
const CHECKOV: [&str; 3] = ["checkov.io/skip", "bridgecrew.io/skip", "cortex.io/skip"];

fn peer(catalogue: &Catalogue, object: &ObjectAnnotations, key: &str, value: &str, at: &Location) -> Option<Waiver> {
    let value = value.trim();
    let words = |text: &str| text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let all = || vec!["*".to_owned()];
    let sibling = |name: &str| object.entries.iter().find(|(key, _, _)| key == name).map(|(_, value, _)| value.trim().to_owned());
    let (mut reason, mut until) = (None, None);
    let (peer, ids): (&'static str, Vec<String>) = if let Some(check) = key.strip_prefix("ignore-check.kube-linter.io/") {
        reason = Some(value.to_owned());
        ("kube-linter", vec![check.to_owned()])
    } else if key == "kube-linter.io/ignore-all" {
        reason = Some(value.to_owned());
        ("kube-linter", all())
    } else if CHECKOV.iter().any(|prefix| key.strip_prefix(prefix).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))) {
        let (id, why) = value.split_once('=').unwrap_or((value, ""));
        reason = Some(why.to_owned());
        ("checkov", words(id))
    } else if let Some(check) = key.strip_prefix("polaris.fairwinds.com/").filter(|_| value == "true") {
        if check == "exempt" { ("polaris", all()) } else { ("polaris", vec![check.strip_suffix("-exempt")?.to_owned()]) }
    } else if key == "kubescape.io/skip-controls" {
        reason = sibling("kubescape.io/skip-reason");
        // A date that cannot be read makes no exception, as in kubescape.
        until = match sibling("kubescape.io/skip-expiry") {
            Some(text) => Some(text.get(..10)?.parse::<Date>().ok()?),
            None => None,
        };
        ("kubescape", words(value))
    } else if key == "kube-score/ignore" {
        ("kube-score", words(value))
    } else {
        return None;
    };
    let mut rules: Vec<usize> = ids.iter().flat_map(|id| catalogue.of_peer(peer, id)).collect();
    rules.sort_unstable();
    rules.dedup();
    let part = Part { rules: Some(rules), selector: ids.join(", "), at: at.clone() };
    Some(Waiver {
        by: By::Peer(peer),
        parts: vec![part],
        cover: Cover::Within(object.covers),
        at: at.clone(),
        until,
        owner: None,
        ticket: None,
        reason: reason.filter(|reason| !reason.is_empty()),
    })
}
