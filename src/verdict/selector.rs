//! Selectors: what they name and how much they weigh.

use crate::peers::{normal_id, split};
use plimsoll_config::near;
use plimsoll_finding::{Profile, RuleMeta};
use std::collections::{BTreeSet, HashMap};

/// Plugins that are ours or the user's own. A third party's aliases drive no waivers and no selection: it could silence what it does not
/// own.
const TRUSTED_PLUGINS: [&str; 6] = ["docker", "compose", "kubernetes", "terraform", "policy", "plimsoll"];

/// Rules by everything they can be named by.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    ids: Vec<String>,
    targets: Vec<String>,
    profiles: Vec<Profile>,
    controls: Vec<Vec<String>>,
    by_id: HashMap<String, usize>,
    aliases: HashMap<(String, String), Vec<usize>>,
    related: HashMap<(String, String), Vec<usize>>,
    peers: BTreeSet<String>,
}

/// What a selector names: rules, and its weight among other selectors (the heavier, the more specific).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// Indices of rules, ascending.
    pub rules: Vec<usize>,
    /// Its weight.
    pub weight: u32,
}

impl Catalogue {
    /// Indexes rules; their order gives the indices.
    pub fn new(rules: &[RuleMeta]) -> Self {
        let mut catalogue = Self::default();
        for (index, rule) in rules.iter().enumerate() {
            let id = rule.id.to_ascii_lowercase();
            catalogue.by_id.insert(id.clone(), index);
            catalogue.targets.push(rule.target.to_ascii_lowercase());
            catalogue.profiles.push(rule.profile);
            catalogue.controls.push(rule.controls.iter().map(|control| control.to_ascii_lowercase()).collect());
            catalogue.ids.push(id);
            if TRUSTED_PLUGINS.contains(&rule.plugin.as_str()) {
                for (names, index_of) in [(&rule.aliases, &mut catalogue.aliases), (&rule.related, &mut catalogue.related)] {
                    for (peer, id) in names.iter().filter_map(|name| split(name)) {
                        let key = (peer.clone(), normal_id(&peer, id));
                        catalogue.peers.insert(peer);
                        index_of.entry(key).or_default().push(index);
                    }
                }
            }
        }
        catalogue
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The index of a rule by its id, whatever the case.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).or_else(|| self.by_id.get(&id.to_ascii_lowercase())).copied()
    }

    /// What a selector names, or `None` if it names nothing known.
    pub fn select(&self, selector: &str) -> Option<Selected> {
        let text = selector.trim().to_ascii_lowercase();
        let all = |weight, keep: &dyn Fn(usize) -> bool| Selected { rules: (0..self.len()).filter(|index| keep(*index)).collect(), weight };
        let found = |selected: Selected| (!selected.rules.is_empty()).then_some(selected);
        if text == "all" || text == "*" {
            return Some(all(0, &|_| true));
        }
        if let Some(name) = text.strip_prefix("profile:") {
            let wanted = [Profile::Recommended, Profile::Strict, Profile::All].into_iter().find(|profile| profile.name() == name)?;
            return Some(all(100, &|index| self.profiles[index] <= wanted));
        }
        if let Some(control) = text.strip_prefix("control:") {
            let below = |have: &str| have == control || have.strip_prefix(control).is_some_and(|rest| rest.starts_with([':', '.']));
            let exact = if control.contains(':') { 350 } else { 300 };
            return found(all(exact, &|index| self.controls[index].iter().any(|have| below(have))));
        }
        if let Some(&index) = self.by_id.get(&text) {
            return Some(Selected { rules: vec![index], weight: 10_000 });
        }
        if text.contains('*') {
            let letters = text.chars().filter(|c| *c != '*').count().min(5_000) as u32;
            return found(all(400 + letters, &|index| wildcard(&text, &self.ids[index])));
        }
        // `docker` is a target; a third party's or a user's namespace is named the same way.
        let targets = all(200, &|index| self.targets[index] == text || self.ids[index].split('/').next() == Some(text.as_str()));
        if !targets.rules.is_empty() {
            return Some(targets);
        }
        let rules = self.peer(&text, false);
        let rules = if rules.is_empty() { self.peer(&text, true) } else { rules };
        found(Selected { rules, weight: 9_000 })
    }

    /// Rules that a waiver covers and `plimsoll rule` explains: as [`Self::select`], but a peer's id reaches rules that are merely near as well.
    pub fn cover(&self, selector: &str) -> Option<Vec<usize>> {
        let mut selected = self.select(selector)?;
        if selected.weight == 9_000 {
            selected.rules =
                merged(self.peer(&selector.trim().to_ascii_lowercase(), false), self.peer(&selector.trim().to_ascii_lowercase(), true));
        }
        Some(selected.rules)
    }

    /// Rules that carry a peer's id, given with or without the peer's name.
    fn peer(&self, text: &str, related: bool) -> Vec<usize> {
        let index = if related { &self.related } else { &self.aliases };
        if let Some((peer, id)) = split(text)
            && self.peers.contains(&peer)
        {
            let id = normal_id(&peer, id);
            return index.get(&(peer, id)).cloned().unwrap_or_default();
        }
        let mut rules: Vec<usize> =
            self.peers.iter().filter_map(|peer| index.get(&(peer.clone(), normal_id(peer, text)))).flatten().copied().collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Rules that a peer's own comment names: aliases and related of that peer. `*` and `all` are all of the peer's.
    pub(crate) fn of_peer(&self, peer: &str, id: &str) -> Vec<usize> {
        let everything = matches!(id.to_ascii_lowercase().as_str(), "*" | "all");
        let mut rules: Vec<usize> = if everything {
            [&self.aliases, &self.related]
                .into_iter()
                .flatten()
                .filter(|((of, _), _)| of == peer)
                .flat_map(|(_, rules)| rules)
                .copied()
                .collect()
        } else {
            let key = (peer.to_owned(), normal_id(peer, id));
            [&self.aliases, &self.related].into_iter().filter_map(|index| index.get(&key)).flatten().copied().collect()
        };
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// What somebody may have meant by an unknown selector.
    pub fn near(&self, selector: &str) -> Option<String> {
        let plain = ["ALL", "profile:recommended", "profile:strict", "profile:all", "docker", "compose", "kubernetes", "terraform"];
        if let Some(name) = near(selector, plain.into_iter().chain(self.ids.iter().map(String::as_str))) {
            return Some(name.to_owned());
        }
        // The name alone, without its target: `user-root`.
        let tail = selector.rsplit('/').next().unwrap_or(selector);
        let names: Vec<&str> = self.ids.iter().filter_map(|id| id.rsplit('/').next()).collect();
        let name = near(tail, names.iter().copied())?;
        self.ids.iter().find(|id| id.rsplit('/').next() == Some(name)).cloned()
    }
}

fn merged(mut a: Vec<usize>, b: Vec<usize>) -> Vec<usize> {
    a.extend(b);
    a.sort_unstable();
    a.dedup();
    a
}

/// Whether a pattern in which `*` stands for any text matches, without backtracking further than the last star.
pub(crate) fn wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            p += 1;
            t += 1;
        } else if let Some((after, taken)) = star {
            star = Some((after, taken + 1));
            p = after + 1;
            t = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::wildcard;

    #[test]
    fn stars_stand_for_any_text() {
        assert!(wildcard("docker/apt-*", "docker/apt-lists-left"));
        assert!(wildcard("*-left", "docker/apt-lists-left"));
        assert!(wildcard("a*b*c", "axxbyyc") && !wildcard("a*b*c", "axxbyy"));
        assert!(!wildcard("docker/apt-*", "docker/user-root"));
    }

    proptest::proptest! {
        #[test]
        fn a_text_matches_itself_and_stars(text in "[a-z/*-]{0,20}") {
            proptest::prop_assert!(wildcard(&text, &text));
            proptest::prop_assert!(wildcard("*", &text));
        }
    }
}
