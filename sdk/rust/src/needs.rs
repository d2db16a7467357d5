//! What a node must hold for a rule to be asked about it: most rules are about one tool, and most nodes do not call it.

use crate::Judges;
use core::cell::OnceCell;
use core::ops::Range;
use plimsoll_document::{Flags, Kind, Lookup, Node, schema::key};
use std::collections::BTreeMap;

/// A set of programs, as bits.
type Set = [u64; 4];

/// The needs of all rules of a plugin. Built once per instance.
pub(crate) struct Needs {
    /// Every program that a rule needs: its place is its bit.
    programs: Programs,
    /// Every text that a rule needs, likewise.
    texts: Texts,
    /// Per rule the programs of which one must be called; `None`: any node will do.
    commands: Vec<Option<Set>>,
    /// Per rule the places of the texts of which one must be written; none: any node will do.
    text: Vec<Vec<usize>>,
}

/// What one node holds, found out when a rule needs to know.
pub(crate) struct Sight<'a> {
    node: Node<'a>,
    called: Option<Set>,
    /// Where it is written: a source, and the bytes of what is here of that, if that can be told.
    written: OnceCell<Option<(u32, Range<usize>)>>,
}

/// Where the texts that rules need stand in a document, per source; of a source once somebody asks.
#[derive(Default)]
pub(crate) struct Written(BTreeMap<u32, Vec<Vec<usize>>>);

impl Needs {
    pub(crate) fn new(judges: &[Judges]) -> Self {
        let programs = sorted(judges.iter().map(|judges| judges.commands));
        let texts = sorted(judges.iter().map(|judges| judges.text));
        Self {
            commands: judges.iter().map(|judges| set(judges.commands, &programs)).collect(),
            text: judges.iter().map(|judges| places(judges.text, &texts)).collect(),
            programs: Programs::new(programs),
            texts: Texts::new(texts),
        }
    }

    /// Whether a rule is to be asked.
    pub(crate) fn are_met(&self, rule: u32, sight: &mut Sight<'_>, written: &mut Written) -> bool {
        let rule = rule as usize;
        self.commands[rule].is_none_or(|wanted| sight.calls(wanted, self))
            && (self.text[rule].is_empty() || sight.holds(&self.text[rule], written, &self.texts))
    }

    /// The programs that an instruction, or any of a stage, calls; all of them where that cannot be told.
    fn called(&self, node: Node<'_>) -> Set {
        match node.get(key::INSTRUCTIONS) {
            Lookup::Absent => self.called_by_instruction(node),
            Lookup::Present(list) if list.kind() == Kind::List && !list.flags().has(Flags::OPEN) => {
                let each = list.children().map(|instruction| self.called_by_instruction(instruction));
                each.fold(Set::default(), |all, one| core::array::from_fn(|word| all[word] | one[word]))
            }
            _ => [u64::MAX; 4],
        }
    }

    fn called_by_instruction(&self, node: Node<'_>) -> Set {
        // ONBUILD wraps another instruction.
        if let Lookup::Present(trigger) = node.get(key::TRIGGER) {
            return self.called_by_instruction(trigger);
        }
        let commands = match node.get(key::SCRIPT) {
            Lookup::Present(script) => script.get(key::COMMANDS),
            other => other,
        };
        let commands = match commands {
            Lookup::Present(list) if list.kind() == Kind::List && !list.flags().has(Flags::OPEN) => list,
            Lookup::Absent => return Set::default(),
            _ => return [u64::MAX; 4],
        };
        let mut called = Set::default();
        let mut add = |name: &str| {
            if let Some(place) = self.programs.place(name) {
                add_to(&mut called, place);
            }
        };
        for name in commands.children().filter_map(|command| command.get(key::NAME).known()?.as_str()) {
            add(name);
            // `pip3.12` is a pip.
            let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            if stem.len() < name.len() {
                add(stem);
            }
        }
        called
    }
}

impl<'a> Sight<'a> {
    pub(crate) const fn new(node: Node<'a>) -> Self {
        Self { node, called: None, written: OnceCell::new() }
    }

    fn calls(&mut self, wanted: Set, needs: &Needs) -> bool {
        let called = self.called.get_or_insert_with(|| needs.called(self.node));
        wanted.iter().zip(called).any(|(wanted, called)| wanted & *called != 0)
    }

    /// Whether one of these texts is written in the node.
    fn holds(&self, wanted: &[usize], written: &mut Written, texts: &Texts) -> bool {
        let Some((source, part)) = self.written.get_or_init(|| part(self.node)) else { return true };
        let found = written.0.entry(*source).or_insert_with(|| texts.find(self.node.doc().source_text(*source)));
        wanted.iter().any(|place| {
            let starts = &found[*place];
            let first = starts.partition_point(|start| *start < part.start);
            starts.get(first).is_some_and(|start| start + texts.all[*place].len() <= part.end)
        })
    }
}

/// Where a node is written: a source, and the bytes of what is here of that, if that can be told.
fn part(node: Node<'_>) -> Option<(u32, Range<usize>)> {
    let (source, here) = (node.span().source, node.source_text());
    if here.is_empty() {
        return Some((source, 0..0));
    }
    // A document that is one part of a file has that part alone, while places count from the start of the file.
    let all = node.doc().source_text(source);
    let start = here.as_ptr().addr().checked_sub(all.as_ptr().addr())?;
    (start + here.len() <= all.len()).then(|| (source, start..start + here.len()))
}

/// The places of these; none where nothing is needed.
fn places(wanted: &[&str], all: &[&str]) -> Vec<usize> {
    let needed = if wanted.contains(&"") { &[] } else { wanted };
    needed.iter().filter_map(|text| all.binary_search(text).ok()).collect()
}

/// All of these, each once.
fn sorted(lists: impl Iterator<Item = &'static [&'static str]>) -> Vec<&'static str> {
    let mut all: Vec<_> = lists.flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The bits of these; `None` where nothing is needed, or where one has no bit left.
fn set(wanted: &[&str], all: &[&str]) -> Option<Set> {
    let mut set = Set::default();
    for one in wanted {
        let place = all.binary_search(one).ok().filter(|place| *place < 64 * set.len() && !one.is_empty())?;
        add_to(&mut set, place);
    }
    (!wanted.is_empty()).then_some(set)
}

fn add_to(set: &mut Set, place: usize) {
    if let Some(word) = set.get_mut(place / 64) {
        *word |= 1 << (place % 64);
    }
}

/// Places by hash: per hash the first, from 1, and per place the next one of its hash.
struct Chains<const HASHES: usize> {
    first: [u16; HASHES],
    next: Vec<u16>,
}

impl<const HASHES: usize> Chains<HASHES> {
    fn new(places: usize) -> Self {
        Self { first: [0; HASHES], next: vec![0; places] }
    }

    fn add(&mut self, hash: usize, place: usize) {
        self.next[place] = self.first[hash];
        self.first[hash] = u16::try_from(place + 1).unwrap_or(0);
    }

    #[inline]
    const fn is_empty(&self, hash: usize) -> bool {
        self.first[hash] == 0
    }

    #[inline]
    fn of(&self, hash: usize) -> impl Iterator<Item = usize> {
        let place = |link: u16| usize::from(link).checked_sub(1);
        core::iter::successors(place(self.first[hash]), move |before| place(self.next[*before]))
    }
}

/// Programs by name. Comparing texts is dear here, so that a search by halves costs ten times what this does.
struct Programs {
    names: Vec<&'static str>,
    chains: Chains<256>,
}

impl Programs {
    fn new(names: Vec<&'static str>) -> Self {
        let mut chains = Chains::new(names.len());
        for (place, name) in names.iter().enumerate() {
            chains.add(Self::hash(name), place);
        }
        Self { names, chains }
    }

    fn hash(name: &str) -> usize {
        let bytes = name.as_bytes();
        let byte = |at: usize| usize::from(bytes.get(at).copied().unwrap_or_default());
        (byte(0) + 7 * byte(1) + 31 * byte(bytes.len().saturating_sub(1)) + 131 * bytes.len()) % 256
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.chains.of(Self::hash(name)).find(|place| self.names[*place] == name)
    }
}

/// Texts to be found in one pass over a source, which is what they cost however many there are and however many nodes are asked about.
struct Texts {
    all: Vec<&'static str>,
    /// Those of one byte, by that.
    single: Chains<256>,
    /// The others, by their first two.
    begin: Chains<1024>,
}

impl Texts {
    fn new(all: Vec<&'static str>) -> Self {
        let (mut single, mut begin) = (Chains::new(all.len()), Chains::new(all.len()));
        for (place, text) in all.iter().enumerate() {
            match *text.as_bytes() {
                [] => {}
                [byte] => single.add(usize::from(byte), place),
                [first, second, ..] => begin.add(Self::hash(first, second), place),
            }
        }
        Self { all, single, begin }
    }

    #[inline]
    const fn hash(first: u8, second: u8) -> usize {
        (((first as usize) << 3) ^ second as usize) % 1024
    }

    /// Per text the places where it starts, in order.
    fn find(&self, source: &str) -> Vec<Vec<usize>> {
        let bytes = source.as_bytes();
        let mut found = vec![vec![]; self.all.len()];
        let begins = |first: u8, second: u8| !self.single.is_empty(usize::from(first)) | !self.begin.is_empty(Self::hash(first, second));
        let mut at = 0;
        while at < bytes.len() {
            // Each turn of a loop costs as much here as looking at four bytes, and at most places nothing begins.
            let Some(near) = bytes[at..].first_chunk::<5>() else {
                (at..bytes.len()).for_each(|start| self.look(bytes, start, &mut found));
                break;
            };
            let begins = [0, 1, 2, 3].map(|ahead| begins(near[ahead], near[ahead + 1]));
            if begins[0] | begins[1] | begins[2] | begins[3] {
                (0..4).filter(|ahead| begins[*ahead]).for_each(|ahead| self.look(bytes, at + ahead, &mut found));
            }
            at += 4;
        }
        found
    }

    fn look(&self, bytes: &[u8], start: usize, found: &mut [Vec<usize>]) {
        self.single.of(usize::from(bytes[start])).for_each(|place| found[place].push(start));
        let Some(second) = bytes.get(start + 1) else { return };
        for place in self.begin.of(Self::hash(bytes[start], *second)) {
            if bytes[start..].starts_with(self.all[place].as_bytes()) {
                found[place].push(start);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_by_name() {
        let programs = Programs::new(sorted([&["apt-get", "pip", "npm", "a", "apt"][..]].into_iter()));
        for (name, place) in [("a", Some(0)), ("apt", Some(1)), ("apt-get", Some(2)), ("pip", Some(4)), ("pip3", None), ("", None)] {
            assert_eq!(programs.place(name), place, "{name}");
        }
    }

    #[test]
    fn every_text_is_found_wherever_it_stands() {
        let all = sorted([&["$(", "`", "||", "sudo", "source", "é", "[[", "-o"][..]].into_iter());
        let texts = Texts::new(all.clone());
        for source in ["", "x", "$", "$(x)", "a`", "`a", "a||b|", "sudosource", "sud -o", "caf\u{e9}", "[ [", "[[[", "-", "ssudo", "sourc"]
        {
            let overlapping = |text: &&str| (0..source.len()).filter(|at| source.as_bytes()[*at..].starts_with(text.as_bytes())).collect();
            let expected: Vec<Vec<usize>> = all.iter().map(overlapping).collect();
            assert_eq!(texts.find(source), expected, "{source}");
        }
    }
}
