//! The rules that judge waivers. They have no plugin: what they look at is not in any document.

use plimsoll_finding::{RuleMeta, Severity};

pub(crate) const UNUSED: &str = "plimsoll/waiver-unused";
pub(crate) const EXPIRED: &str = "plimsoll/waiver-expired";
pub(crate) const UNKNOWN_RULE: &str = "plimsoll/waiver-unknown-rule";
pub(crate) const REFUSED: &str = "plimsoll/waiver-refused";
pub(crate) const MALFORMED: &str = "plimsoll/waiver-malformed";

/// The engine's own rules about waivers, to be listed and selected like any other.
pub fn own_rules() -> Vec<RuleMeta> {
    let rule = |id: &'static str, title: &'static str, severity, doc: &'static str| RuleMeta {
        severity,
        since: "0.1.0".into(),
        doc: doc.into(),
        ..RuleMeta::new("plimsoll".into(), id.into(), "plimsoll".into(), title.into())
    };
    vec![
        rule(
            EXPIRED,
            "Waiver has expired",
            Severity::Medium,
            "The last day of this waiver has passed, so the findings it covered count again. Mend them and remove the waiver, or decide anew and set another date. Days are those of UTC, and the last one counts.",
        ),
        rule(
            MALFORMED,
            "Waiver cannot be read",
            Severity::Medium,
            "A comment that starts like a waiver does not follow the grammar, so it waives nothing. Write `plimsoll: ignore[RULE, …] until=YYYY-MM-DD owner=NAME -- reason`; `until`, `owner`, `ticket` and the reason may be left out.",
        ),
        rule(
            REFUSED,
            "Waiver is refused",
            Severity::Medium,
            "The organisation's configuration forbids to waive this rule, or asks more of a waiver than this one gives: an owner, a reason, a last day that is near enough. It waives nothing. Mend what it covers, or give what is asked for.",
        ),
        rule(
            UNKNOWN_RULE,
            "Waiver names an unknown rule",
            Severity::Medium,
            "No rule goes by this name, so this part of the waiver does nothing. Most often it is a typing error, or the rule belongs to a plugin that this project does not use.",
        ),
        rule(
            UNUSED,
            "Waiver hides nothing",
            Severity::Low,
            "The rule ran and found nothing where this waiver applies. Remove the waiver: left in place it would hide the next finding without anybody having looked at it.",
        ),
    ]
}
