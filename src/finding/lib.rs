//! What a run says: findings, fixes, notices, and the rules they are about.
//!
//! These are the resolved values that `verdict` decides on, `fix` computes and `report` prints. They know neither documents' tables nor
//! rules' code.

mod finding;
mod lines;
mod mask;
mod notice;
mod rule;
mod severity;

pub use finding::{Applicability, Edit, Finding, Fix, Location, Position, Range, Related, State, Waived};
pub use lines::Lines;
pub use mask::{MASK, is_looked_for, is_word, stands_alone};
pub use notice::{Notice, NoticeKind};
pub use rule::{List, OptionSpec, Profile, RuleMeta, Text};
pub use severity::Severity;
