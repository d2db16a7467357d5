//! How a secret is masked, wherever that is done.

/// What stands for a secret. Of one length, so that a secret's length is none of the reader's business.
pub const MASK: &str = "*****";
/// Bytes below which a secret is masked where it stands, but not wherever the same bytes appear: a password `1` would leave no number
/// readable, and tell by that what it is.
const MIN_MASKED: usize = 4;
/// Bytes above which letters alone are no longer a word that names other things as well.
const MAX_WORD: usize = 16;

/// Whether a secret is masked wherever its bytes appear, not only where it stands and in what is said of that place.
///
/// A password `postgres` or `admin` is also the name of an image, a service, a role: with it masked everywhere nothing can be read, and what
/// is missing tells the password. So words of letters, all small or all capitals but the first, and what is shorter than four bytes, are left
/// where they are not the secret.
pub fn is_masked_everywhere(secret: &str) -> bool {
    let rest = secret.get(1..).unwrap_or_default();
    let letters = secret.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'.'));
    let one_case = !rest.bytes().any(|byte| byte.is_ascii_uppercase()) || !secret.bytes().any(|byte| byte.is_ascii_lowercase());
    secret.len() >= MIN_MASKED && !(letters && one_case && secret.len() <= MAX_WORD)
}

/// Whether a secret is masked in what is said of the place where it stands.
pub const fn is_masked_there(secret: &str) -> bool {
    secret.len() >= MIN_MASKED
}

#[cfg(test)]
mod tests {
    use super::is_masked_everywhere;

    #[test]
    fn words_name_other_things_as_well() {
        for word in ["postgres", "admin", "PASSWORD", "Changeme", "my-secret", "abc", "1", "x.y_z"] {
            assert!(!is_masked_everywhere(word), "{word}");
        }
        for secret in ["hunter2", "HunterTwo", "p@ssword", "correcthorsebatterystaple", "geheimé"] {
            assert!(is_masked_everywhere(secret), "{secret}");
        }
    }
}
