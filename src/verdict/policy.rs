//! What an organisation asks of waivers.

use jiff::ToSpan;
use jiff::civil::Date;
use plimsoll_config::Lock;
use plimsoll_finding::Waived;

/// An organisation's `[locked]`, as it concerns waivers.
#[derive(Debug, Default)]
pub(crate) struct Policy {
    lock: Option<Lock>,
    /// Last day that a waiver may name.
    latest: Option<Date>,
}

impl Policy {
    pub(crate) fn new(lock: Option<Lock>, today: Date) -> Self {
        let latest = lock.as_ref().and_then(|lock| lock.max_days).map(|days| today.saturating_add(days.min(400_000).days()));
        Self { lock, latest }
    }

    pub(crate) fn locks(&self, rule: &str) -> bool {
        self.lock.as_ref().is_some_and(|lock| lock.holds(rule))
    }

    pub(crate) fn allows_baseline(&self) -> bool {
        self.lock.as_ref().is_none_or(|lock| lock.baseline)
    }

    /// Why a waiver does not count for a rule.
    pub(crate) fn refuses(&self, rule: &str, waiver: &Waived) -> Option<String> {
        let lock = self.lock.as_ref()?;
        if lock.holds(rule) {
            return Some(format!("nobody may waive {rule}"));
        }
        let given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        if lock.owner && !given(&waiver.owner) {
            return Some("a waiver needs an owner".to_owned());
        }
        if lock.reason && !given(&waiver.reason) {
            return Some("a waiver needs a reason".to_owned());
        }
        let latest = self.latest?;
        match waiver.until.as_ref().and_then(|until| until.parse::<Date>().ok()) {
            None => Some(format!("a waiver needs a last day, {latest} at the latest")),
            Some(until) if until > latest => Some(format!("{until} is too far away, {latest} is the latest")),
            Some(_) => None,
        }
    }
}
