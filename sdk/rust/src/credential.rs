//! Telling credentials from other text, alike for every target: by the name a value is kept under, and by the form that providers give
//! their keys and tokens.

/// Words that make a name one of a credential.
const WORDS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "pass",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "credential",
    "credentials",
];
/// The same of two words in a row: `API_KEY`, `privateKey`.
const KEYS: [&str; 11] = ["api", "access", "secret", "private", "encryption", "signing", "account", "master", "auth", "license", "deploy"];
/// Last words of names that say something about a credential, or where it is: `PASSWORD_FILE`, `TOKEN_TTL`, `secretName`.
const ABOUT: [&str; 62] = [
    "file",
    "files",
    "path",
    "dir",
    "directory",
    "name",
    "names",
    "url",
    "uri",
    "urls",
    "endpoint",
    "host",
    "hostname",
    "port",
    "ttl",
    "expiry",
    "expiration",
    "expires",
    "lifetime",
    "duration",
    "seconds",
    "minutes",
    "hours",
    "days",
    "timeout",
    "length",
    "size",
    "min",
    "max",
    "limit",
    "policy",
    "enabled",
    "disabled",
    "required",
    "type",
    "count",
    "version",
    "algorithm",
    "issuer",
    "audience",
    "header",
    "prefix",
    "suffix",
    "region",
    "mount",
    "ref",
    "reference",
    "arn",
    "store",
    "provider",
    "rotation",
    "namespace",
    "language",
    "locale",
    "theme",
    "title",
    "email",
    "user",
    "username",
    "domain",
    "format",
    "mode",
];
/// First words that make a name a switch: `ALLOW_EMPTY_PASSWORD`.
const SWITCHES: [&str; 10] = ["allow", "enable", "disable", "use", "require", "is", "has", "skip", "no", "show"];
/// Values that stand for no value.
const EMPTY: [&str; 13] =
    ["true", "false", "yes", "no", "on", "off", "none", "null", "nil", "undefined", "disabled", "enabled", "redacted"];
/// Parts of values that ask to be replaced.
const PLACEHOLDERS: [&str; 6] = ["placeholder", "your-", "your_", "replace_me", "replace-me", "replaceme"];

/// Beginnings of tokens, what they are, and the least number of characters after the beginning; in order of their first byte.
const FORMS: [(&str, &str, usize); 40] = [
    ("AKIA", "an AWS access key", 16),
    ("ASIA", "an AWS access key", 16),
    ("AIza", "a Google API key", 35),
    ("AGE-SECRET-KEY-1", "an age key", 50),
    ("PMAK-", "a Postman key", 40),
    ("SG.", "a SendGrid key", 40),
    ("dckr_pat_", "a Docker Hub token", 20),
    ("dop_v1_", "a DigitalOcean token", 60),
    ("doo_v1_", "a DigitalOcean token", 60),
    ("ghp_", "a GitHub token", 30),
    ("gho_", "a GitHub token", 30),
    ("ghu_", "a GitHub token", 30),
    ("ghs_", "a GitHub token", 30),
    ("ghr_", "a GitHub token", 30),
    ("github_pat_", "a GitHub token", 30),
    ("glpat-", "a GitLab token", 20),
    ("glptt-", "a GitLab token", 20),
    ("glrt-", "a GitLab token", 20),
    ("gldt-", "a GitLab token", 20),
    ("hvs.", "a Vault token", 20),
    ("hvb.", "a Vault token", 20),
    ("hf_", "a Hugging Face token", 30),
    ("lin_api_", "a Linear key", 40),
    ("npm_", "an npm token", 36),
    ("pypi-AgEI", "a PyPI token", 40),
    ("rk_live_", "a Stripe key", 16),
    ("rubygems_", "a RubyGems key", 48),
    ("sk_live_", "a Stripe key", 16),
    ("sk-ant-", "an Anthropic key", 40),
    ("sk-proj-", "an OpenAI key", 40),
    ("shpat_", "a Shopify token", 32),
    ("shpss_", "a Shopify token", 32),
    ("sntrys_", "a Sentry token", 40),
    ("tskey-auth-", "a Tailscale key", 20),
    ("xoxb-", "a Slack token", 20),
    ("xoxp-", "a Slack token", 20),
    ("xoxa-", "a Slack token", 20),
    ("xoxr-", "a Slack token", 20),
    ("xapp-", "a Slack token", 20),
    ("ya29.", "a Google access token", 20),
];

/// Whether a variable, argument or key of this name holds a credential: `DB_PASSWORD`, `apiKey`, `github-token`. Names that are about one
/// (`PASSWORD_FILE`, `secretName`, `TOKEN_TTL`) do not.
pub fn is_named_so(name: &str) -> bool {
    if !has_stem(name) {
        return false;
    }
    let words = words(name);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    if ABOUT.contains(&last.as_str()) || words.len() > 1 && SWITCHES.contains(&first.as_str()) {
        return false;
    }
    words.iter().any(|word| WORDS.contains(&word.as_str()))
        || words.windows(2).any(|pair| pair[1] == "key" && KEYS.contains(&pair[0].as_str()))
}

/// Whether a name holds the beginning of one of the words that make it one of a credential: nearly none does, and this is told at once.
fn has_stem(name: &str) -> bool {
    name.as_bytes().windows(3).any(|three| {
        let lower = [three[0] | 0x20, three[1] | 0x20, three[2] | 0x20];
        matches!(&lower, b"pas" | b"pwd" | b"sec" | b"tok" | b"key" | b"cre")
    })
}

/// Whether a value under such a name is the credential itself: not empty, not a switch, not a reference that is filled in later
/// (`${X}`, `$(X)`, `{{ x }}`, `<password>`), not a path or plain address, and not a row of `x` or `*`.
pub fn is_written_out(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let lower = value.to_ascii_lowercase();
    let filled_later =
        value.starts_with(['$', '%', '<', '/', '@', '~']) || value.starts_with("./") || value.contains("{{") || value.contains("${");
    let masked = value.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'.' | b'-' | b'_' | b'#' | b'?'));
    !(filled_later
        || masked
        || EMPTY.contains(&lower.as_str())
        || PLACEHOLDERS.iter().any(|part| lower.contains(part))
        || (value.contains("://") && password_in_address(value).is_none()))
}

/// What a value is by its form alone, wherever it stands: `an AWS access key`, `a private key`, `an address with a password`.
pub fn known_form(value: &str) -> Option<&'static str> {
    let value = value.trim().trim_matches(['"', '\'']);
    if value.split("-----BEGIN ").skip(1).any(|rest| rest.lines().next().is_some_and(|line| line.trim_end().ends_with("PRIVATE KEY-----")))
    {
        return Some("a private key");
    }
    let token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let form = value.split(|c: char| !token(c)).find_map(form_of);
    form.or_else(|| password_in_address(value).map(|_| "an address with a password"))
}

/// A credential in a longer text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
    /// What it is: `a GitHub token`.
    pub what: &'static str,
}

/// Every credential in a text that its form gives away: tokens of providers, private keys, passwords in addresses.
pub fn find(text: &str) -> Vec<Found> {
    let mut found = vec![];
    let bytes = text.as_bytes();
    let is_token = |at: usize| bytes.get(at).is_some_and(|byte| TOKEN[usize::from(*byte)]);
    // Whole files are read, and hardly any has a credential, so most bytes are not looked at. A word that is long enough reaches from one of
    // every so many to the next, all of it.
    let mut at = 0;
    while at + STEP < bytes.len() {
        let next = at + STEP;
        if is_token(next) && is_token(at) && (at + 1..next).rev().all(is_token) {
            let (mut start, mut end) = (at, next + 1);
            while start > 0 && is_token(start - 1) {
                start -= 1;
            }
            while is_token(end) {
                end += 1;
            }
            found.extend(token(&text[start..end]).map(|what| Found { start, end, what }));
            at = end / STEP * STEP;
        }
        at += STEP;
    }
    // `://` reaches over one of every three, and of five dashes one of those that lie between two.
    let mut at = 2;
    while at < bytes.len() {
        // Four strides in one: in a sandbox a turn of a loop costs as much as looking at four bytes.
        if let Some(near) = bytes[at..].first_chunk::<10>()
            && !(MARK[near[0] as usize] | MARK[near[3] as usize] | MARK[near[6] as usize] | MARK[near[9] as usize])
        {
            at += 12;
            continue;
        }
        let (before, after) = (bytes[at - 1], bytes.get(at + 1).copied().unwrap_or_default());
        let colon = match bytes[at] {
            b':' => Some(at),
            b'/' if before == b':' => Some(at - 1),
            b'/' if before == b'/' => Some(at - 2),
            _ => None,
        };
        if let Some(colon) = colon.filter(|colon| bytes[*colon..].starts_with(b"://")) {
            found.extend(address_password(text, colon));
        }
        if bytes[at] == b'-' && before == b'-' && after == b'-' {
            found.extend((0..KEY_DASHES.min(at + 1)).find_map(|before| private_key(text, at - before)));
        }
        at += 3;
    }
    found.sort_by_key(|found| found.start);
    // A token may be the password of an address; what it is of says more.
    found.dedup_by_key(|found| (found.start, found.end));
    found
}

/// What the first line of a private key starts with.
const KEY_BEGINS: &str = "-----BEGIN ";
/// Dashes of that.
const KEY_DASHES: usize = 5;
/// Bytes that no such line is longer than. Nothing here may take longer the longer a line is, since a file may hold any number of them.
const KEY_LINE: usize = 100;

/// The private key that starts at `start`.
fn private_key(text: &str, start: usize) -> Option<Found> {
    let rest = &text.as_bytes()[start..];
    if !rest.starts_with(KEY_BEGINS.as_bytes()) {
        return None;
    }
    let near = &rest[..rest.len().min(KEY_LINE)];
    let line = near.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    line.ends_with(b"PRIVATE KEY-----").then_some(Found { start, end: start + line.len(), what: "a private key" })
}

/// The token that a word is.
fn token(word: &str) -> Option<&'static str> {
    form_of(word).filter(|_| is_mixed(word))
}

/// Whether a byte may be part of a token.
const TOKEN: [bool; 256] = {
    let mut token = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        token[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        byte += 1;
    }
    token
};

/// Bytes that addresses and private keys are looked for around.
const MARK: [bool; 256] = {
    let mut mark = [false; 256];
    mark[b':' as usize] = true;
    mark[b'/' as usize] = true;
    mark[b'-' as usize] = true;
    mark
};

/// Per byte the place of the first form that begins with it or a greater one.
const FIRST_FORM: [usize; 257] = {
    let mut begin = [FORMS.len(); 257];
    let mut at = FORMS.len();
    while at > 0 {
        at -= 1;
        let first = FORMS[at].0.as_bytes()[0];
        assert!(at + 1 == FORMS.len() || first <= FORMS[at + 1].0.as_bytes()[0], "the forms are in order of their first byte");
        let mut byte = 0;
        while byte <= first as usize {
            begin[byte] = at;
            byte += 1;
        }
    }
    begin
};

/// Bytes that no token is shorter than.
const SHORTEST: usize = {
    let (mut at, mut shortest) = (0, usize::MAX);
    while at < FORMS.len() {
        let len = FORMS[at].0.len() + FORMS[at].2;
        shortest = if len < shortest { len } else { shortest };
        at += 1;
    }
    shortest
};

/// Of so many bytes one is looked at, so that two of these lie in every token.
const STEP: usize = SHORTEST / 2;

/// What an address is put between, so that it ends there.
const AROUND_ADDRESSES: [char; 6] = ['"', '\'', '`', '<', '>', ')'];

/// The password in the address whose `://` is at `colon`, unless it is made up.
fn address_password(text: &str, colon: usize) -> Option<Found> {
    let rest = &text[colon..];
    // Hardly any address has a user, whom a path or the end of the address would come before.
    let decides = rest.bytes().skip(3).find(|byte| {
        matches!(byte, b'@' | b'/' | b'?' | b'#') || byte.is_ascii_whitespace() || AROUND_ADDRESSES.contains(&char::from(*byte))
    });
    if decides != Some(b'@') {
        return None;
    }
    // No password lies behind the next slash, and a file may hold any number of addresses on one line.
    let authority = &rest["://".len()..];
    let length = authority.find(|c: char| matches!(c, '/' | '?' | '#') || c.is_whitespace() || AROUND_ADDRESSES.contains(&c));
    let end = length.map_or(rest.len(), |length| "://".len() + length);
    let address = &rest[..end];
    let password = password_in_address(address).filter(|password| is_random(password))?;
    let start = colon + (password.as_ptr() as usize - address.as_ptr() as usize);
    Some(Found { start, end: start + password.len(), what: "a password in an address" })
}

/// What a word is by its beginning, its length, and its checksum where the form has one.
fn form_of(word: &str) -> Option<&'static str> {
    // Nearly every word of a file ends here.
    if word.len() < SHORTEST {
        return None;
    }
    let first = usize::from(word.as_bytes()[0]);
    let (begin, what, rest) = FORMS[FIRST_FORM[first]..FIRST_FORM[first + 1]].iter().find_map(|(begin, what, least)| {
        let rest = word.strip_prefix(begin).filter(|rest| rest.len() >= *least)?;
        Some((*begin, *what, rest))
    })?;
    let fits = match begin {
        "AKIA" | "ASIA" => rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()),
        // Thirty characters of chance and six of their checksum; longer ones are of other forms.
        "ghp_" | "gho_" | "ghu_" | "ghs_" | "ghr_" | "npm_" if rest.len() == 36 => {
            rest.split_at_checked(30).is_some_and(|(random, sum)| base62(crc32(random)) == sum.as_bytes())
        }
        _ => true,
    };
    fits.then_some(what)
}

/// CRC-32 as in zlib.
fn crc32(text: &str) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
    !text.bytes().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(byte), step))
}

/// A number in base 62, digits before capitals before small letters, six of them.
fn base62(mut number: u32) -> [u8; 6] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut text = [b'0'; 6];
    for digit in text.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    text
}

/// Whether a value without a form of its own is likely to be a credential all the same: long, of letters and digits mixed, and with few
/// repetitions, as no word and no example is.
pub fn is_random(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'']);
    // A word with a number behind it changes from letters to digits once.
    let kinds = value.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    is_written_out(value) && value.len() >= 10 && kinds >= 3 && !value.contains(['/', ' ', '$', '{', '(']) && entropy(value) >= 2.9
}

/// Whether a token is not just the row of letters that documentation shows (`ghp_xxxxxxxx`, `AKIAXXXXXXXX`, `AKIAIOSFODNN7EXAMPLE`).
fn is_mixed(token: &str) -> bool {
    entropy(token) >= 2.5 && !token.ends_with("EXAMPLE") && !token.contains("xxxx") && !token.contains("XXXX")
}

/// Bits per byte: how evenly the bytes of a value are spread.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = value.len() as f64;
    counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total).map(|share| -share * share.log2()).sum()
}

/// The password of `scheme://user:password@host`, if one is written out.
pub fn password_in_address(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#', ' ', '\n']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty() && !password.contains("://") && is_written_out(password)).then_some(password)
}

/// The words of a name in lower case, whatever separates them.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let new = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before.is_ascii_lowercase());
        if new && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{KEYS, WORDS, find, is_named_so, is_random, is_written_out, known_form};

    #[test]
    fn names_of_credentials_are_told_from_names_about_them() {
        for name in
            ["DB_PASSWORD", "apiKey", "github-token", "MYSQL_ROOT_PASSWORD", "AWS_SECRET_ACCESS_KEY", "pwd", "clientSecret", "privateKey"]
        {
            assert!(is_named_so(name), "{name}");
        }
        for name in
            ["PASSWORD_FILE", "secretName", "TOKEN_TTL", "MAX_TOKENS", "ALLOW_EMPTY_PASSWORD", "KEY", "COMPASS", "TOKENIZER", "", "_"]
        {
            assert!(!is_named_so(name), "{name}");
        }
    }

    #[test]
    fn every_word_of_a_credential_has_a_stem() {
        let pairs = KEYS.iter().map(|key| format!("{key}Key"));
        for name in WORDS.iter().map(|word| (*word).to_owned()).chain(pairs) {
            assert!(is_named_so(&name), "{name}");
        }
    }

    #[test]
    fn values_that_are_filled_in_later_are_no_credentials() {
        for value in ["hunter2", "changeme", "s3cr3t!", "postgres://app:hunter2@db/app", "123456"] {
            assert!(is_written_out(value), "{value}");
        }
        for value in [
            "",
            "true",
            "${DB_PASSWORD}",
            "$(DB)",
            "{{ .Values.x }}",
            "<password>",
            "/run/secrets/db",
            "xxxx",
            "****",
            "https://id.example.com/token",
        ] {
            assert!(!is_written_out(value), "{value}");
        }
    }

    #[test]
    fn credentials_are_found_in_longer_texts() {
        let found = |text: &str| find(text).iter().map(|found| (text[found.start..found.end].to_owned(), found.what)).collect::<Vec<_>>();
        assert_eq!(
            found("a 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'"),
            [("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".into(), "a GitHub token")]
        );
        assert_eq!(found("x https://app:x7Kq9vT2LmP4@host/ y"), [("x7Kq9vT2LmP4".into(), "a password in an address")]);
        assert_eq!(found("AKIAIOSFODNN7EXAMPLE ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx https://user:password@host/"), []);
    }

    #[test]
    fn credentials_are_found_wherever_they_stand() {
        for before in 0..25 {
            for after in 0..25 {
                let (before, after) = ("a ".repeat(before), "\nb".repeat(after));
                for (text, what) in [
                    ("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", "a GitHub token"),
                    ("x://app:x7Kq9vT2LmP4@h", "a password in an address"),
                    ("-----BEGIN PRIVATE KEY-----", "a private key"),
                ] {
                    let text = format!("{before}{text}{after}");
                    assert_eq!(find(&text).iter().map(|found| found.what).collect::<Vec<_>>(), [what], "{text}");
                }
            }
        }
    }

    #[test]
    fn a_token_in_an_address_is_one_credential() {
        let found = find("https://x: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@github.com/a/b");
        assert_eq!(found.iter().map(|found| found.what).collect::<Vec<_>>(), ["a GitHub token"]);
    }

    #[test]
    fn hostile_text_takes_no_longer_than_its_length() {
        // Quadratic, each of these would take minutes.
        for part in ["-", "---|", "-----BEGIN ", "://", "a:b://", "https://a:", "://@", "://a:b@"] {
            assert_eq!(find(&part.repeat((1 << 20) / part.len())), [], "{part}");
        }
    }

    #[test]
    fn random_values_are_told_from_words() {
        assert!(is_random("x7Kq9vT2LmP4") && !is_random("password123") && !is_random("correct-horse") && !is_random("1234567890"));
    }

    #[test]
    fn providers_tokens_are_known_anywhere() {
        assert_eq!(known_form("AKIAABCDEFGHIJKLMNOP"), Some("an AWS access key"));
        assert_eq!(known_form("key=ghp_abcdefghijklmnopqrstuvwxyz012345"), Some("a GitHub token"));
        assert_eq!(known_form("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"), Some("an npm token"));
        assert_eq!(known_form("ghp_abcdefghijklmnopqrstuvwxyz01232LolCn"), None, "its checksum is wrong");
        assert_eq!(known_form("AKIAABCDEFGHIJKLMNOPQ"), None, "it is too long");
        assert_eq!(known_form("-----BEGIN RSA PRIVATE KEY-----\nabc"), Some("a private key"));
        assert_eq!(known_form("amqp://app:hunter2@mq:5672/"), Some("an address with a password"));
        assert_eq!(known_form("amqp://app:${PASSWORD}@mq:5672/"), None);
        assert_eq!(known_form("-----BEGIN CERTIFICATE-----"), None);
    }
}
