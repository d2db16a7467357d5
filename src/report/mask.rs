//! Secrets.

/// What stands for a secret. Of one length, so that a secret's length is none of the reader's business.
pub(crate) const MASK: &str = "*****";

/// Replaces every secret wherever it appears. Longer ones first, so that one inside another leaves nothing behind; the order given does
/// not matter.
pub fn mask(text: &str, secrets: &[String]) -> String {
    let mut ordered: Vec<&String> = secrets.iter().filter(|secret| !secret.is_empty()).collect();
    ordered.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    ordered
        .into_iter()
        .fold(text.to_owned(), |text, secret| if text.contains(secret.as_str()) { text.replace(secret.as_str(), MASK) } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_secret_leaves_nothing_of_itself() {
        let secrets = ["abc".to_owned(), "abcdef".to_owned(), String::new()];
        assert_eq!(mask("x abcdef y abc", &secrets), "x ***** y *****");
    }

    proptest::proptest! {
        #[test]
        fn no_secret_survives(text in "[a-d]{0,30}", secret in "[a-d]{1,5}") {
            proptest::prop_assert!(!mask(&text, std::slice::from_ref(&secret)).contains(&secret));
        }
    }
}
