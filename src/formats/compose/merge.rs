//! Merging two trees as Compose merges an override into a base, or a service into the one it extends.

use crate::path;
use crate::spot::{Index, Spot};
use crate::tree::{Entry, Tree, Val};
use plimsoll_document::{Flags, OriginEntry, Role};
use std::collections::{HashMap, HashSet};

/// Whose place a merged map or list has: where a new key of it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// The earlier file's: overrides.
    Base,
    /// The later one's: a service stands where it is declared, not in the service that it extends.
    Later,
}

/// `later` merged into `base`.
pub(crate) fn merge(mut base: Tree, mut later: Tree, spot: Spot, home: Home) -> Tree {
    match spot {
        Spot::Replaced => return later,
        Spot::Ulimit if base.as_map().is_none() || later.as_map().is_none() => return later,
        Spot::Logging if other_driver(&base, &later) => return later,
        _ => {}
    }
    if matches!(later.value, Val::Null) && spot != Spot::Assignments {
        return base;
    }
    let sites = (base.site, later.site);
    let value = match (std::mem::replace(&mut base.value, Val::Null), std::mem::replace(&mut later.value, Val::Null)) {
        (Val::Map(base), Val::Map(later)) => Val::Map(merge_maps(base, later, spot, home)),
        (Val::List(base), Val::List(later)) if spot == Spot::Pools => Val::List(merge_pools(base, later, home)),
        (Val::List(base), Val::List(later)) => Val::List(append(base, later)),
        (_, value) => {
            later.value = value;
            later.origin.push(OriginEntry { role: Role::Also, at: sites.0 });
            return later;
        }
    };
    let open = [base.flags, later.flags].iter().any(|flags| flags.has(Flags::OPEN));
    let (mut merged, other) = if home == Home::Base { (base, sites.1) } else { (later, sites.0) };
    if open {
        merged.flags |= Flags::OPEN;
    }
    merged.origin.push(OriginEntry { role: Role::Also, at: other });
    merged.value = value;
    merged
}

/// Logging options of different drivers do not mix.
fn other_driver(base: &Tree, later: &Tree) -> bool {
    match (base.get("driver"), later.get("driver")) {
        (Some(base), Some(later)) => base.digest().is_none() || base.digest() != later.digest(),
        _ => false,
    }
}

fn merge_maps(base: Vec<Entry>, later: Vec<Entry>, spot: Spot, home: Home) -> Vec<Entry> {
    if spot == Spot::Assignments {
        return join_assignments(base, later);
    }
    let base_first = home == Home::Base;
    let (first, second) = if base_first { (base, later) } else { (later, base) };
    let mut at: HashMap<String, usize> = first.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
    let mut out: Vec<Option<Entry>> = first.into_iter().map(Some).collect();
    for entry in second {
        let Some(place) = at.get(&entry.key).copied() else {
            at.insert(entry.key.clone(), out.len());
            out.push(Some(entry));
            continue;
        };
        let Some(mine) = out[place].take() else { continue };
        let (base, later) = if base_first { (mine, entry) } else { (entry, mine) };
        let later_site = later.value.site;
        let value = merge(base.value, later.value, spot.below(&base.key), home);
        let key_span = if value.site == later_site { later.key_span } else { base.key_span };
        out[place] = Some(Entry { key: base.key, key_span, value });
    }
    out.into_iter().flatten().collect()
}

/// Compose merges assignments as lists of `KEY=VALUE`: equal ones once, and of equal keys the last counts.
fn join_assignments(base: Vec<Entry>, later: Vec<Entry>) -> Vec<Entry> {
    let words = |entry: &Entry| match entry.value.value {
        Val::Null => Some(entry.key.clone()),
        _ => entry.value.words().map(|words| format!("{}={words}", entry.key)),
    };
    let mut seen: HashSet<String> = base.iter().filter_map(words).collect();
    let mut out = base;
    for entry in later {
        if words(&entry).is_none_or(|words| seen.insert(words)) {
            out.push(entry);
        }
    }
    out
}

/// Of equal keys the last counts, at the place of the first.
pub(crate) fn last_wins(map: &mut Tree) {
    let Val::Map(entries) = &mut map.value else { return };
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut out: Vec<Entry> = Vec::with_capacity(entries.len());
    for mut entry in entries.drain(..) {
        if let Some(place) = at.get(&entry.key) {
            entry.value.origin.push(OriginEntry { role: Role::Also, at: out[*place].value.site });
            out[*place] = entry;
        } else {
            at.insert(entry.key.clone(), out.len());
            out.push(entry);
        }
    }
    *entries = out;
}

/// Items of both, equal ones once.
fn append(base: Vec<Tree>, later: Vec<Tree>) -> Vec<Tree> {
    let mut seen: HashSet<String> = base.iter().filter_map(Tree::digest).collect();
    let mut out = base;
    for item in later {
        if item.digest().is_none_or(|digest| seen.insert(digest)) {
            out.push(item);
        }
    }
    out
}

fn merge_pools(base: Vec<Tree>, later: Vec<Tree>, home: Home) -> Vec<Tree> {
    let subnet = |pool: &Tree| pool.get("subnet").and_then(Tree::digest);
    let mut later: Vec<Option<Tree>> = later.into_iter().map(Some).collect();
    let mut by_subnet: HashMap<String, usize> = HashMap::new();
    for (at, pool) in later.iter().enumerate() {
        if let Some(subnet) = pool.as_ref().and_then(subnet) {
            by_subnet.entry(subnet).or_insert(at);
        }
    }
    let mut out = vec![];
    for pool in base {
        match subnet(&pool).and_then(|subnet| by_subnet.get(&subnet)).and_then(|at| later[*at].take()) {
            Some(other) => out.push(merge(pool, other, Spot::Other, home)),
            // An address pool without a counterpart gives way to the override's, as compose-go has it.
            None if by_subnet.is_empty() => out.push(pool),
            None => {}
        }
    }
    out.extend(later.into_iter().flatten());
    out
}

/// Lets an item replace an earlier one with the same index, everywhere below `tree`.
pub(crate) fn unify(tree: &mut Tree, spot: Spot, dirs: &[String]) {
    if spot == Spot::Assignments {
        return last_wins(tree);
    }
    match &mut tree.value {
        Val::Map(entries) if spot != Spot::Other => {
            for entry in entries {
                unify(&mut entry.value, spot.below(&entry.key), dirs);
            }
        }
        Val::List(items) => {
            let Spot::Unique(index) = spot else { return };
            let mut at: HashMap<String, usize> = HashMap::new();
            let mut out: Vec<Tree> = Vec::with_capacity(items.len());
            for item in items.drain(..) {
                let Some(key) = key(&item, index, dirs) else {
                    out.push(item);
                    continue;
                };
                if let Some(place) = at.get(&key) {
                    out[*place] = item;
                } else {
                    at.insert(key, out.len());
                    out.push(item);
                }
            }
            *items = out;
        }
        _ => {}
    }
}

/// What identifies an item, if that can be told.
fn key(item: &Tree, index: Index, dirs: &[String]) -> Option<String> {
    let field = |name: &str| item.get(name).map(Tree::words);
    match index {
        Index::Key => Some(item.words()?.split('=').next().unwrap_or_default().to_owned()),
        Index::Text => item.words(),
        Index::Target => field("target")?,
        Index::EnvFile => {
            let path = item.get("path")?;
            let directory = dirs.get(usize::from(path.dir.0)).map_or(".", String::as_str);
            Some(format!("{:?}", path::resolve(directory, path.as_str()?)))
        }
        Index::Secret | Index::Config => match field("target") {
            Some(target) => target,
            None => Some(format!("{}/{}", if index == Index::Secret { "/run/secrets" } else { "" }, field("source")??)),
        },
        Index::Port => {
            if item.flags.has(Flags::OPEN) {
                return None;
            }
            let part = |name: &str, absent: &str| field(name).map_or(Some(absent.to_owned()), |known| known);
            let target = field("target")??;
            Some(format!("{}:{}:{target}/{}", part("host_ip", "0.0.0.0")?, part("published", "")?, part("protocol", "tcp")?))
        }
    }
}
