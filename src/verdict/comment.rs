//! A file's comments, and our own waivers among them.

use crate::grammar;
use crate::selector::Catalogue;
use crate::waiver::{By, Cover, Fault, Part, Waiver};
use plimsoll_finding::{Lines, Location};
use std::sync::Arc;

/// First byte, and one past the last.
pub type Bytes = (u32, u32);

/// The comments of one file.
#[derive(Debug, Clone)]
pub struct FileComments<'a> {
    /// Path as findings have it.
    pub path: Arc<str>,
    /// `docker`, `compose`, `kubernetes` or `terraform`: some peers' comments reach further in some formats.
    pub target: &'a str,
    /// The file's text.
    pub text: &'a str,
    /// Bytes of each comment, marker included, and of what it covers.
    pub comments: Vec<(Bytes, Option<Bytes>)>,
    /// Whether the whole file was judged; of one that was not, nothing is said about unused waivers.
    pub intact: bool,
}

/// Waivers in one file beyond which the rest is not looked at: every finding is held against every waiver.
pub(crate) const MAX_WAIVERS: usize = 2_000;

/// Turns byte offsets of one file into locations.
pub(crate) struct Places<'a> {
    pub(crate) path: &'a Arc<str>,
    pub(crate) text: &'a str,
    pub(crate) lines: Lines,
}

impl Places<'_> {
    pub(crate) fn at(&self, start: u32, end: u32) -> Location {
        Location { path: self.path.clone(), range: self.lines.range(self.text, start, end) }
    }
}

/// The lines of a comment without their markers, each with its byte offset in the file.
pub(crate) fn bodies(text: &str, start: u32, end: u32) -> Vec<(&str, u32)> {
    let Some(raw) = text.get(start as usize..end as usize) else { return Vec::new() };
    let offset_of = |part: &str| start + (part.as_ptr() as usize - raw.as_ptr() as usize) as u32;
    if let Some(block) = raw.strip_prefix("/*") {
        let block = block.strip_suffix("*/").unwrap_or(block);
        return block
            .lines()
            .map(|line| line.trim_start().trim_start_matches('*').trim_start())
            .map(|line| (line.trim_end(), offset_of(line)))
            .collect();
    }
    let body = raw.strip_prefix("//").map_or_else(|| raw.trim_start_matches('#'), |rest| rest.trim_start_matches('/'));
    let body = body.trim_start();
    vec![(body.trim_end(), offset_of(body))]
}

/// Our own waivers in one line of a comment.
pub(crate) fn own(
    catalogue: &Catalogue,
    places: &Places,
    body: &str,
    offset: u32,
    covers: Option<(u32, u32)>,
) -> Option<Result<Waiver, Fault>> {
    let prefix = body.get(..9).filter(|prefix| prefix.eq_ignore_ascii_case("plimsoll:"))?;
    let text = &body[prefix.len()..];
    let text_at = offset + prefix.len() as u32;
    let at = places.at(offset, offset + body.len() as u32);
    Some(waiver(
        catalogue,
        text,
        at,
        By::Comment,
        |file| if file { Cover::File } else { covers.map_or(Cover::Nothing, Cover::Within) },
        |from, to| places.at(text_at + from as u32, text_at + to as u32),
    ))
}

/// A waiver from text in our grammar; `place` gives the location of bytes of that text.
pub(crate) fn waiver(
    catalogue: &Catalogue,
    text: &str,
    at: Location,
    by: By,
    cover: impl Fn(bool) -> Cover,
    place: impl Fn(usize, usize) -> Location,
) -> Result<Waiver, Fault> {
    let written = grammar::parse(text).map_err(|cause| Fault { at: at.clone(), cause })?;
    let parts = written.selectors.iter().map(|(selector, from)| Part {
        rules: catalogue.cover(selector),
        selector: selector.clone(),
        at: place(*from, *from + selector.len()),
    });
    Ok(Waiver {
        by,
        parts: parts.collect(),
        cover: cover(written.file),
        at,
        until: written.until,
        owner: written.owner,
        ticket: written.ticket,
        reason: written.reason,
    })
}
