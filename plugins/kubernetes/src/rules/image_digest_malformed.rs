use crate::container::label;
use plimsoll_sdk::kubernetes::{Container, Report};

/// Algorithms whose digests have a known length, in hexadecimal digits.
const LENGTHS: [(&str, usize); 4] = [("sha256", 64), ("sha384", 96), ("sha512", 128), ("blake3", 64)];

pub fn check(container: Container, report: &mut Report) {
    let image = container.facts().image();
    let Some((algorithm, digits)) = image.digest().known().map(|digest| digest.split_once(':').unwrap_or((digest, ""))) else { return };
    let hexadecimal = digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let cause = match LENGTHS.iter().find(|(known, _)| *known == algorithm) {
        Some((_, length)) if digits.len() != *length => format!("has {} digits instead of {length}", digits.len()),
        Some(_) if !hexadecimal => "is not in lower-case hexadecimal digits".to_owned(),
        None if digits.is_empty() => "has no algorithm or no digits".to_owned(),
        _ => return,
    };
    report.at(image.digest()).message(format!("the digest of the image of {} {cause}", label(container)));
}
