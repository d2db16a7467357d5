//! Where a printed report says how long the run took: all that differs between two reports of the same.

use std::ops::Range;

/// How a format words seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worded {
    /// Two decimals: what people read.
    Hundredths,
    /// Three decimals: `JUnit`.
    Thousandths,
    /// All of them: json.
    Exact,
}

impl Worded {
    /// Every wording.
    pub const ALL: [Self; 3] = [Self::Hundredths, Self::Thousandths, Self::Exact];

    /// The words.
    pub fn word(self, seconds: f64) -> String {
        match self {
            Self::Hundredths => format!("{seconds:.2}"),
            Self::Thousandths => format!("{seconds:.3}"),
            Self::Exact => serde_json::json!(seconds).to_string(),
        }
    }

    /// What stands around it.
    const fn around(self) -> (&'static str, &'static str) {
        match self {
            Self::Hundredths => (" in ", " s"),
            Self::Thousandths => (" time=\"", "\""),
            Self::Exact => ("\"seconds\":", "}"),
        }
    }
}

/// The places in a printed report that word these seconds, in order.
pub fn times(text: &str, seconds: f64) -> Vec<(Range<usize>, Worded)> {
    let mut places: Vec<_> = Worded::ALL
        .into_iter()
        .flat_map(|worded| {
            let ((before, after), word) = (worded.around(), worded.word(seconds));
            let whole = format!("{before}{word}{after}");
            let starts: Vec<usize> = text.match_indices(&whole).map(|(at, _)| at + before.len()).collect();
            starts.into_iter().map(move |start| (start..start + word.len(), worded))
        })
        .collect();
    places.sort_by_key(|(place, _)| place.start);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_found() {
        let seconds = 1.23456;
        for (text, at, worded) in [
            ("1 finding; 3 files in 1.23 s\nfixable: 1", "1.23", Worded::Hundredths),
            ("<testsuites time=\"1.235\">", "1.235", Worded::Thousandths),
            ("\"summary\":{\"seconds\":1.23456}}", "1.23456", Worded::Exact),
        ] {
            let start = text.find(at).unwrap_or_default();
            assert_eq!(times(text, seconds), [(start..start + at.len(), worded)], "{text}");
        }
        assert_eq!(times("took 1.23 seconds", seconds), []);
    }
}
