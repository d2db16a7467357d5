//! Text edits.

/// Replaces `start..end` of a file, or creates it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TextEdit {
    /// Path relative to the project root.
    pub path: String,
    /// Bytes to replace; `None` creates the file.
    pub range: Option<(u32, u32)>,
    /// What to write.
    pub text: String,
}

/// Applies the edits of one file, which are sorted and do not overlap (as [`crate::render`] gives them).
pub fn apply(text: &str, edits: &[&TextEdit]) -> String {
    let mut out = String::with_capacity(text.len() + 64 * edits.len());
    let mut done = 0;
    for edit in edits {
        let Some((start, end)) = edit.range else { continue };
        out.push_str(text.get(done..start as usize).unwrap_or_default());
        out.push_str(&edit.text);
        done = end as usize;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
