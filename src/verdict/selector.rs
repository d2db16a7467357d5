//! Selectors: what they name and how much they weigh.

use crate::peers::{normal_id, split};
use plimsoll_config::near;
use plimsoll_finding::{List, Profile, RuleMeta, Text};
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

/// Plugins that are ours or the user's own. A third party's aliases drive no waivers and no selection: it could silence what it does not
/// own.
const TRUSTED_PLUGINS: [&str; 6] = ["docker", "compose", "kubernetes", "terraform", "policy", "plimsoll"];

/// Rules by everything they can be named by.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    rules: Vec<Names>,
    /// Indices in the order of ids.
    by_id: Vec<usize>,
    /// Made when a peer's id is asked for: most runs name none, and there are thousands.
    peers: OnceLock<Peers>,
}

/// What one rule can be named by. Ids and targets are lower case.
#[derive(Debug, Clone)]
struct Names {
    id: Text,
    target: Text,
    profile: Profile,
    controls: List<Text>,
    aliases: List<Text>,
    related: List<Text>,
}

/// Peers' rules by peer and id.
#[derive(Debug, Clone, Default)]
struct Peers {
    names: BTreeSet<String>,
    aliases: HashMap<(String, String), Vec<usize>>,
    related: HashMap<(String, String), Vec<usize>>,
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
    pub fn new<'r>(rules: impl IntoIterator<Item = &'r RuleMeta>) -> Self {
        let names = |rule: &RuleMeta| {
            let trusted = TRUSTED_PLUGINS.contains(&&*rule.plugin);
            let peers = |list: &List<Text>| if trusted { list.clone() } else { List::default() };
            Names {
                id: lower(&rule.id),
                target: lower(&rule.target),
                profile: rule.profile,
                controls: rule.controls.clone(),
                aliases: peers(&rule.aliases),
                related: peers(&rule.related),
            }
        };
        let rules: Vec<Names> = rules.into_iter().map(names).collect();
        let mut by_id: Vec<usize> = (0..rules.len()).collect();
        by_id.sort_by(|a, b| rules[*a].id.cmp(&rules[*b].id));
        Self { rules, by_id, peers: OnceLock::new() }
    }

    fn peers(&self) -> &Peers {
        self.peers.get_or_init(|| {
            let mut peers = Peers::default();
            for (index, rule) in self.rules.iter().enumerate() {
                for (names, index_of) in [(&rule.aliases, &mut peers.aliases), (&rule.related, &mut peers.related)] {
                    for (peer, id) in names.iter().filter_map(|name| split(name)) {
                        let key = (peer.clone(), normal_id(&peer, id));
                        peers.names.insert(peer);
                        index_of.entry(key).or_default().push(index);
                    }
                }
            }
            peers
        })
    }

    /// The ids, lower case, in the order of indices.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|names| &*names.id)
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The id of a rule by its index, in lower case.
    pub(crate) fn id(&self, rule: usize) -> &str {
        &self.rules[rule].id
    }

    /// The index of a rule by its id, whatever the case.
    pub fn index(&self, id: &str) -> Option<usize> {
        let find = |id: &str| self.by_id.binary_search_by(|index| (*self.rules[*index].id).cmp(id)).ok().map(|at| self.by_id[at]);
        find(id).or_else(|| find(&id.to_ascii_lowercase()))
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
            return Some(all(100, &|index| self.rules[index].profile <= wanted));
        }
        if let Some(control) = text.strip_prefix("control:") {
            let below = |have: &str| {
                let have = have.to_ascii_lowercase();
                have == control || have.strip_prefix(control).is_some_and(|rest| rest.starts_with([':', '.']))
            };
            let exact = if control.contains(':') { 350 } else { 300 };
            return found(all(exact, &|index| self.rules[index].controls.iter().any(|have| below(have))));
        }
        if let Some(index) = self.index(&text) {
            return Some(Selected { rules: vec![index], weight: 10_000 });
        }
        if text.contains('*') {
            let letters = text.chars().filter(|c| *c != '*').count().min(5_000) as u32;
            return found(all(400 + letters, &|index| wildcard(&text, &self.rules[index].id)));
        }
        // `docker` is a target; a third party's or a user's namespace is named the same way.
        let targets = all(200, &|index| self.rules[index].target == text || self.rules[index].id.split('/').next() == Some(text.as_str()));
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
        let Peers { names, aliases, related: near } = self.peers();
        let index = if related { near } else { aliases };
        if let Some((peer, id)) = split(text)
            && names.contains(&peer)
        {
            let id = normal_id(&peer, id);
            return index.get(&(peer, id)).cloned().unwrap_or_default();
        }
        let mut rules: Vec<usize> =
            names.iter().filter_map(|peer| index.get(&(peer.clone(), normal_id(peer, text)))).flatten().copied().collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Rules that a peer's own comment names: aliases and related of that peer. `*` and `all` are all of the peer's.
    pub(crate) fn of_peer(&self, peer: &str, id: &str) -> Vec<usize> {
        let Peers { aliases, related, .. } = self.peers();
        let everything = matches!(id.to_ascii_lowercase().as_str(), "*" | "all");
        let mut rules: Vec<usize> = if everything {
            [aliases, related].into_iter().flatten().filter(|((of, _), _)| of == peer).flat_map(|(_, rules)| rules).copied().collect()
        } else {
            let key = (peer.to_owned(), normal_id(peer, id));
            [aliases, related].into_iter().filter_map(|index| index.get(&key)).flatten().copied().collect()
        };
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// What somebody may have meant by an unknown selector.
    pub fn near(&self, selector: &str) -> Option<String> {
        let plain = ["ALL", "profile:recommended", "profile:strict", "profile:all", "docker", "compose", "kubernetes", "terraform"];
        if let Some(name) = near(selector, plain.into_iter().chain(self.rules.iter().map(|rule| &*rule.id))) {
            return Some(name.to_owned());
        }
        // The name alone, without its target: `user-root`.
        let tail = selector.rsplit('/').next().unwrap_or(selector);
        let names: Vec<&str> = self.rules.iter().filter_map(|rule| rule.id.rsplit('/').next()).collect();
        let name = near(tail, names.iter().copied())?;
        self.rules.iter().map(|rule| &rule.id).find(|id| id.rsplit('/').next() == Some(name)).map(ToString::to_string)
    }
}

fn lower(text: &Text) -> Text {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text.clone() }
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
