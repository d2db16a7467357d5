//! Which values are masked wherever they appear. Rules judge secrets by finer rules of their own; this only keeps passwords out of output.

const PARTS: [&str; 12] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "API_KEY",
    "ACCESS_KEY",
    "PRIVATE_KEY",
    "ENCRYPTION_KEY",
    "CREDENTIAL",
    "_PWD",
];

/// Whether a variable of this name holds a secret.
pub(crate) fn is_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let names_file = ["_FILE", "_PATH", "_DIR", "_URL", "_NAME", "_ID", "_TTL"].iter().any(|end| upper.ends_with(end));
    !names_file && PARTS.iter().any(|part| upper.contains(part))
}

/// Whether a value could be one: a path, a number or a word such as `true` is none, and masking it would blank half the output.
pub(crate) fn is_value(value: &str) -> bool {
    value.len() >= 4
        && !value.starts_with('/')
        && !value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && !matches!(value, "true" | "false" | "none" | "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_of_files() {
        assert!(is_name("POSTGRES_PASSWORD") && is_name("api_token"));
        assert!(!is_name("POSTGRES_PASSWORD_FILE") && !is_name("TOKEN_URL") && !is_name("LOG_LEVEL"));
        assert!(is_value("hunter2") && !is_value("/run/secrets/db") && !is_value("3600") && !is_value(""));
    }
}
