//! Log lines that a flood of requests must not turn into a flood of their own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Lets one line a second pass, and counts the others.
#[derive(Debug)]
pub(crate) struct Throttle {
    began: Instant,
    /// The second in which a line passed last, from 1.
    last: AtomicU64,
    left_out: AtomicU64,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { began: Instant::now(), last: AtomicU64::new(0), left_out: AtomicU64::new(0) }
    }
}

impl Throttle {
    /// Whether a line may be written now, and how many were left out before it.
    pub(crate) fn pass(&self) -> Option<u64> {
        self.pass_at(Instant::now())
    }

    fn pass_at(&self, now: Instant) -> Option<u64> {
        let second = now.duration_since(self.began).as_secs() + 1;
        if self.last.swap(second, Ordering::Relaxed) == second {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(self.left_out.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn one_line_a_second_passes_and_tells_of_the_others() {
        let throttle = Throttle::default();
        let at = |milliseconds| throttle.began + Duration::from_millis(milliseconds);
        assert_eq!([0, 10, 900, 1_000, 1_500, 5_000].map(|time| throttle.pass_at(at(time))), [Some(0), None, None, Some(2), None, Some(1)]);
    }
}
