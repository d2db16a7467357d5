//! Facts of a text that peers' comments need and that no parser hands us.

/// Bytes of the line that holds an offset, without its line end.
pub(crate) fn line_of(text: &str, offset: u32) -> (u32, u32) {
    let bytes = text.as_bytes();
    let offset = (offset as usize).min(bytes.len());
    let start = bytes[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = bytes[offset..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| offset + at);
    (start as u32, end as u32)
}

/// Bytes of the line below, if there is one.
pub(crate) fn next_line(text: &str, offset: u32) -> Option<(u32, u32)> {
    let (_, end) = line_of(text, offset);
    ((end as usize) < text.len()).then(|| line_of(text, end + 1))
}

/// Where the first line that is neither blank nor a comment nor a document marker starts.
pub(crate) fn head_end(text: &str) -> u32 {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches('\u{feff}').trim();
        if !(bare.is_empty() || bare.starts_with('#') || bare.starts_with("//") || bare == "---") {
            break;
        }
        at += line.len();
    }
    at as u32
}

/// Top-level blocks of a Terraform file as `terraform fmt` writes them: from a line that starts with a letter and opens a brace to the
/// next line that starts with the closing one. Peers' skip comments inside a block concern all of it.
pub(crate) fn blocks(text: &str) -> Vec<(u32, u32)> {
    let mut blocks = Vec::new();
    let mut open = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        match (line.as_bytes().first(), open) {
            (Some(b'}'), Some(start)) => {
                blocks.push((start, (at + line.trim_end().len()) as u32));
                open = None;
            }
            (Some(first), None) if first.is_ascii_alphabetic() && line.trim_end().ends_with('{') => open = Some(at as u32),
            _ => {}
        }
        at += line.len();
    }
    blocks
}

/// Names in a Dockerfile's `# check=skip=A,B` directive, with the bytes of that line. Directives stand before anything else, comments
/// included, so the first line that is none ends the search.
pub(crate) fn check_directive(text: &str) -> Option<(Vec<String>, (u32, u32))> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches('\u{feff}').trim().strip_prefix('#')?.trim();
        let (key, value) = body.split_once('=')?;
        if key.trim().eq_ignore_ascii_case("check") {
            let skip = value.split(';').filter_map(|part| part.trim().strip_prefix("skip=")).flat_map(|names| names.split(','));
            let names: Vec<String> = skip.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
            return Some((names, (at as u32, (at + line.trim_end().len()) as u32)));
        }
        at += line.len();
    }
    None
}

/// A comment `# shellcheck disable=A,B`.
#[derive(Debug)]
pub(crate) struct Disabled {
    pub(crate) codes: Vec<String>,
    /// Bytes of the comment.
    pub(crate) comment: (u32, u32),
    /// Bytes of the next command, which it is about.
    pub(crate) command: (u32, u32),
}

/// The comments `# shellcheck disable=A,B` in scripts of a Dockerfile, heredocs included.
pub(crate) fn shellcheck(text: &str) -> Vec<Disabled> {
    let mut found = Vec::new();
    // Nearly no file has one, and every file is asked.
    if memchr::memmem::find(text.as_bytes(), b"shellcheck ").is_none() {
        return found;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim();
        let Some(rest) = bare.strip_prefix('#').and_then(|body| body.trim_start().strip_prefix("shellcheck ")) else { continue };
        let Some(codes) = rest.split_whitespace().find_map(|word| word.strip_prefix("disable=")) else { continue };
        let codes = codes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect();
        let indent = line.len() - line.trim_start().len();
        let comment = ((start + indent) as u32, (start + indent + bare.len()) as u32);
        found.push(Disabled { codes, comment, command: next_command(text, at) });
    }
    found
}

/// From the first line at or behind `from` that is neither blank nor a comment to where its command ends.
fn next_command(text: &str, from: usize) -> (u32, u32) {
    let lines = text[from..].split_inclusive('\n').scan(from, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, start + line.trim_end().len(), line.trim()))
    });
    let mut command: Option<(usize, usize)> = None;
    let joins = |line: &str| ["&&", "||", "|", ";"].iter().any(|operator| line.starts_with(operator));
    for (start, end, line) in lines {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if command.is_some() && joins(line) {
            break;
        }
        command = Some((command.map_or(start, |(first, _)| first), end));
        let Some(more) = line.strip_suffix(['\\', '`']) else { break };
        if ["&&", "||", "|", ";"].iter().any(|operator| more.trim_end().ends_with(operator)) {
            break;
        }
    }
    let (start, end) = command.unwrap_or((from, from));
    (start as u32, end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_by_offset() {
        assert_eq!((line_of("ab\ncd", 1), line_of("ab\ncd", 5), line_of("", 3)), ((0, 2), (3, 5), (0, 0)));
        assert_eq!((next_line("ab\ncd", 1), next_line("ab\ncd", 4)), (Some((3, 5)), None));
    }

    #[test]
    fn head_of_a_file_is_comments() {
        assert_eq!(head_end("# a\n\n---\nx: 1\n"), 9);
        assert_eq!(head_end("x"), 0);
    }

    #[test]
    fn blocks_of_formatted_terraform() {
        let text = "resource \"a\" \"b\" {\n  x {\n  }\n}\n\nlocals {\n}\n";
        let blocks: Vec<&str> = blocks(text).iter().map(|(start, end)| &text[*start as usize..*end as usize]).collect();
        assert_eq!(blocks, ["resource \"a\" \"b\" {\n  x {\n  }\n}", "locals {\n}"]);
    }

    #[test]
    fn a_shellcheck_comment_is_about_the_next_command() {
        let covered = |text: &str| {
            let one = |found: Disabled| (found.codes.join(" "), text[found.command.0 as usize..found.command.1 as usize].to_owned());
            shellcheck(text).into_iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!(
            covered("RUN a && \\\n    # shellcheck disable=SC2086,SC2046 # why\n    b $x \\\n      $y \\\n    && c $z\n"),
            [("SC2086 SC2046".to_owned(), "    b $x \\\n      $y \\".to_owned())]
        );
        assert_eq!(covered("RUN <<EOF\n# shellcheck disable=SC2086\n\na $x\nb $y\nEOF\n"), [("SC2086".to_owned(), "a $x".to_owned())]);
        assert_eq!(covered("# shellcheck shell=bash\nRUN a\n# shellcheck disable=SC1\n"), [("SC1".to_owned(), String::new())]);
    }

    #[test]
    fn check_directive_at_the_top_only() {
        assert_eq!(check_directive("# syntax=a\n# check=skip=A, B;error=true\nFROM x"), Some((vec!["A".into(), "B".into()], (11, 39))));
        assert_eq!(check_directive("# a comment\n# check=skip=A\n"), None);
        assert_eq!(check_directive("FROM x\n# check=skip=A\n"), None);
    }
}
