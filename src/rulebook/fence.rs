//! The parts of a rule's Markdown: front matter, sections, fences.

/// A fenced block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fence {
    /// What stands behind the opening marker.
    pub(crate) info: String,
    /// Line of the opening marker, from 1.
    pub(crate) line: u32,
    /// The lines between the markers, each with its line end.
    pub(crate) text: String,
}

/// A `###` section of the examples.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) line: u32,
    pub(crate) fences: Vec<Fence>,
}

/// A rule's file in its parts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Parts {
    /// The text between the `---` lines, with a line of its own for the first marker, so that its lines are the file's.
    pub(crate) front: String,
    /// The prose before `## Examples`, and any other `##` sections after it.
    pub(crate) prose: String,
    pub(crate) sections: Vec<Section>,
}

/// Splits a file; an error has a line and a cause.
pub(crate) fn split(text: &str) -> Result<Parts, (u32, String)> {
    let mut lines = text.split_inclusive('\n').enumerate().map(|(at, line)| (at as u32 + 1, line));
    if lines.next().is_none_or(|(_, line)| line.trim_end() != "---") {
        return Err((1, "a rule starts with front matter between two lines of `---`".to_owned()));
    }
    let mut parts = Parts { front: "\n".to_owned(), ..Parts::default() };
    loop {
        let Some((_, line)) = lines.next() else { return Err((1, "front matter has no closing `---`".to_owned())) };
        if line.trim_end() == "---" {
            break;
        }
        parts.front.push_str(line);
    }
    let mut in_examples = false;
    while let Some((at, line)) = lines.next() {
        if let Some(marker) = opening(line) {
            let mut fence = Fence { info: line.trim()[marker.len()..].trim().to_owned(), line: at, text: String::new() };
            let mut raw = line.to_owned();
            loop {
                let Some((_, line)) = lines.next() else { return Err((at, "this fence is never closed".to_owned())) };
                raw.push_str(line);
                let trimmed = line.trim();
                if trimmed.len() >= marker.len() && trimmed.starts_with(&marker) && trimmed.trim_start_matches(&marker[..1]).is_empty() {
                    break;
                }
                fence.text.push_str(line);
            }
            if !in_examples {
                parts.prose.push_str(&raw);
            } else if let Some(section) = parts.sections.last_mut() {
                section.fences.push(fence);
            } else {
                return Err((at, "an example needs a `###` title before its first fence".to_owned()));
            }
            continue;
        }
        if let Some(title) = line.strip_prefix("## ") {
            in_examples = title.trim() == "Examples";
            if in_examples {
                continue;
            }
        }
        if !in_examples {
            parts.prose.push_str(line);
        } else if let Some(title) = line.strip_prefix("### ") {
            parts.sections.push(Section { title: title.trim().to_owned(), line: at, fences: vec![] });
        }
    }
    parts.prose = parts.prose.trim().to_owned();
    Ok(parts)
}

/// The marker of an opening fence: three or more backticks or tildes at the start of the line.
fn opening(line: &str) -> Option<String> {
    let kind = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let marker: String = line.chars().take_while(|c| *c == kind).collect();
    (marker.len() >= 3).then_some(marker)
}
