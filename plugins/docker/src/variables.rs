//! Variables in the text of instructions, as Docker reads them, and names that are nearly alike.

/// One use of a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Use<'t> {
    /// Its name.
    pub(crate) name: &'t str,
    /// Whether a modifier says what stands for it if it is not set: `${X:-1}`, `${X-1}`, `${X+1}`, `${X:?no}`.
    pub(crate) guarded: bool,
}

/// The variables that a text uses. `\$` is none, nor is `$` before anything but a name.
pub(crate) fn uses(text: &str) -> impl Iterator<Item = Use<'_>> {
    let bytes = text.as_bytes();
    text.match_indices('$').filter_map(move |(at, _)| {
        let escaped = bytes[..at].iter().rev().take_while(|byte| matches!(byte, b'\\' | b'`')).count() % 2 == 1;
        let braced = bytes.get(at + 1) == Some(&b'{');
        let start = at + 1 + usize::from(braced);
        let len = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let name = &text[start..start + len];
        let good = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let guarded = braced && matches!(bytes.get(start + len), Some(b':' | b'-' | b'+' | b'?'));
        (!escaped && good).then_some(Use { name, guarded })
    })
}

/// Arguments that BuildKit knows without a declaration in FROM lines.
pub(crate) const PLATFORM: [&str; 8] =
    ["BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT", "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT"];

/// Arguments that every build knows: proxies.
pub(crate) fn is_proxy(name: &str) -> bool {
    ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].iter().any(|proxy| proxy.eq_ignore_ascii_case(name))
}

/// The name among `known` that is at most `most` changes away from `name`, and not the name itself.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>, most: usize) -> Option<&'n str> {
    known
        .map(|other| (changes(name, other), other))
        .filter(|(count, _)| (1..=most).contains(count))
        .min_by_key(|(count, _)| *count)
        .map(|(_, other)| other)
}

/// Letters to change, add, leave out or swap with their neighbour until one name is the other, whatever their case.
fn changes(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_ascii_uppercase().into_bytes(), b.to_ascii_uppercase().into_bytes());
    if a.len().abs_diff(b.len()) > 3 || a.len() > 64 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let mut least = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::{nearest, uses};

    #[test]
    fn uses_of_variables_are_found() {
        let found: Vec<(&str, bool)> = uses(r"$A-${B}/${C:-x} \$D $1 ${E+y}$").map(|found| (found.name, found.guarded)).collect();
        assert_eq!(found, [("A", false), ("B", false), ("C", true), ("E", true)]);
    }

    #[test]
    fn names_are_near_by_few_changes() {
        let known = || ["VERSION", "BASE"].into_iter();
        assert_eq!(nearest("VERISON", known(), 1), Some("VERSION"));
        assert_eq!(nearest("BAES", known(), 1), Some("BASE"));
        assert_eq!(nearest("VERSION", known(), 1), None);
        assert_eq!(nearest("OTHER", known(), 1), None);
    }
}
