//! Globs of a file that lies deeper than the project root.

/// Roots a glob at `base`, the folder (relative to the project root, without slashes at its ends) of the file that holds it. A glob
/// without a slash matches at any depth below that folder.
pub(crate) fn rooted(base: &str, glob: &str) -> String {
    let bare = glob.strip_prefix("./").unwrap_or(glob);
    if base.is_empty() {
        return bare.to_owned();
    }
    let base = escape(base);
    let trimmed = bare.trim_end_matches('/');
    if trimmed.contains('/') { format!("/{base}/{}", bare.trim_start_matches('/')) } else { format!("/{base}/**/{bare}") }
}

fn escape(path: &str) -> String {
    path.chars().flat_map(|c| if "*?[]{}\\!".contains(c) { vec!['[', c, ']'] } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_are_relative_to_the_file_that_holds_them() {
        assert_eq!(rooted("", "./a/*.tf"), "a/*.tf");
        assert_eq!(rooted("team", "a/*.tf"), "/team/a/*.tf");
        assert_eq!(rooted("team", "/a"), "/team/a");
        assert_eq!(rooted("team", "vendor/"), "/team/**/vendor/");
        assert_eq!(rooted("a[b", "x"), "/a[[]b/**/x");
    }
}
