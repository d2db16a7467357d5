//! Seeded random inputs for differential tests.

#![allow(dead_code, reason = "every test file uses a part")]

/// A small generator (xorshift), so that a seed gives the same inputs everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

const KEYWORDS: &[&str] = &[
    "RUN",
    "RUN",
    "RUN",
    "COPY",
    "COPY",
    "ADD",
    "ENV",
    "ENV",
    "ARG",
    "LABEL",
    "CMD",
    "ENTRYPOINT",
    "USER",
    "WORKDIR",
    "EXPOSE",
    "VOLUME",
    "SHELL",
    "HEALTHCHECK",
    "ONBUILD RUN",
    "ONBUILD COPY",
    "STOPSIGNAL",
    "MAINTAINER",
    "FROM",
    "run",
    "Env",
    "BOGUS",
];

const WORDS: &[&str] = &[
    "a",
    "b=c",
    "\"d e\"",
    "'f'",
    "g=\"h i\"",
    "\\ ",
    "$x",
    "${y:-z}",
    "--",
    "--link",
    "--from=a",
    "--mount=type=cache,target=/x",
    "--network=none",
    "--interval=5s",
    "--chown=1",
    "--exclude=b",
    "[\"a\", \"b\"]",
    "[\"a\", 1]",
    "[a",
    "#",
    "&&",
    "|",
    "CMD",
    "NONE",
    "AS",
    "as",
    "<<EOF",
    "<<-'E'",
    "3<<F",
    "$((1<<2))",
    "<<<x",
    "{{x}}",
    "é",
    "=",
    "\"",
    "'",
    "k=v\\",
    "\\\\",
    "`",
    "..",
    "/d/",
];

/// A random file. Most lines are plausible, so that many files are accepted.
pub(crate) fn file(random: &mut Random) -> String {
    let mut text = String::new();
    let end = if random.once_in(6) { "\r\n" } else { "\n" };
    if random.once_in(12) {
        text.push('\u{feff}');
    }
    let escape = if random.once_in(6) { '`' } else { '\\' };
    if escape == '`' {
        text.push_str("# escape=`");
        text.push_str(end);
    }
    if random.once_in(6) {
        text.push_str("ARG G=1");
        text.push_str(end);
    }
    if !random.once_in(15) {
        text.push_str(random.pick(&["FROM a", "FROM a:1 AS b", "FROM --platform=x a@sha256:0", "from $G"]));
        text.push_str(end);
    }
    for _ in 0..=random.below(4) {
        line(random, &mut text, escape, end);
    }
    if random.once_in(8) {
        text.truncate(text.trim_end().len());
    }
    text
}

fn line(random: &mut Random, text: &mut String, escape: char, end: &str) {
    if random.once_in(8) {
        text.push_str(random.pick(&["# comment", "", "  ", "   # indented", "#"]));
        text.push_str(end);
        return;
    }
    if random.once_in(10) {
        text.push_str("  ");
    }
    let mut open: Vec<(&str, bool)> = vec![];
    text.push_str(random.pick(KEYWORDS));
    for _ in 0..=random.below(4) {
        text.push(' ');
        let word = random.pick(WORDS);
        text.push_str(word);
        match word {
            "<<EOF" => open.push(("EOF", false)),
            "<<-'E'" => open.push(("E", true)),
            "3<<F" => open.push(("F", false)),
            _ => {}
        }
        if random.once_in(7) {
            text.push_str(random.pick(&[" ", ""]));
            text.push(escape);
            text.push_str(random.pick(&["", " ", "\t "]));
            text.push_str(end);
            if random.once_in(4) {
                text.push_str(random.pick(&["# inside", "  # inside", ""]));
                text.push_str(end);
            }
        }
    }
    text.push_str(end);
    for (name, tabs) in open {
        if random.once_in(9) {
            continue;
        }
        text.push_str(random.pick(&["body", "\tbody $x", "RUN no", "# no comment"]));
        text.push_str(end);
        text.push_str(if tabs { "\t" } else { "" });
        text.push_str(name);
        text.push_str(end);
    }
}

const PARTS: &[&str] = &[
    "a",
    "-",
    "/",
    ".",
    " ",
    "$A",
    "${A}",
    "${B}",
    "$E",
    "$X",
    "${E:-d}",
    "${E-d}",
    "${X:-$A}",
    "${X-${A}b}",
    "${A:+c}",
    "${X:+c}",
    "${E+c}",
    "${A:?m}",
    "${X:?m}",
    "${X?}",
    "${E:?}",
    "${B#*/}",
    "${B##*.}",
    "${B%.*}",
    "${B%%.*}",
    "${B/./-}",
    "${B//./-}",
    "${B/a*/x}",
    "${A/l?/}",
    "${B#\\*}",
    "${A#a?}",
    "\"$A b\"",
    "'$A b'",
    "\\$A",
    "\\\"",
    "\"\\$A\"",
    "\"\\a\"",
    "\"a'b\"",
    "'a\"b'",
    "$",
    "$1",
    "$$",
    "${A",
    "${",
    "${}",
    "${:x}",
    "${A!}",
    "${A:x}",
    "\"",
    "'",
    "\\",
    "`",
    "`$A",
    "é",
    "${L}",
    "<",
    "<<",
    "${A%\"a\"}",
    "${X:-'q r'}",
    "${X:-\"q r\"}",
    "${A#\\q}",
    "${#}",
    "$@",
];

/// A random word for expansion.
pub(crate) fn word(random: &mut Random, escape: char) -> String {
    let mut word = String::from(random.pick(&["u", "", "x:", "$A"]));
    for _ in 0..=random.below(4) {
        word.push_str(random.pick(PARTS));
    }
    // An escape at the end of the line would be a continuation, and a comment is none of this test's business.
    while word.trim_end().ends_with(escape) {
        word.push('x');
    }
    if word.trim().is_empty() || word.trim_start().starts_with(['#', '-']) {
        word.insert(0, 'w');
    }
    word
}

const IGNORE_PARTS: &[&str] = &["a", "b", "*", "**", "?", "/", "/", ".", ".log", "[ab]", "[^b]", "\\*", "!", "x", "**/", "/**"];

/// A random ignore file.
pub(crate) fn ignore_file(random: &mut Random) -> String {
    let mut file = String::new();
    for _ in 0..=random.below(3) {
        if random.once_in(3) {
            file.push('!');
        }
        for _ in 0..=random.below(5) {
            file.push_str(random.pick(IGNORE_PARTS));
        }
        file.push('\n');
    }
    file
}
