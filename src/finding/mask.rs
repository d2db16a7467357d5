//! How a secret is masked, wherever that is done.

/// What stands for a secret. Of one length, so that a secret's length is none of the reader's business.
pub const MASK: &str = "*****";
/// Bytes below which a secret is masked where it stands, but not wherever the same bytes appear: a password `1` would leave no number
/// readable, and tell by that what it is.
const MIN_MASKED: usize = 4;
/// Bytes above which letters alone are no longer a word that names other things as well.
const MAX_WORD: usize = 12;

/// Whether a secret is a word that may name other things too: a password `postgres` or `admin` is also an image, a service, a role. Letters, all
/// small or all capitals but the first, with `-`, `_` and `.`.
///
/// It is masked in what is said and shown of its own file, and there not where it is plainly such a name; any other secret is masked in a whole
/// run. With words masked everywhere nothing could be read, and what is missing would tell the password.
pub fn is_word(secret: &str) -> bool {
    let rest = secret.get(1..).unwrap_or_default();
    let letters = secret.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'.'));
    let one_case = !rest.bytes().any(|byte| byte.is_ascii_uppercase()) || !secret.bytes().any(|byte| byte.is_ascii_lowercase());
    letters && one_case && secret.len() <= MAX_WORD
}

/// Whether a secret is long enough to be looked for; a shorter one is masked where it stands.
pub const fn is_looked_for(secret: &str) -> bool {
    secret.len() >= MIN_MASKED
}

/// Whether a word found at a place of a text stands there by itself. A short one must, or it would be found inside of others.
pub fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    const LONG: usize = 8;
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let before = |distance: usize| start.checked_sub(distance).and_then(|at| bytes.get(at));
    // `-pqwerty` is the option `-p` with its value.
    let behind_option = before(2) == Some(&b'-') && !letter(before(3));
    end - start >= LONG || (!letter(before(1)) || behind_option) && !letter(bytes.get(end))
}

#[cfg(test)]
mod tests {
    use super::{is_word, stands_alone};

    #[test]
    fn words_name_other_things_as_well() {
        for word in ["postgres", "admin", "PASSWORD", "Changeme", "my-secret", "abc", "x.y_z"] {
            assert!(is_word(word), "{word}");
        }
        for secret in ["hunter2", "HunterTwo", "p@ssword", "xkqjzvwpbtrmhdfs", "geheimé", "1"] {
            assert!(!is_word(secret), "{secret}");
        }
    }

    #[test]
    fn short_words_stand_alone() {
        let text = "passes pass -pass wonderlands";
        assert!(!stands_alone(text, 0, 4) && stands_alone(text, 7, 11) && stands_alone(text, 13, 17));
        assert!(stands_alone(text, 18, 28));
        assert!(stands_alone("ping -pqwerty", 7, 13) && !stands_alone("a-pqwerty", 3, 9) && !stands_alone("-xpqwerty", 3, 9));
    }
}
