//! Merging two trees as Compose merges an override into a base, or a service into the one it extends.

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
    let (first, second, base_first) = if home == Home::Base { (base, later, true) } else { (later, base, false) };
    let mut at: HashMap<String, usize> = first.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
    let mut out: Vec<Option<Entry>> = first.into_iter().map(Some).collect();
    for entry in second {
        let Some(place) = at.get(&entry.key).copied() else {
            at.insert(entry.key.clone(), out.len());
            out.push(Some(entry));
            continue;
        };
        let Some(mine) = out[place].take() else { continue };
        let below = spot.below(&mine.key);
        let merged = if spot == Spot::Assignments {
            let (mut value, other) = if base_first { (entry.value, mine.value) } else { (mine.value, entry.value) };
            value.origin.push(OriginEntry { role: Role::Also, at: other.site });
            // The value's key is where the value is, so that both are read from one file.
            let key_span = if base_first { entry.key_span } else { mine.key_span };
            Entry { key: mine.key, key_span, value }
        } else {
            let (base, later) = if base_first { (mine.value, entry.value) } else { (entry.value, mine.value) };
            let (base_key, later_key) = if base_first { (mine.key_span, entry.key_span) } else { (entry.key_span, mine.key_span) };
            let later_site = later.site;
            let value = merge(base, later, below, home);
            Entry { key: mine.key, key_span: if value.site == later_site { later_key } else { base_key }, value }
        };
        out[place] = Some(merged);
    }
    out.into_iter().flatten().collect()
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
pub(crate) fn unify(tree: &mut Tree, spot: Spot) {
    match &mut tree.value {
        Val::Map(entries) if spot != Spot::Other => {
            for entry in entries {
                unify(&mut entry.value, spot.below(&entry.key));
            }
        }
        Val::List(items) => {
            let Spot::Unique(index) = spot else { return };
            let mut at: HashMap<String, usize> = HashMap::new();
            let mut out: Vec<Tree> = Vec::with_capacity(items.len());
            for item in items.drain(..) {
                let Some(key) = key(&item, index) else {
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
fn key(item: &Tree, index: Index) -> Option<String> {
    let field = |name: &str| item.get(name).map(Tree::words);
    match index {
        Index::Key => Some(item.words()?.split('=').next().unwrap_or_default().to_owned()),
        Index::Text => item.words(),
        Index::Target => field("target")?,
        Index::EnvFile => field("path")?,
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
