//! Waivers as they are listed.

use plimsoll_finding::Waived;

/// A waiver, whether it hides something or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Who wrote it, where, why, until when.
    pub waived: Waived,
    /// The rules it names, as written.
    pub rules: String,
    /// Whether its last day has passed.
    pub expired: bool,
}
