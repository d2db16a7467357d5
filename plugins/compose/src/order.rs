//! Putting entries of a map or list into another order, with everything between them left in its place.

use plimsoll_sdk::compose::{Fix, Node, Report, Span};

/// Reports the first key of a map that stands behind one of a higher rank; the fix sorts them by it.
pub(crate) fn keys(map: Node<'_>, rank: impl Fn(&str) -> usize, report: &mut Report<'_>) {
    let Some(entries) = entries_written(map) else { return };
    let ranks: Vec<usize> = entries.iter().map(|(key, _)| rank(key)).collect();
    let (Some(new), Some(late)) = (by_rank(&ranks), ranks.windows(2).position(|pair| pair[0] > pair[1]).map(|at| at + 1)) else { return };
    let spans: Vec<_> = entries.iter().map(|(_, span)| *span).collect();
    let draft = report.here().span(spans[late]).message(format!("`{}` stands behind `{}`", entries[late].0, entries[late - 1].0));
    if let Some(text) = arranged(map, &spans, &new) {
        draft.fix(Fix::unsafe_("sort the keys").replace_source(map, text));
    }
}

/// The place of a key among those that the settings name; others come last.
pub(crate) fn place(key: &str, known: &[String]) -> usize {
    known.iter().position(|known| known == key).unwrap_or(known.len())
}

/// The text of `whole` with its parts in another order: the first place gets part `order[0]`, and so on. None where that is more than moving
/// lines: parts of several files, comments, anchors, or flow style.
pub(crate) fn arranged(whole: Node<'_>, parts: &[Span], order: &[usize]) -> Option<String> {
    let span = whole.span();
    let text = whole.source_text();
    // A comment may be about anything, and one behind the last entry comes into view once something is added there.
    let behind = whole.doc().source_text(span.source).get(span.end as usize..).unwrap_or_default().lines().next().unwrap_or_default();
    let commented = text.contains('#') || behind.contains('#');
    let movable = !commented && !text.contains(['&', '*']) && !text.starts_with(['{', '[']) && !text.contains("<<:");
    let inside = parts.iter().all(|part| span.contains(*part)) && parts.windows(2).all(|pair| pair[0].end <= pair[1].start);
    if !movable || !inside || parts.is_empty() || order.len() != parts.len() {
        return None;
    }
    let start = |at: usize| (parts[at].start - span.start) as usize;
    let end = |at: usize| (parts[at].end - span.start) as usize;
    let mut out = text.get(..start(0))?.to_owned();
    for (place, part) in order.iter().enumerate() {
        out.push_str(text.get(start(*part)..end(*part))?.trim_end());
        let behind = if place + 1 < parts.len() { start(place + 1) } else { text.len() };
        let written = text.get(start(place)..end(place))?.trim_end().len();
        out.push_str(text.get(start(place) + written..behind)?);
    }
    Some(out)
}

/// The same as [`entries`], without what no file writes.
fn entries_written(map: Node<'_>) -> Option<Vec<(String, Span)>> {
    places(map, map.children().filter(|child| child.key() != "facts").collect())
}

/// The places of a map's entries in the file, each from its key to the next one's, in order; none if they lie in several files.
pub(crate) fn entries(map: Node<'_>) -> Option<Vec<(String, Span)>> {
    places(map, map.children().collect())
}

fn places(map: Node<'_>, children: Vec<Node<'_>>) -> Option<Vec<(String, Span)>> {
    let mut keys: Vec<(String, Span)> =
        children.into_iter().map(|child| Some((child.key().to_owned(), child.key_span()?))).collect::<Option<_>>()?;
    keys.sort_by_key(|(_, span)| (span.source, span.start));
    let whole = map.span();
    let ends: Vec<u32> = keys.iter().skip(1).map(|(_, span)| span.start).chain([whole.end]).collect();
    let same = keys.iter().all(|(_, span)| whole.contains(*span));
    same.then(|| keys.into_iter().zip(ends).map(|((key, span), end)| (key, Span { end, ..span })).collect())
}

/// Where each part belongs by its rank; equal ones stay in their order. None if all are in order.
pub(crate) fn by_rank<R: Ord>(ranks: &[R]) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    order.sort_by(|a, b| ranks[*a].cmp(&ranks[*b]));
    (!order.windows(2).all(|pair| pair[0] < pair[1])).then_some(order)
}
