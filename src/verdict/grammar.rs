//! Our own waivers: `ignore[docker/user-root, DL3008] until=2027-01-31 owner=team -- reason`.

use jiff::civil::Date;

/// A waiver as written, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// Whether it covers the whole file.
    pub(crate) file: bool,
    /// Selectors with their byte offset in the text parsed.
    pub(crate) selectors: Vec<(String, usize)>,
    pub(crate) until: Option<Date>,
    pub(crate) owner: Option<String>,
    pub(crate) ticket: Option<String>,
    pub(crate) reason: Option<String>,
}

/// Parses what follows `plimsoll:`. `Err` holds the cause as a lowercase fragment: a waiver that is not understood waives nothing.
pub(crate) fn parse(text: &str) -> Result<Written, String> {
    let start = text.len() - text.trim_start().len();
    let body = &text[start..];
    let (file, rest) = if let Some(rest) = body.strip_prefix("ignore-file") {
        (true, rest)
    } else if let Some(rest) = body.strip_prefix("ignore") {
        (false, rest)
    } else {
        let word = body.split(|c: char| c.is_whitespace() || c == '[').next().unwrap_or_default();
        return Err(format!("`{word}` is no waiver, expected `ignore[…]` or `ignore-file[…]`"));
    };
    let spaces = rest.len() - rest.trim_start().len();
    let Some(inside) = rest.trim_start().strip_prefix('[') else {
        return Err("the rules must stand in brackets, as in `ignore[docker/user-root]`".into());
    };
    let Some(close) = inside.find(']') else { return Err("the closing bracket is missing".into()) };
    let list_start = text.len() - rest.len() + spaces + 1;
    let mut selectors = Vec::new();
    let mut at = list_start;
    for part in inside[..close].split(',') {
        let selector = part.trim();
        if !selector.is_empty() {
            selectors.push((selector.to_owned(), at + (part.len() - part.trim_start().len())));
        }
        at += part.len() + 1;
    }
    if selectors.is_empty() {
        return Err("no rule is named between the brackets".into());
    }
    let mut written = Written { file, selectors, until: None, owner: None, ticket: None, reason: None };
    let tail = &inside[close + 1..];
    let (settings, reason) = split_reason(tail);
    written.reason = reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    for setting in settings.split_whitespace() {
        let Some((key, value)) = setting.split_once('=') else {
            return Err(format!("`{setting}` is not understood; a reason follows `--`"));
        };
        match key {
            "until" => written.until = Some(value.parse().map_err(|_| format!("`{value}` is no date such as 2027-01-31"))?),
            "owner" => written.owner = Some(value.to_owned()),
            "ticket" => written.ticket = Some(value.to_owned()),
            _ => return Err(format!("unknown setting `{key}`, expected until, owner or ticket")),
        }
    }
    Ok(written)
}

fn split_reason(tail: &str) -> (&str, Option<&str>) {
    if let Some(reason) = tail.trim_start().strip_prefix("--") {
        return ("", Some(reason));
    }
    match tail.find(" --") {
        Some(at) => (&tail[..at], Some(&tail[at + 3..])),
        None => (tail, None),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn whole_grammar() {
        let text = " ignore[docker/user-root, DL3008] until=2027-01-31 owner=team ticket=A-1 -- needs root -- really";
        let written = parse(text).unwrap();
        assert_eq!(
            written.selectors.iter().map(|(name, at)| (name.as_str(), &text[*at..*at + 2])).collect::<Vec<_>>(),
            [("docker/user-root", "do"), ("DL3008", "DL")]
        );
        assert_eq!(written.until.unwrap().to_string(), "2027-01-31");
        assert_eq!((written.owner.as_deref(), written.ticket.as_deref()), (Some("team"), Some("A-1")));
        assert_eq!(written.reason.as_deref(), Some("needs root -- really"));
        assert!(!written.file && parse("ignore-file[ALL]").unwrap().file);
        assert_eq!(parse("ignore[a]--why").unwrap().reason.as_deref(), Some("why"));
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for text in [
            "ignore",
            "ignore docker/x",
            "ignore[",
            "ignore[]",
            "ignore[ , ]",
            "ignored[x]",
            "allow[x]",
            "ignore[x] until=soon",
            "ignore[x] because",
            "ignore[x] unti=2027-01-31",
            "ignore[x] until=2027-02-30",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "(ignore|-file|\\[|\\]|,| |--|until=|é|a){0,12}") {
            if let Ok(written) = parse(&text) {
                for (selector, at) in written.selectors {
                    proptest::prop_assert_eq!(&text[at..at + selector.len()], selector.as_str());
                }
            }
        }
    }
}
