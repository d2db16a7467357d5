//! Inputs for differential tests: probes by hand, and seeded random files.

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

/// Whole files, each about one question.
pub(crate) const PROBES: &[&str] = &[
    "FROM a\n",
    "",
    "\n# only a comment\n",
    "\u{feff}FROM a\nRUN x\n",
    "\u{feff}# escape=`\nFROM a\nRUN x `\n y\n",
    "FROM a\r\nRUN x \\\r\n y\r\n",
    "# escape=`\r\nFROM a\r\nRUN x `\r\n y\r\n",
    "# escape=x\nFROM a\n",
    "# escape=\\\n# escape=\\\nFROM a\n",
    "# SYNTAX = x\n#check=skip=all\nFROM a\n",
    "\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "# c\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "FROM a\n# escape=`\nRUN x \\\n y\n",
    "FROM a\nRUN x \\\n# c\n y \\\n\n z\n",
    "FROM a\nRUN x \\   \n y\n",
    "FROM a\nRUN x \\\\\nRUN y\n",
    "FROM a\nRUN x \\\\\\\nRUN y\n",
    "FROM a\nRUN x \\",
    "FROM a\nRUN x \\\n",
    "FROM a\nRUN x \\\n\n# c\n",
    "FROM a\n\\\nRUN x\n",
    "FROM a\n\\\n\\\n",
    "FROM a\nRUN \\\n  --network=none \\\n  x\n",
    "FROM a\nRUN python3 <<EOF\nx\nEOF\n",
    "FROM a\nRUN <<A cat <<-'B' > f\n1\nA\n\t2\n\tB\nRUN y\n",
    "FROM a\nRUN <<EOF\nx\n",
    "FROM a\nRUN <<EOF\nx\n EOF\nEOF \nEOF\n",
    "FROM a\nRUN <<EOF\r\nx\r\nEOF\r\n",
    "FROM a\nRUN echo $((1<<2))\n",
    "FROM a\nRUN cat <<<x\n",
    "FROM a\nRUN echo \"it's <<EOF\nRUN y\n",
    "FROM a\nRUN [\"x\", \"<<EOF\"]\n",
    "FROM a\nCOPY <<A <<B /d/\n1\nA\n2\nB\n",
    "FROM a\nCOPY x <<EOF\ny\nEOF\n",
    "FROM a\nADD --chmod=1 <<\"EOF\" /d\nx\nEOF\n",
    "FROM a\nCMD <<EOF\n",
    "FROM a\nONBUILD RUN <<EOF\nx\nEOF\nRUN y\n",
    "FROM a\nONBUILD CMD <<EOF\n",
    "FROM a\nONBUILD COPY --bogus x\n",
    "FROM a\nONBUILD BOGUS\n",
    "FROM a\nONBUILD RUN [\"a\", 1]\n",
    "FROM a\nONBUILD ENV a\n",
    "FROM a\nONBUILD ONBUILD RUN x\n",
    "FROM a\nONBUILD ONBUILD ONBUILD RUN x\n",
    "FROM a\nRUN <<3EOF 4<<5\nx\n3EOF\ny\n5\n",
    "FROM a\nRUN << EOF\nx\nEOF\n",
    "FROM a\nRUN cat <<\\EOF\nx\nEOF\n",
    "FROM a\nRUN cat <<E\"O\"F ${x:-y}\nx\nEOF\n",
    "FROM a\nRUN x<<EOF${A:-b}\n",
    "FROM a\nRUN cat <<EOF ${}\nRUN y\n",
    "FROM a\nENV A=1 \\\n  # c\n  B=2\n",
    "FROM a\nENV A\n",
    "FROM a\nENV A b c\n",
    "FROM a\nENV A=\n",
    "FROM a\nENV A=\"b c\" D='e \\' F=\\ g\n",
    "FROM a\nLABEL \"a b\"=c 'd'=e\n",
    "FROM a\nLABEL a b=c\n",
    "FROM a\nENV a=b c\n",
    "FROM a\nARG\n",
    "FROM a\nARG a b=c =d\n",
    "ARG A=1\nARG B\nFROM a\n",
    "RUN x\nFROM a\n",
    "RUN x\n",
    "FROM a AS\n",
    "FROM a AS B\nFROM b as b\n",
    "FROM a AS 1\n",
    "FROM --platform=x --platform=y a\n",
    "FROM --platform a\n",
    "FROM a\nCOPY a\n",
    "FROM a\nCOPY [\"a\", \"b c\"]\n",
    "FROM a\nCOPY [\"a\"]\n",
    "FROM a\nCOPY [\"a\", b]\n",
    "FROM a\nCOPY --link=maybe a b\n",
    "FROM a\nCOPY --link= a b\n",
    "FROM a\nCOPY --exclude=a --exclude=b --parents a b\n",
    "FROM a\nCOPY --from= a b\n",
    "FROM a\nCOPY \"--from=x\" a b\n",
    "FROM a\nCOPY --from=\"x\" a b\n",
    "FROM a\nADD --unpack --keep-git-dir=false --checksum=x a b\n",
    "FROM a\nRUN -- --x\n",
    "FROM a\nRUN --mount=type=cache,target=/x --mount=type=bind x\n",
    "FROM a\nRUN --mount= x\n",
    "FROM a\nRUN --mount=\"a\"\"b\" x\n",
    "FROM a\nRUN --mount=from=$x,y x\n",
    "FROM a\nRUN --mount=from=x$,y x\n",
    "FROM a\nRUN --device=a,b x\n",
    "FROM a\nRUN --device=a,required=t x\n",
    "FROM a\nRUN --security=insecure --network=host x\n",
    "FROM a\nRUN --network=lan x\n",
    "FROM a\nRUN\n",
    "FROM a\nCMD\n",
    "FROM a\nCMD []\n",
    "FROM a\nCMD [ \"a\" , \"b\" ]  \n",
    "FROM a\nCMD [\"a\",]\n",
    "FROM a\nCMD [\"\\u00e9\\n\"]\n",
    "FROM a\nCMD [\"a\tb\"]\n",
    "FROM a\nCMD [null]\n",
    "FROM a\nCMD [{}]\n",
    "FROM a\nCMD [01]\n",
    "FROM a\nCMD [\"a\"] x\n",
    "FROM a\nSHELL x\n",
    "FROM a\nSHELL [\"x\"]\n",
    "FROM a\nHEALTHCHECK NONE\n",
    "FROM a\nHEALTHCHECK NONE x\n",
    "FROM a\nHEALTHCHECK --interval=1s NONE\n",
    "FROM a\nHEALTHCHECK --interval=1 CMD x\n",
    "FROM a\nHEALTHCHECK --interval=1us CMD x\n",
    "FROM a\nHEALTHCHECK --retries=-1 CMD x\n",
    "FROM a\nHEALTHCHECK --retries=+1 cmd [\"x\"]\n",
    "FROM a\nHEALTHCHECK CMD\n",
    "FROM a\nHEALTHCHECK x\n",
    "FROM a\nSTOPSIGNAL --x 9\n",
    "FROM a\nSTOPSIGNAL\n",
    "FROM a\nUSER a b\n",
    "FROM a\nUSER --x a\n",
    "FROM a\nEXPOSE 80 81/udp\n",
    "FROM a\nEXPOSE\n",
    "FROM a\nVOLUME [\"\"]\n",
    "FROM a\nVOLUME a b\n",
    "FROM a\nMAINTAINER a b\n",
    "FROM a\nFOO x\n",
    "from a\nrun x\n",
    "FROM\ta\nRUN\tx\n",
    "FROM a\n  RUN x\n    # c\n",
    "FROM {{base}}\nRUN x\n",
    "FROM a\n{{if x}}\nRUN x\n{{end}}\n",
];

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
    for _ in 0..1 + random.below(4) {
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
    for _ in 0..1 + random.below(4) {
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
    for _ in 0..1 + random.below(4) {
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

/// Patterns by hand.
pub(crate) const IGNORE_PATTERNS: &[&str] = &[
    "a",
    "/a",
    "a/",
    "./a",
    "a//b",
    "*",
    "**",
    "**/",
    "*/b",
    "a/*",
    "a/**",
    "**/b",
    "**/*.log",
    "*.log",
    "**.log",
    "a**b",
    "a**",
    "**a",
    "a/**/b",
    "a?",
    "?",
    "[ab]",
    "[!a]",
    "[^a]",
    "[a-c]b",
    "a\\b",
    "a\\*",
    "{a,b}",
    "!a",
    "*\n!a",
    "*\n!a/b",
    "a\n!a/b",
    "**\n!a",
    "# x",
    " #x",
    "  a  ",
    "..",
    "../a",
    "a/..",
    ".",
    "/",
    "",
    "a.b",
    "a+b",
    "(a)",
    "a[",
    "[]",
    "[a",
    "a]",
    "!",
    "! a",
    "*/*",
    "*/*/c",
    "**/a/**",
    "a/b/c",
    "\u{feff}a",
    "a\r\nb\r\n",
    "[b-a]",
    "\\d",
    "\\a",
    "\\q",
    "**/a*",
    "**/a/*.log",
    "**a/**",
    "***",
    "a***",
    "a/***/b",
    "**/**",
    "**/**/b",
    "a/**/**",
    "!**/b\n*",
    "*\n!**/b",
    "[*]",
    "\\[a",
    "a$",
    "^a",
    "a|b",
];

/// Paths that the patterns are tried on.
pub(crate) const IGNORE_PATHS: &[&str] = &[
    "a",
    "b",
    "ab",
    "aab",
    "a/b",
    "a/b/c",
    "b/a",
    "a.log",
    "d/a.log",
    "d/e/a.log",
    "log",
    ".log",
    "x/log",
    "a*",
    "a*b",
    "a\\b",
    "{a,b}",
    "!a",
    "#x",
    "a+b",
    "(a)",
    "a.b",
    "axb",
    "a]",
    "[a",
    "1",
    "a b",
    "abc",
    "a/x/y/b",
    "a/xb",
    ".git",
    ".git/config",
    "é",
    "aé",
    "a$",
    "^a",
    "a|b",
    "d",
];

const IGNORE_PARTS: &[&str] = &["a", "b", "*", "**", "?", "/", "/", ".", ".log", "[ab]", "[^b]", "\\*", "!", "x", "**/", "/**"];

/// A random ignore file.
pub(crate) fn ignore_file(random: &mut Random) -> String {
    let mut file = String::new();
    for _ in 0..1 + random.below(3) {
        if random.once_in(3) {
            file.push('!');
        }
        for _ in 0..1 + random.below(5) {
            file.push_str(random.pick(IGNORE_PARTS));
        }
        file.push('\n');
    }
    file
}
