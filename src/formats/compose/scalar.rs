//! How Compose prints what YAML reads, where it wants text: `1.10` is `1.1`, `0644` is `420`.

use crate::tree::Number;

/// The number that `written` (a plain scalar) stands for.
pub(crate) fn number(value: f64, written: &str) -> Number {
    let text = integer(written).unwrap_or_else(|| float(value));
    Number { value, text }
}

fn integer(written: &str) -> Option<String> {
    let plain = written.replace('_', "");
    let (sign, digits) = match plain.as_bytes().first()? {
        b'-' => ("-", &plain[1..]),
        b'+' => ("", &plain[1..]),
        _ => ("", plain.as_str()),
    };
    let lower = digits.to_ascii_lowercase();
    let value = if let Some(hex) = lower.strip_prefix("0x") {
        u64::from_str_radix(hex, 16)
    } else if let Some(octal) = lower.strip_prefix("0o") {
        u64::from_str_radix(octal, 8)
    } else if let Some(binary) = lower.strip_prefix("0b") {
        u64::from_str_radix(binary, 2)
    } else if lower.len() > 1 && lower.starts_with('0') {
        u64::from_str_radix(&lower, 8)
    } else {
        lower.parse()
    };
    let value = value.ok()?;
    // -0 is a float to go-yaml.
    if sign == "-" && value == 0 {
        return Some("-0".to_owned());
    }
    Some(format!("{sign}{value}"))
}

/// Go's `%v` of a float64: shortest digits, an exponent below -4 and from 21 on.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-4..21).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    format!("{value}")
}

/// A plain date, which go-yaml reads as a point in time, and Compose prints so.
pub(crate) fn date(written: &str) -> Option<String> {
    let mut parts = written.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str, longest: usize| (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    let (year, month, day): (u32, u32, u32) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return None,
    };
    (1..=last).contains(&day).then(|| format!("{year:04}-{month:02}-{day:02} 00:00:00 +0000 UTC"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_go_prints_them() {
        for (written, value, expected) in [
            ("1.10", 1.1, "1.1"),
            ("0644", 420.0, "420"),
            ("0x1F", 31.0, "31"),
            ("1_000", 1000.0, "1000"),
            ("1e3", 1000.0, "1000"),
            ("1e21", 1e21, "1e+21"),
            ("0.00001", 0.00001, "1e-05"),
            ("18446744073709551615", 18_446_744_073_709_551_615.0, "18446744073709551615"),
            ("3.0", 3.0, "3"),
            ("-5", -5.0, "-5"),
            ("0789", 789.0, "789"),
        ] {
            assert_eq!(number(value, written).text, expected, "{written}");
        }
    }

    #[test]
    fn a_plain_date_is_a_point_in_time() {
        assert_eq!(date("2024-2-29").as_deref(), Some("2024-02-29 00:00:00 +0000 UTC"));
        assert_eq!(date("2023-02-29"), None);
        assert_eq!(date("2023-02"), None);
    }
}
