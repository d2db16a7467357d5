//! `file:` addresses and paths.

use crate::protocol::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::path::{Path, PathBuf};

/// Everything but what an address may hold as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'+').remove(b'@');

/// The path of a `file:` address; `None` for any other (a buffer that was never saved, a revision of git).
pub(crate) fn to_path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/c:/a` is `c:/a`.
    let drive = path.as_bytes().get(2) == Some(&b':') && path.as_bytes()[1].is_ascii_alphabetic() && cfg!(windows);
    Some(plimsoll_source::normalise(Path::new(if drive { &path[1..] } else { &path })))
}

/// The address of a path.
pub(crate) fn of_path(path: &Path) -> Uri {
    let path = path.to_string_lossy().replace('\\', "/");
    let root = if path.starts_with('/') { "" } else { "/" };
    Uri(format!("file://{root}{}", utf8_percent_encode(&path, ESCAPED)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_the_journey() {
        for path in ["/a/Dockerfile", "/ä b/%41#?.tf", "/x:y/[z]"] {
            assert_eq!(to_path(&of_path(Path::new(path))).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(to_path(&Uri::from("file:///a%20b/./c")), Some(PathBuf::from("/a b/c")));
        assert_eq!(to_path(&Uri::from("file://localhost/a")), Some(PathBuf::from("/a")));
        assert_eq!(to_path(&Uri::from("untitled:Untitled-1")), None);
    }
}
