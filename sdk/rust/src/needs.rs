//! What a node must hold for a rule to be asked about it: most rules are about one tool, and most nodes do not call it.

use crate::Judges;
use plimsoll_document::{Flags, Kind, Lookup, Node, schema::key};

/// A set of programs, as bits.
type Set = [u64; 4];

/// The needs of all rules of a plugin. Built once per instance.
pub(crate) struct Needs {
    /// Every program that a rule needs, sorted: its place is its bit.
    programs: Vec<&'static str>,
    /// Per rule the programs of which one must be called; `None`: any node will do.
    commands: Vec<Option<Set>>,
    /// Per rule the texts of which one must be written.
    text: Vec<&'static [&'static str]>,
}

/// The pairs of neighbouring bytes that a text has, as bits: a text in which a pair of another one is missing does not hold it. Looking for a
/// text takes so long that nearly all are told apart by this.
#[derive(Default)]
struct Pairs([u64; 16]);

/// What one node holds, found out when a rule needs to know.
pub(crate) struct Sight<'a> {
    node: Node<'a>,
    called: Option<Set>,
    written: Option<(&'a str, Pairs)>,
}

impl Needs {
    pub(crate) fn new(judges: &[Judges]) -> Self {
        let mut programs: Vec<_> = judges.iter().flat_map(|judges| judges.commands.iter().copied()).collect();
        programs.sort_unstable();
        programs.dedup();
        let mut needs = Self { programs, commands: vec![], text: judges.iter().map(|judges| judges.text).collect() };
        needs.commands = judges.iter().map(|judges| needs.set(judges.commands)).collect();
        needs
    }

    /// `None` where nothing is needed, or where a program has no bit left.
    fn set(&self, commands: &[&str]) -> Option<Set> {
        let mut set = Set::default();
        for command in commands {
            let place = self.programs.binary_search(command).ok()?;
            *set.get_mut(place / 64)? |= 1 << (place % 64);
        }
        (!commands.is_empty()).then_some(set)
    }

    /// Whether a rule is to be asked.
    pub(crate) fn are_met(&self, rule: u32, sight: &mut Sight<'_>) -> bool {
        let rule = rule as usize;
        let called = self.commands[rule].is_none_or(|wanted| {
            let called = sight.called.get_or_insert_with(|| self.called(sight.node));
            wanted.iter().zip(called).any(|(wanted, called)| wanted & *called != 0)
        });
        called && (self.text[rule].is_empty() || sight.holds(self.text[rule]))
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
            if let Ok(place) = self.programs.binary_search(&name)
                && let Some(word) = called.get_mut(place / 64)
            {
                *word |= 1 << (place % 64);
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
        Self { node, called: None, written: None }
    }

    /// Whether one of these texts is written in the node.
    fn holds(&mut self, texts: &[&str]) -> bool {
        let (source, pairs) = self.written.get_or_insert_with(|| {
            let source = self.node.source_text();
            (source, Pairs::of(source))
        });
        texts.iter().any(|text| pairs.has(text) && source.contains(text))
    }
}

impl Pairs {
    fn of(text: &str) -> Self {
        let mut pairs = Self::default();
        let mut before = None;
        for byte in text.bytes() {
            if let Some(before) = before.replace(byte) {
                let (word, bit) = Self::place(before, byte);
                pairs.0[word] |= bit;
            }
        }
        pairs
    }

    /// Whether every pair of a text is there; false for sure, true only maybe.
    fn has(&self, text: &str) -> bool {
        text.as_bytes().windows(2).all(|pair| {
            let (word, bit) = Self::place(pair[0], pair[1]);
            self.0[word] & bit != 0
        })
    }

    #[inline]
    const fn place(first: u8, second: u8) -> (usize, u64) {
        let hash = ((first as usize) << 3) ^ second as usize;
        (hash / 64 % 16, 1 << (hash % 64))
    }
}
