//! `.dockerignore`: patterns as `moby/patternmatcher` reads them.
//!
//! `*` and `?` stop at `/`, `**` crosses it, `**/` also stands for no directory at all; a pattern that matches a directory matches what is
//! below it; the last pattern that matches decides, `!` turns it round.

mod glob;

use glob::Glob;

/// The patterns of one ignore file.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
}

/// One pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written, `!` included, blanks around it left out.
    pub text: String,
    /// Byte range of `text` in the file.
    pub at: (usize, usize),
    /// Whether it includes again what earlier patterns excluded.
    pub includes: bool,
    glob: Glob,
}

/// A pattern that Docker refuses: the build fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPattern {
    /// As written.
    pub text: String,
    /// Byte range in the file.
    pub at: (usize, usize),
}

impl Patterns {
    /// Reads an ignore file. Bad patterns are left out and given beside the good ones.
    pub fn parse(file: &str) -> (Self, Vec<BadPattern>) {
        let mut patterns = vec![];
        let mut bad = vec![];
        let mut start = 0;
        for (number, line) in file.split_inclusive('\n').enumerate() {
            let at = start;
            start += line.len();
            let line = line.strip_suffix('\n').unwrap_or(line);
            let content = if number == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
            if content.starts_with('#') {
                continue;
            }
            let text = content.trim();
            if text.is_empty() {
                continue;
            }
            let begin = at + (line.len() - content.len()) + (content.len() - content.trim_start().len());
            let at = (begin, begin + text.len());
            let (negated, rest) = match text.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, text),
            };
            let cleaned = if rest.is_empty() { String::new() } else { clean(rest) };
            let relative = if cleaned.len() > 1 { cleaned.strip_prefix('/').unwrap_or(&cleaned) } else { &cleaned };
            // The matcher cleans once more and looks for `!` again, so that `/!a` includes, too.
            let whole = if negated { clean(&format!("!{relative}")) } else { clean(relative.trim()) };
            let (includes, path) = whole.strip_prefix('!').map_or((false, whole.as_str()), |path| (true, path));
            let compiled = if path.is_empty() { None } else { Glob::compile(path) };
            match compiled {
                Some(glob) => patterns.push(Pattern { text: text.to_owned(), at, includes, glob }),
                None => bad.push(BadPattern { text: text.to_owned(), at }),
            }
        }
        (Self { patterns }, bad)
    }

    /// The patterns, in order.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Whether any pattern includes again.
    pub fn any_includes(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.includes)
    }

    /// Whether the file or directory at `path` (relative to the context, `/`-separated) stays out of the context.
    pub fn excludes(&self, path: &str) -> bool {
        let path = clean(path);
        if path == "." {
            return false;
        }
        let mut excluded = false;
        for pattern in &self.patterns {
            if pattern.includes == excluded && pattern.matches_or_parent(&path) {
                excluded = !pattern.includes;
            }
        }
        excluded
    }

    /// Whether `path` stays out and nothing below it can be included again: no `!` pattern reaches into it.
    pub fn excludes_whole(&self, path: &str) -> bool {
        let path = clean(path);
        self.excludes(&path) && !self.patterns.iter().any(|pattern| pattern.includes && pattern.glob.may_match_below(&path))
    }
}

impl Pattern {
    fn matches_or_parent(&self, path: &str) -> bool {
        if self.glob.matches(path) {
            return true;
        }
        path.match_indices('/').any(|(at, _)| self.glob.matches(&path[..at]))
    }
}

/// What Go's `filepath.Clean` makes of a path.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = vec![];
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            part => kept.push(part),
        }
    }
    let joined = kept.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excluded(file: &str, path: &str) -> bool {
        Patterns::parse(file).0.excludes(path)
    }

    #[test]
    fn stars_stop_at_slashes_and_double_stars_do_not() {
        assert!(excluded("*.log", "a.log"));
        assert!(!excluded("*.log", "d/a.log"));
        assert!(excluded("**/*.log", "a.log") && excluded("**/*.log", "d/e/a.log"));
        assert!(excluded("a/**/b", "a/b") && excluded("a/**/b", "a/x/y/b"));
        assert!(excluded("**.log", "d/a.log"));
        assert!(excluded("a?c", "abc") && !excluded("a?c", "a/c"));
    }

    #[test]
    fn the_last_match_decides_and_parents_count() {
        assert!(excluded("node_modules", "node_modules/x/y"));
        assert!(!excluded("*\n!src", "src/a"));
        assert!(excluded("*\n!src\nsrc/secret", "src/secret/k"));
        assert!(excluded("# c\n #x\n/a/\n", "a") && excluded(" #x", "#x"));
    }

    #[test]
    fn whole_exclusion_heeds_includes_below() {
        let whole = |file: &str, path: &str| Patterns::parse(file).0.excludes_whole(path);
        assert!(whole("node_modules", "node_modules"));
        assert!(!whole("*\n!src/main.c", "src"));
        assert!(whole("*\n!src/main.c", ".git"));
        assert!(!whole("*\n!**/*.c", ".git"));
    }

    #[test]
    fn a_set_that_takes_slashes_reaches_into_directories() {
        let (patterns, _) = Patterns::parse("**\n!a\\S*");
        assert!(patterns.excludes("a") && !patterns.excludes("a/b"));
        assert!(!patterns.excludes_whole("a"));
        assert!(Patterns::parse("**\n!a[bc]*").0.excludes_whole("a"));
    }

    #[test]
    fn bad_patterns_are_given() {
        let (patterns, bad) = Patterns::parse("a[\n!\nb");
        assert_eq!((patterns.patterns().len(), bad.len()), (1, 2));
        assert_eq!(patterns.patterns()[0].at, (5, 6));
    }
}
