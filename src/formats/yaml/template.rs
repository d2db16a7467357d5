//! Telling templates of YAML from YAML.

use crate::{Content, Style, Tree};
use std::ops::Range;

/// Where a text that is not YAML shows that it is a template: the first `{{` or `{%` outside a comment line.
pub(crate) fn mark(text: &str) -> Option<Range<u32>> {
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        if !line.trim_start().starts_with('#')
            && let Some(found) = line.find("{{").into_iter().chain(line.find("{%")).min()
        {
            return Some((at + found) as u32..(at + found + 2) as u32);
        }
        at += line.len();
    }
    None
}

/// Where a document that happens to be YAML shows that it is a template: an action outside strings. `{{ x }}` by itself reads as a
/// mapping whose key is a mapping, which no format of ours has; inside plain text only what the engines alone write counts, because Argo
/// and Prometheus put `{{name}}` into values of their own.
pub(crate) fn mark_in(tree: &Tree<'_>, text: &str) -> Option<Range<u32>> {
    tree.ids().find_map(|id| {
        let node = tree.node(id);
        match &node.content {
            Content::Mapping { flow: true, entries } => {
                let inner = entries.iter().any(|entry| matches!(tree.node(entry.key).content, Content::Mapping { flow: true, .. }));
                (inner && text[node.span.start as usize..].starts_with("{{")).then(|| node.span.start..node.span.start + 2)
            }
            Content::Scalar { value, style: Style::Plain } => {
                let at = action(value)?;
                let start = text[node.span.start as usize..node.span.end as usize].find("{{").unwrap_or(at) as u32 + node.span.start;
                Some(start..start + 2)
            }
            _ => None,
        }
    })
}

/// Whether a text holds an action on the chart's own objects. Alerts write `{{ $labels.x }}` and `{{- end }}` too.
fn action(value: &str) -> Option<usize> {
    const OWN: [&str; 6] = [".Values", ".Release", ".Chart", "$.Values", "include \"", "template \""];
    value.match_indices("{{").map(|(at, _)| at).find(|at| {
        let words = value[at + 2..].trim_start_matches('-').trim_start();
        OWN.iter().any(|own| words.starts_with(own))
    })
}
