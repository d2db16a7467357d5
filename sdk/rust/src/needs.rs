//! What a node must hold for a rule to be asked about it: most rules are about one tool, and most nodes do not call it.

use crate::Judges;
use crate::names::{Chains, Names};
use core::cell::OnceCell;
use core::ops::Range;
use plimsoll_document::{Flags, Kind, Lookup, Node, schema::key};

/// A set of programs, as bits.
type Set = [u64; 4];

/// The needs of all rules of a plugin. Built once per instance.
pub(crate) struct Needs {
    /// Every program that a rule needs: its place is its bit.
    programs: Names,
    /// Every text that a rule needs, likewise.
    texts: Texts,
    /// Per rule.
    of: Vec<Need>,
}

/// What one rule needs.
struct Need {
    /// The programs of which one must be called; `None`: any node will do.
    commands: Option<Set>,
    /// The places of the texts of which one must be written; none: any node will do.
    text: Vec<usize>,
}

/// What one node holds, found out when a rule needs to know.
pub(crate) struct Sight<'a> {
    node: Node<'a>,
    called: Option<Set>,
    /// Where it is written: a source, and the bytes of what is here of that, if that can be told.
    written: OnceCell<Option<(u32, Range<usize>)>>,
}

/// Where the texts that rules need stand in a document: sources, each with the places of every text, once somebody asks.
#[derive(Default)]
pub(crate) struct Written(Vec<(u32, Vec<Vec<usize>>)>);

impl Needs {
    pub(crate) fn new(judges: &[Judges]) -> Self {
        let mut programs = Names::new();
        let texts = sorted(judges.iter().map(|judges| judges.text));
        let of = judges.iter().map(|judges| Need { commands: set(judges.commands, &mut programs), text: places(judges.text, &texts) });
        Self { of: of.collect(), programs, texts: Texts::new(texts) }
    }

    /// Whether a rule is to be asked. Asked of every rule and node, so what is known already is looked at without a call.
    #[inline]
    pub(crate) fn are_met(&self, rule: u32, sight: &mut Sight<'_>, written: &mut Written) -> bool {
        let need = &self.of[rule as usize];
        need.commands.as_ref().is_none_or(|wanted| sight.calls(wanted, self))
            && (need.text.is_empty() || sight.holds(&need.text, written, &self.texts))
    }

    /// The programs that an instruction, or any of a stage, calls; all of them where that cannot be told.
    #[inline(never)]
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

    #[inline]
    fn calls(&mut self, wanted: &Set, needs: &Needs) -> bool {
        let called = self.called.get_or_insert_with(|| needs.called(self.node));
        (wanted[0] & called[0]) | (wanted[1] & called[1]) | (wanted[2] & called[2]) | (wanted[3] & called[3]) != 0
    }

    /// Whether one of these texts is written in the node.
    #[inline(never)]
    fn holds(&self, wanted: &[usize], written: &mut Written, texts: &Texts) -> bool {
        let Some((source, part)) = self.written.get_or_init(|| part(self.node)) else { return true };
        let known = written.0.iter().position(|(known, _)| known == source).unwrap_or_else(|| {
            written.0.push((*source, texts.find(self.node.doc().source_text(*source))));
            written.0.len() - 1
        });
        let found = &written.0[known].1;
        wanted.iter().any(|place| {
            let starts = &found[*place];
            // Most texts stand nowhere.
            if starts.is_empty() {
                return false;
            }
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
fn set(wanted: &[&'static str], all: &mut Names) -> Option<Set> {
    let mut set = Set::default();
    for one in wanted {
        let place = all.add(one);
        if place >= 64 * set.len() || one.is_empty() {
            return None;
        }
        add_to(&mut set, place);
    }
    (!wanted.is_empty()).then_some(set)
}

fn add_to(set: &mut Set, place: usize) {
    if let Some(word) = set.get_mut(place / 64) {
        *word |= 1 << (place % 64);
    }
}

/// Texts to be found in one pass over a source, which is what they cost however many there are and however many nodes are asked about.
struct Texts {
    all: Vec<&'static str>,
    /// Those of one byte, by that.
    single: Chains<256>,
    /// The others, by their first two.
    begin: Chains<4096>,
    /// Where there are any in these, 1 or 0. The chains say so too, but joining four of these takes no comparison, and this is asked at
    /// every byte.
    any_single: [u8; 256],
    any_begin: [u8; 4096],
}

impl Texts {
    fn new(all: Vec<&'static str>) -> Self {
        let mut texts = Self { single: Chains::new(), begin: Chains::new(), any_single: [0; 256], any_begin: [0; 4096], all };
        for (place, text) in texts.all.iter().enumerate() {
            match *text.as_bytes() {
                [] => {}
                [byte] => {
                    texts.single.add(usize::from(byte), place);
                    texts.any_single[usize::from(byte)] = 1;
                }
                [first, second, ..] => {
                    let hash = Self::hash(first, second);
                    texts.begin.add(hash, place);
                    texts.any_begin[hash] = 1;
                }
            }
        }
        texts
    }

    #[inline]
    const fn hash(first: u8, second: u8) -> usize {
        (((first as usize) << 4) ^ second as usize) % 4096
    }

    /// Per text the places where it starts, in order.
    fn find(&self, source: &str) -> Vec<Vec<usize>> {
        let bytes = source.as_bytes();
        let mut found = vec![vec![]; self.all.len()];
        let mut at = self.next(bytes, 0);
        while at < bytes.len() {
            self.look(bytes, at, &mut found);
            at = self.next(bytes, at + 1);
        }
        found
    }

    /// The next place from `at` on where a text may begin. Nothing else is done here, so that all of it stays in registers.
    #[inline(never)]
    fn next(&self, bytes: &[u8], mut at: usize) -> usize {
        let begins = |first: u8, second: u8| self.any_single[usize::from(first)] | self.any_begin[Self::hash(first, second)];
        // Four places a turn, which costs as much by itself: at most places nothing begins.
        while let Some(near) = bytes.get(at..).and_then(<[u8]>::first_chunk::<5>) {
            let one = begins(near[0], near[1]);
            let two = one | begins(near[1], near[2]);
            let three = two | begins(near[2], near[3]);
            if three | begins(near[3], near[4]) != 0 {
                // As many as there is nothing at, or before.
                return at + usize::from(one == 0) + usize::from(two == 0) + usize::from(three == 0);
            }
            at += 4;
        }
        at
    }

    fn look(&self, bytes: &[u8], start: usize, found: &mut [Vec<usize>]) {
        self.single.of(usize::from(bytes[start])).for_each(|place| found[place].push(start));
        let Some(second) = bytes.get(start + 1) else { return };
        for place in self.begin.of(Self::hash(bytes[start], *second)) {
            // The last byte first: comparing texts is dear here.
            let text = self.all[place].as_bytes();
            if bytes.get(start + text.len() - 1) == text.last() && bytes[start..].starts_with(text) {
                found[place].push(start);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
