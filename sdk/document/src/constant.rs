//! How the schema's keys are spelled as Rust constants. The build scripts that write such constants include this file.

/// `keep-git-dir` is `KEEP_GIT_DIR`, `apiVersion` is `API_VERSION`.
pub fn plain(key: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for c in key.chars() {
        if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            out.push('_');
        }
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
        before = c;
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, '_');
    }
    out
}

/// The constant of one of `keys`. Formats spell one name differently (`readOnly` and `read_only`, `start-period` and `start_period`): the first of camel
/// case, kebab case and snake case keeps the plain constant, the others say how they are spelled (`READ_ONLY_SNAKE`).
pub fn among<'k>(key: &str, keys: impl Iterator<Item = &'k str>) -> String {
    let rank = |key: &str| if key.contains('_') { 2 } else { usize::from(key.contains('-')) };
    let name = plain(key);
    let first = keys.filter(|other| plain(other) == name).map(rank).min().unwrap_or(0);
    name + if rank(key) == first { "" } else { ["", "_KEBAB", "_SNAKE"][rank(key)] }
}
