//! One pattern, compiled; matching is linear in pattern times path.

/// A step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// One character.
    Literal(char),
    /// `?`: one character but `/`.
    One,
    /// `*`: any number of characters but `/`.
    Star,
    /// `**` or `**/` in front of more: nothing, or anything that ends in `/`.
    Directories,
    /// `**` at the end: anything.
    Rest,
    /// `[…]`: one character of a set.
    Set { negated: bool, ranges: Vec<(char, char)> },
}

impl Step {
    /// Whether it reaches beyond one part of a path. Sets do, in the reference, where they hold a slash or leave others out.
    fn may_take_slash(&self) -> bool {
        match self {
            Self::Directories | Self::Rest => true,
            Self::Set { .. } => self.takes('/'),
            Self::Literal(_) | Self::One | Self::Star => false,
        }
    }

    /// Whether it stands for this one character.
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Literal(literal) => *literal == c,
            Self::One => c != '/',
            Self::Set { negated, ranges } => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated,
            Self::Star | Self::Directories | Self::Rest => false,
        }
    }
}

/// How a pattern is matched: the reference takes shortcuts that differ from its general case.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    Exact(String),
    /// `x**`: anything that begins so.
    Prefix(String),
    /// `**x`: anything that ends so.
    Suffix(String),
    Steps(Vec<Step>),
}

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob(Way);

impl Glob {
    /// `None` for a pattern that Docker refuses.
    pub(super) fn compile(pattern: &str) -> Option<Self> {
        if malformed(pattern) {
            return None;
        }
        let mut steps = vec![];
        // Which shortcut the reference takes, decided as it decides: by what the pattern holds and whether `**` comes first.
        let mut kind = Kind::Exact;
        let mut chars = pattern.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            match c {
                '*' if chars.peek() == Some(&'*') => {
                    chars.next();
                    if chars.peek() == Some(&'/') {
                        chars.next();
                    }
                    let end = chars.peek().is_none();
                    steps.push(if end { Step::Rest } else { Step::Directories });
                    kind = match kind {
                        _ if first => Kind::Suffix,
                        Kind::Exact if end => Kind::Prefix,
                        _ => Kind::General,
                    };
                }
                '*' => {
                    steps.push(Step::Star);
                    kind = Kind::General;
                }
                '?' => {
                    steps.push(Step::One);
                    kind = Kind::General;
                }
                '\\' => {
                    steps.push(escaped(chars.next()?)?);
                    kind = Kind::General;
                }
                '[' => {
                    steps.push(set(&mut chars)?);
                    kind = Kind::General;
                }
                c => {
                    steps.push(Step::Literal(c));
                    if c == ']' {
                        kind = Kind::General;
                    }
                }
            }
            first = false;
        }
        Some(Self(match kind {
            Kind::Exact => Way::Exact(pattern.to_owned()),
            Kind::Prefix => Way::Prefix(pattern.strip_suffix("**").unwrap_or(pattern).to_owned()),
            Kind::Suffix => Way::Suffix(pattern[2..].to_owned()),
            Kind::General => Way::Steps(steps),
        }))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        match &self.0 {
            Way::Exact(pattern) => path == pattern,
            Way::Prefix(start) => path.starts_with(start.as_str()),
            Way::Suffix(end) => path.ends_with(end.as_str()) || end.strip_prefix('/').is_some_and(|end| path == end),
            Way::Steps(steps) => matches(steps, path),
        }
    }

    /// Whether it may match something below `directory`. May say yes where nothing does.
    pub(super) fn may_match_below(&self, directory: &str) -> bool {
        match &self.0 {
            Way::Exact(pattern) => pattern.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/')),
            Way::Prefix(start) => start.starts_with(directory) || directory.starts_with(start.as_str()),
            Way::Suffix(_) => true,
            Way::Steps(steps) => {
                let parts: Vec<&[Step]> = steps.split(|step| *step == Step::Literal('/')).collect();
                let wanted: Vec<&str> = directory.split('/').collect();
                if steps.iter().any(Step::may_take_slash) {
                    return true;
                }
                parts.len() > wanted.len() && parts.iter().zip(&wanted).all(|(part, name)| matches(part, name))
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Exact,
    Prefix,
    Suffix,
    General,
}

/// What an escape means. The reference hands it to Go's regular expressions, where letters have meanings of their own; those that are none
/// make the pattern bad.
fn escaped(c: char) -> Option<Step> {
    const WORD: [(char, char); 4] = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    const BLANK: [(char, char); 4] = [('\t', '\n'), ('\x0c', '\r'), (' ', ' '), (' ', ' ')];
    let class = |negated, ranges: &[(char, char)]| Some(Step::Set { negated, ranges: ranges.to_vec() });
    match c {
        'd' | 'D' => class(c == 'D', &[('0', '9')]),
        'w' | 'W' => class(c == 'W', &WORD),
        's' | 'S' => class(c == 'S', &BLANK),
        'a' => Some(Step::Literal('\x07')),
        'f' => Some(Step::Literal('\x0c')),
        'n' => Some(Step::Literal('\n')),
        'r' => Some(Step::Literal('\r')),
        't' => Some(Step::Literal('\t')),
        'v' => Some(Step::Literal('\x0b')),
        c if c.is_ascii_alphanumeric() || !c.is_ascii() => None,
        c => Some(Step::Literal(c)),
    }
}

/// Reads a set behind its `[`. Only `^` negates.
fn set(chars: &mut core::iter::Peekable<core::str::Chars<'_>>) -> Option<Step> {
    let negated = chars.peek() == Some(&'^');
    if negated {
        chars.next();
    }
    let mut ranges = vec![];
    let one = |chars: &mut core::iter::Peekable<core::str::Chars<'_>>| match chars.next()? {
        '\\' => chars.next(),
        c => Some(c),
    };
    loop {
        if chars.peek() == Some(&']') && !ranges.is_empty() {
            chars.next();
            return Some(Step::Set { negated, ranges });
        }
        let low = one(chars)?;
        let mut high = low;
        if chars.peek() == Some(&'-') {
            chars.next();
            high = one(chars)?;
        }
        if low > high {
            return None;
        }
        ranges.push((low, high));
    }
}

/// Whether Go's `filepath.Match` finds fault with the pattern.
fn malformed(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => return true,
            '[' if set_is_bad(&mut chars) => return true,
            _ => {}
        }
    }
    false
}

fn set_is_bad(chars: &mut core::iter::Peekable<core::str::Chars<'_>>) -> bool {
    if chars.peek() == Some(&'^') {
        chars.next();
    }
    let mut count = 0;
    let one = |chars: &mut core::iter::Peekable<core::str::Chars<'_>>| match chars.next() {
        None | Some('-' | ']') => None,
        Some('\\') => chars.next(),
        Some(c) => Some(c),
    };
    loop {
        if chars.peek() == Some(&']') && count > 0 {
            chars.next();
            return false;
        }
        if one(chars).is_none() {
            return true;
        }
        if chars.peek() == Some(&'-') {
            chars.next();
            if one(chars).is_none() {
                return true;
            }
        }
        if chars.peek().is_none() {
            return true;
        }
        count += 1;
    }
}

/// Whether the steps take the whole path: one pass with the set of steps that may come next.
fn matches(steps: &[Step], path: &str) -> bool {
    // State n: the first n steps are taken. A `Directories` step has a second state, inside of it, for which `inside[n]` stands.
    let mut at = vec![false; steps.len() + 1];
    let mut inside = vec![false; steps.len() + 1];
    at[0] = true;
    skip_empty(steps, &mut at, &mut inside);
    for c in path.chars() {
        let mut next = vec![false; steps.len() + 1];
        let mut next_inside = vec![false; steps.len() + 1];
        for (n, step) in steps.iter().enumerate() {
            if inside[n] {
                next_inside[n] = true;
                if c == '/' {
                    next[n + 1] = true;
                }
            }
            if !at[n] {
                continue;
            }
            match step {
                Step::Star => next[n] |= c != '/',
                Step::Rest => next[n] = true,
                Step::Directories => {}
                one => next[n + 1] |= one.takes(c),
            }
        }
        at = next;
        inside = next_inside;
        skip_empty(steps, &mut at, &mut inside);
    }
    at[steps.len()]
}

/// Takes steps that may stand for nothing.
fn skip_empty(steps: &[Step], at: &mut [bool], inside: &mut [bool]) {
    for (n, step) in steps.iter().enumerate() {
        if at[n] && matches!(step, Step::Star | Step::Rest | Step::Directories) {
            at[n + 1] = true;
            inside[n] |= *step == Step::Directories;
        }
    }
}
