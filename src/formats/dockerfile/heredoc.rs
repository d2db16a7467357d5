//! Heredoc markers: `<<EOF`, `3<<-"EOF"` as words of an instruction's line.

use crate::lex::{self, Options, Refused};
use crate::variable::Nothing;

/// A marker in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker<'t> {
    /// The delimiter with quotes removed.
    pub(crate) name: std::borrow::Cow<'t, str>,
    /// Whether variables in the body are expanded: no part of the delimiter is quoted.
    pub(crate) expand: bool,
    /// `<<-`: leading tabs do not count.
    pub(crate) strip: bool,
}

const PLAIN: Options = Options { escape: '\\', raw_quotes: false, raw_escapes: false, skip_unset: true };

/// Every marker of a line, in order. The line is read with a backslash as escape whatever the directive says, as BuildKit does; a line
/// whose quotes do not match has none.
pub(crate) fn markers(line: &str) -> Result<Vec<Marker<'static>>, Refused> {
    let options = Options { raw_quotes: true, raw_escapes: true, ..PLAIN };
    let words = lex::split(line, options, &Nothing).map(|expanded| expanded.words).unwrap_or_default();
    let mut found = vec![];
    for word in &words {
        found.extend(marker(word)?);
    }
    Ok(found)
}

/// The marker that a word is, if it is one.
pub(crate) fn marker(word: &str) -> Result<Option<Marker<'static>>, Refused> {
    let Some(rest) = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<") else { return Ok(None) };
    let (strip, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = rest.trim_start_matches(['\t', '\n', '\x0c', '\r', ' ']);
    if rest.is_empty() || rest.contains('<') {
        return Ok(None);
    }
    let words = lex::split(rest, PLAIN, &Nothing)?.words;
    let [name] = words.as_slice() else { return Ok(None) };
    let raw = lex::split(rest, Options { raw_quotes: true, ..PLAIN }, &Nothing)?.words;
    let [raw] = raw.as_slice() else { return Err(Refused(format!("the heredoc delimiter {rest} cannot be read"))) };
    let quotes = |text: &str| text.bytes().filter(|byte| matches!(byte, b'\'' | b'"')).count();
    Ok(Some(Marker { expand: quotes(name) == quotes(raw), strip, name: name.clone().into() }))
}

/// A body as the program sees it: `<<-` strips leading tabs of every line.
pub(crate) fn stripped(body: &str) -> String {
    body.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn names(line: &str) -> Vec<String> {
        markers(line).unwrap().into_iter().map(|marker| marker.name.into_owned()).collect()
    }

    #[test]
    fn any_word_of_the_line_may_be_one() {
        assert_eq!(names("RUN cat <<A 3<<-B > x"), ["A", "B"]);
        assert_eq!(names("RUN << EOF"), ["EOF"]);
        assert_eq!(names("RUN echo $((1<<2))"), [""; 0]);
        assert_eq!(names("RUN cat <<<here"), [""; 0]);
        assert_eq!(names("RUN echo \"it's <<EOF"), [""; 0]);
    }

    #[test]
    fn quoting_any_part_stops_expansion() {
        let found = markers("RUN cat <<E'O'F <<\"A\" <<-B").unwrap();
        assert_eq!(
            found.iter().map(|m| (&*m.name, m.expand, m.strip)).collect::<Vec<_>>(),
            [("EOF", false, false), ("A", false, false), ("B", true, true)]
        );
    }
}
