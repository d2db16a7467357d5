//! Unified diffs.

/// The change of one file as `diff -u` prints it, with `a/` and `b/` before the path; empty if nothing changed. `None` for `old` is a new file.
pub fn unified(path: &str, old: Option<&str>, new: &str) -> String {
    let diff = similar::TextDiff::from_lines(old.unwrap_or_default(), new);
    let from = if old.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    diff.unified_diff().context_radius(3).header(&from, &format!("b/{path}")).to_string()
}
