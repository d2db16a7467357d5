//! The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/text}`: `*`, `?` and literal characters.

/// Steps beyond which a match is given up: both sides come from the file.
const MAX_STEPS: usize = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Star,
    Any,
    Literal(char),
}

/// Reads a pattern; an escape before anything but `*`, `?`, `\`, `}` and `/` is refused, as in BuildKit.
pub(crate) fn compile(pattern: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Star,
            '?' => Token::Any,
            '\\' => match chars.peek() {
                Some('}' | '/') => continue,
                Some(escaped @ ('*' | '?' | '\\')) => {
                    let escaped = *escaped;
                    chars.next();
                    Token::Literal(escaped)
                }
                _ => return Err(format!("invalid pattern ({pattern}) in substitution")),
            },
            c => Token::Literal(c),
        });
    }
    Ok(tokens)
}

/// Length in characters of the shortest or longest match at the start of `text`; `Err` where it would take too long.
fn prefix(tokens: &[Token], text: &[char], longest: bool) -> Result<Option<usize>, ()> {
    if tokens.len().saturating_mul(text.len()) > MAX_STEPS {
        return Err(());
    }
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for token in tokens {
        let mut next = vec![false; text.len() + 1];
        let mut star = false;
        for at in 0..=text.len() {
            match token {
                Token::Star => {
                    star |= reached[at];
                    next[at] = star;
                }
                Token::Any => next[at] = at > 0 && reached[at - 1] && text[at - 1] != '\n',
                Token::Literal(c) => next[at] = at > 0 && reached[at - 1] && text[at - 1] == *c,
            }
        }
        reached = next;
    }
    Ok(if longest { reached.iter().rposition(|hit| *hit) } else { reached.iter().position(|hit| *hit) })
}

/// `text` without the match at its start.
pub(crate) fn trim_start(tokens: &[Token], text: &str, longest: bool) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let end = prefix(tokens, &chars, longest).ok()?;
    Some(chars[end.unwrap_or(0)..].iter().collect())
}

/// `text` without the match at its end.
pub(crate) fn trim_end(tokens: &[Token], text: &str, longest: bool) -> Option<String> {
    let chars: Vec<char> = text.chars().rev().collect();
    let tokens: Vec<Token> = tokens.iter().rev().copied().collect();
    let end = prefix(&tokens, &chars, longest).ok()?;
    Some(chars[end.unwrap_or(0)..].iter().rev().collect())
}

/// `text` with the first or every match replaced. `None` where it cannot be told: BuildKit reads `$` in the replacement of `//` as a group.
pub(crate) fn replace(tokens: &[Token], text: &str, replacement: &str, all: bool) -> Option<String> {
    let only_stars = tokens.iter().all(|token| *token == Token::Star);
    if all && (only_stars || replacement.contains('$')) {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    if tokens.len().saturating_mul(chars.len()).saturating_mul(chars.len()) > MAX_STEPS {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at <= chars.len() {
        if let Some(len) = prefix(tokens, &chars[at..], true).ok()? {
            out.push_str(replacement);
            at += len;
            if !all {
                break;
            }
        } else {
            out.extend(chars.get(at));
            at += 1;
        }
    }
    out.extend(chars.get(at..).unwrap_or_default());
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn shortest_and_longest_differ() {
        let glob = compile("*.").unwrap();
        assert_eq!(trim_start(&glob, "a.b.c", false).unwrap(), "b.c");
        assert_eq!(trim_start(&glob, "a.b.c", true).unwrap(), "c");
        let glob = compile(".*").unwrap();
        assert_eq!(trim_end(&glob, "a.b.c", false).unwrap(), "a.b");
        assert_eq!(trim_end(&glob, "a.b.c", true).unwrap(), "a");
    }

    #[test]
    fn replacing_takes_the_longest_match() {
        assert_eq!(replace(&compile("o").unwrap(), "foo", "0", false).unwrap(), "f0o");
        assert_eq!(replace(&compile("o").unwrap(), "foo", "0", true).unwrap(), "f00");
        assert_eq!(replace(&compile("f*").unwrap(), "xfoo", "", false).unwrap(), "x");
        assert_eq!(replace(&compile("\\*").unwrap(), "a*b", "-", true).unwrap(), "a-b");
    }

    #[test]
    fn stray_escapes_are_refused() {
        assert!(compile("\\a").is_err());
        assert!(compile("\\").is_err());
        assert_eq!(compile("\\}").unwrap(), vec![Token::Literal('}')]);
    }
}
