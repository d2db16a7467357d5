//! Files of the cache that hold several byte strings: written whole under another name and moved into place, with a hash over all of it, so
//! that neither concurrent runs nor a damaged file can do more than cost time.

use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;

/// First bytes; another number for another layout.
const MAGIC: &[u8] = b"plimsoll record 1\n";

/// A record as it was read, not yet known to be sound.
pub(crate) struct Record<'b> {
    sum: &'b [u8],
    body: &'b [u8],
    rest: &'b [u8],
}

impl<'b> Record<'b> {
    /// `None` for what is no record.
    pub(crate) fn open(bytes: &'b [u8]) -> Option<Self> {
        let (sum, body) = bytes.strip_prefix(MAGIC)?.split_at_checked(32)?;
        Some(Self { sum, body, rest: body })
    }

    /// Whether it is as it was written.
    pub(crate) fn is_sound(&self) -> bool {
        *Sha256::digest(self.body) == *self.sum
    }

    /// The next part.
    pub(crate) fn part(&mut self) -> Option<&'b [u8]> {
        let length = u64::from_le_bytes(self.rest.split_off(..8)?.try_into().ok()?);
        self.rest.split_off(..usize::try_from(length).ok()?)
    }

    /// The next part, as text.
    pub(crate) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.part()?).ok()
    }
}

/// Writes a record.
pub(crate) fn write(place: &Path, parts: &[Vec<u8>]) -> std::io::Result<()> {
    let body: Vec<u8> = parts.iter().flat_map(|part| [&(part.len() as u64).to_le_bytes(), part.as_slice()].concat()).collect();
    let folder = place.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&[MAGIC, &Sha256::digest(&body), &body].concat())?;
    file.persist(place).map_err(|error| error.error)?;
    Ok(())
}

/// A file's name for these words, each apart from the next.
pub(crate) fn name<'w>(words: impl Iterator<Item = &'w [u8]>) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_le_bytes());
        hash.update(word);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn damage_anywhere_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/b");
        write(&place, &[b"one".to_vec(), vec![], b"three".to_vec()]).unwrap();
        let bytes = std::fs::read(&place).unwrap();
        let mut record = Record::open(&bytes).unwrap();
        assert!(record.is_sound());
        assert_eq!([record.text(), record.text(), record.text(), record.text()], [Some("one"), Some(""), Some("three"), None]);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(Record::open(&damaged).is_none_or(|record| !record.is_sound()), "byte {at}");
            assert!(Record::open(&bytes[..at]).is_none_or(|record| !record.is_sound()), "cut at {at}");
        }
    }
}
