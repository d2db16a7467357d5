//! What git keeps out of the repository.

use ignore::Match;
use ignore::gitignore::GitignoreBuilder;
use plimsoll_formats::Files;

/// Whether a `.gitignore` of the project, from the file's own directory up, keeps a file out. Git's settings outside the project are not seen.
pub(crate) fn ignores(files: &dyn Files, path: &str) -> bool {
    let mut directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    loop {
        let own = if directory.is_empty() { ".gitignore".to_owned() } else { format!("{directory}/.gitignore") };
        if let Ok(bytes) = files.read(&own) {
            let below = path.strip_prefix(directory).unwrap_or(path).trim_start_matches('/');
            // The closest file that speaks of it decides.
            match matched(&String::from_utf8_lossy(&bytes), below) {
                Match::None => {}
                found => return found.is_ignore(),
            }
        }
        if directory.is_empty() {
            return false;
        }
        directory = directory.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

fn matched(text: &str, path: &str) -> Match<()> {
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        // A pattern that cannot be read keeps nothing out.
        _ = builder.add_line(None, line);
    }
    let Ok(patterns) = builder.build() else { return Match::None };
    patterns.matched_path_or_any_parents(path, false).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::matched;

    #[test]
    fn directories_and_exceptions_count() {
        assert!(matched("secrets/\n*.env\n", "secrets/db.env").is_ignore());
        assert!(matched(".env*\n!.env.example\n", ".env.local").is_ignore());
        assert!(matched(".env*\n!.env.example\n", ".env.example").is_whitelist());
        assert!(matched("# .env\n", ".env").is_none());
    }
}
