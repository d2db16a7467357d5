//! Writing what fixes changed.

use crate::outcome::Change;
use std::io::Write;
use std::path::Path;

/// Replaces a file by its new text, or creates it: all of it or nothing, mode kept. A link stays a link; what it points to is replaced.
pub fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    match target.metadata() {
        Ok(metadata) => file.as_file().set_permissions(metadata.permissions())?,
        Err(_) => new_file_mode(file.as_file())?,
    }
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; a new file of a repository is not.
#[cfg(unix)]
fn new_file_mode(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn new_file_mode(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The change of a file as a unified diff. Secrets in its lines are masked.
pub fn diff(change: &Change) -> String {
    let diff = plimsoll_fix::unified(&change.shown, change.old.as_deref(), &change.new);
    // A diff has its marks between the lines of a secret.
    let lines = change.secrets.iter().flat_map(|secret| secret.lines()).map(str::trim).filter(|line| !line.is_empty());
    lines.fold(diff, |diff, secret| diff.replace(secret, plimsoll_finding::MASK))
}
