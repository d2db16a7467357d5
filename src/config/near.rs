//! What somebody may have meant.

/// The candidate closest to a misspelt name, if one is close: at most a third of its letters differ, counting a swap of neighbours as one.
/// Of several equally close the first wins. Case does not matter.
pub fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = name.chars().take(80).flat_map(char::to_lowercase).collect();
    let limit = (name.len() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        if other.len().abs_diff(name.len()) > limit {
            continue;
        }
        let distance = distance(&name, &other);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, y) in b.iter().enumerate() {
            let mut least = (above[column] + usize::from(x != y)).min(above[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && *x == b[column - 1] && a[row - 1] == *y {
                least = least.min(before[column - 1] + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_near_and_other_words_are_not() {
        let keys = ["select", "extend-select", "ignore", "severity"];
        assert_eq!(near("selcet", keys), Some("select"));
        assert_eq!(near("Severety", keys), Some("severity"));
        assert_eq!(near("ignores", keys), Some("ignore"));
        assert_eq!(near("plugins", keys), None);
        assert_eq!(near("docker/user-rot", ["docker/user-root", "docker/user-missing"]), Some("docker/user-root"));
    }
}
