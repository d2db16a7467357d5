//! What counts: which rules run where and how severe they are, which findings are waived, and how a run ends.
//!
//! One [`Evaluator`] with an injected day serves the command line, the editor and the webhook. It knows findings and settings, never
//! documents: comments come with the bytes they cover, annotations with the object they stand on.

mod annotation;
mod baseline;
mod central;
mod comment;
mod ending;
mod evaluate;
mod grammar;
mod listing;
mod own_rules;
mod peer_comment;
mod peers;
mod policy;
mod scan;
mod selection;
mod selector;
mod waiver;

pub use annotation::ObjectAnnotations;
pub use baseline::{Applied, Baseline, BaselineError, baselined};
pub use comment::{Bytes, FileComments};
pub use ending::{Ending, Run};
pub use evaluate::{Evaluator, Verdict};
pub use jiff::civil::Date;
pub use listing::Listed;
pub use own_rules::own_rules;
pub use peers::normal_id;
pub use selection::InForce;
pub use selector::{Catalogue, Selected};

/// Today in UTC, for callers without a clock of their own.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
