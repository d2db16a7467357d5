//! Kubernetes quantities: `500m`, `1.5Gi`, `2e3`, held in billionths.

/// Billionths in one.
const ONE: i128 = 1_000_000_000;

/// Reads a quantity as Kubernetes does: digits finer than a billionth round up, away from zero.
pub(crate) fn parse(text: &str) -> Option<i128> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (number, suffix) = rest.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) || number.len() > 40 {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let digits: i128 = digits.parse().ok()?;
    let (factor, mut exponent) = suffix_of(suffix)?;
    exponent += 9 - i32::try_from(fraction.len()).ok()?;
    let mut value = digits.checked_mul(factor)?;
    while exponent > 0 && value != 0 {
        value = value.checked_mul(10)?;
        exponent -= 1;
    }
    let mut inexact = false;
    while exponent < 0 && value != 0 {
        inexact |= value % 10 != 0;
        value /= 10;
        exponent += 1;
    }
    value += i128::from(inexact);
    Some(if negative { -value } else { value })
}

/// A suffix as factor and power of ten.
fn suffix_of(suffix: &str) -> Option<(i128, i32)> {
    Some(match suffix {
        "n" => (1, -9),
        "u" => (1, -6),
        "m" => (1, -3),
        "" => (1, 0),
        "k" => (1, 3),
        "M" => (1, 6),
        "G" => (1, 9),
        "T" => (1, 12),
        "P" => (1, 15),
        "E" => (1, 18),
        "Ki" => (1 << 10, 0),
        "Mi" => (1 << 20, 0),
        "Gi" => (1 << 30, 0),
        "Ti" => (1 << 40, 0),
        "Pi" => (1 << 50, 0),
        "Ei" => (1 << 60, 0),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            (1, exponent.parse().ok()?)
        }
    })
}

/// The quantity as a decimal number.
pub(crate) fn display(quantity: i128) -> String {
    let sign = if quantity < 0 { "-" } else { "" };
    let magnitude = quantity.unsigned_abs();
    let one = ONE.unsigned_abs();
    let fraction = format!("{:09}", magnitude % one);
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{fraction}", magnitude / one)
}

/// Its whole value, if it is whole and fits.
pub(crate) fn whole(quantity: i128) -> Option<i64> {
    if quantity % ONE == 0 { i64::try_from(quantity / ONE).ok() } else { None }
}

#[expect(clippy::cast_precision_loss, reason = "approximate by name")]
pub(crate) fn approximate(quantity: i128) -> f64 {
    quantity as f64 / ONE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_and_exponents_mean_what_kubernetes_says() {
        for (text, billionths) in [
            ("1", ONE),
            ("500m", ONE / 2),
            ("0.5", ONE / 2),
            (".5", ONE / 2),
            ("1Ki", 1024 * ONE),
            ("1.5Gi", 3 * 512 * 1024 * 1024 * ONE),
            ("1e3", 1000 * ONE),
            ("1E3", 1000 * ONE),
            ("1E", 1_000_000_000_000_000_000 * ONE),
            ("-2k", -2000 * ONE),
            ("1n", 1),
            ("0.1n", 1),
        ] {
            assert_eq!(parse(text), Some(billionths), "{text}");
        }
        for text in
            ["", "-", ".", "1.2.3", "1 Gi", "1gi", "Ki", "1K", "1e", "1e9999", "0x1", "1Eii", "99999999999999999999999999999999999999999"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn displayed_quantities_read_back_as_themselves() {
        for text in ["1", "0.5", "-2000", "1610612736", "0.000000001", "0"] {
            assert_eq!(parse(text).map(display).as_deref(), Some(text));
        }
    }
}
