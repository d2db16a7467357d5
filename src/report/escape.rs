//! Hostile text is made harmless for the place it goes to.

/// `text` without control characters: ANSI sequences, bells and line breaks come out as `\u{1b}`, `\u{7}`, `\n`. Bidirectional overrides too,
/// since they show another text than there is.
pub fn control(text: &str) -> String {
    let harmful = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(harmful) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len() + 8), |mut out, c| {
        if harmful(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        out
    })
}

/// The same for text of many lines: line ends and tabs stay.
pub fn lines(text: &str) -> String {
    text.split('\n').map(|line| line.split('\t').map(control).collect::<Vec<_>>().join("\t")).collect::<Vec<_>>().join("\n")
}

/// Text behind the `::` of a GitHub workflow command.
pub fn workflow_data(text: &str) -> String {
    control(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Value of a property of a GitHub workflow command.
pub fn workflow_property(text: &str) -> String {
    workflow_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        assert_eq!(control("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb\\nc");
        assert_eq!(control("user\u{202e}toor"), "user\\u{202e}toor");
        assert_eq!(control("größe 𝄞"), "größe 𝄞");
    }

    #[test]
    fn workflow_commands_cannot_be_forged() {
        assert_eq!(workflow_data("50%\n::error::x"), "50%25\\n::error::x");
        assert_eq!(workflow_property("a:b,c"), "a%3Ab%2Cc");
    }
}
