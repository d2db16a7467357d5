//! Shell commands.

use super::{Command, Field, Truth};

impl<'a> Command<'a> {
    /// Whether it certainly is this command, wherever its program lies and whatever wraps it.
    pub fn is(self, name: &str) -> bool {
        self.name().is(name).is_true()
    }

    /// Its words behind the first that are known and no flags. A flag's own value cannot be told from an argument and is among them.
    pub fn arguments(self) -> impl Iterator<Item = &'a str> + Clone {
        self.words().items().skip(1).filter_map(|word| word.value().known()).filter(|word| !word.starts_with('-'))
    }

    /// The first word behind the name that is no flag (`install` of `apt-get -y install curl`); unknown if a word before it is.
    pub fn subcommand(self) -> Field<'a, &'a str> {
        let words = self.words();
        if words.is_unknown() {
            return Field::unknown(words.node());
        }
        for word in words.items().skip(1) {
            let value = word.value();
            if value.known().is_none_or(|text| !text.starts_with('-')) {
                return value;
            }
        }
        if words.is_open() { Field::unknown(words.node()) } else { Field::absent() }
    }

    /// Whether one of its words is this.
    pub fn has_word(self, word: &str) -> Truth {
        self.words().contains(word)
    }

    /// Whether it has a flag: `-y` alone or in a cluster (`-qy`), `--yes` alone or with a value (`--yes=true`).
    pub fn has_flag(self, flag: &str) -> Truth {
        self.words().any(|word| is_flag(word, flag))
    }

    /// Whether it has one of these flags.
    pub fn has_any_flag(self, flags: &[&str]) -> Truth {
        self.words().any(|word| flags.iter().any(|flag| is_flag(word, flag)))
    }

    /// The value of a flag, behind `=` or in the next word (`-o Dpkg::Use-Pty=0`, `--target=/x`).
    pub fn flag_value(self, flag: &str) -> Field<'a, &'a str> {
        let words = self.words();
        if words.is_unknown() {
            return Field::unknown(words.node());
        }
        let mut items = words.items();
        while let Some(item) = items.next() {
            let value = item.value();
            let Some(text) = value.known() else { return Field::unknown(value.node()) };
            if text == flag {
                return items.next().map_or(Field::absent(), |next| next.value());
            }
            if let Some(inline) = text.strip_prefix(flag).and_then(|rest| rest.strip_prefix('=')) {
                return value.map(|_| inline);
            }
        }
        if words.is_open() { Field::unknown(words.node()) } else { Field::absent() }
    }
}

fn is_flag(word: &str, flag: &str) -> bool {
    if word == flag {
        return true;
    }
    if flag.starts_with("--") {
        return word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='));
    }
    let (Some(letter), Some(cluster)) = (flag.strip_prefix('-'), word.strip_prefix('-')) else { return false };
    letter.len() == 1 && cluster.contains(letter) && cluster.chars().all(|c| c.is_ascii_alphabetic())
}
