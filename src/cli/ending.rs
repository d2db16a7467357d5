//! The ways a run can end.

/// How a run ended. The first that applies, in the order 2, 4, 1, 3, 0 (contracts: selecting, severity, exit).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing to report.
    Clean,
    /// Findings at or above the threshold, or a diff.
    Findings,
    /// Usage, configuration, or an internal error.
    Error,
    /// No input matched.
    Nothing,
    /// A file did not parse, a limit was hit, a plugin trapped.
    Incomplete,
}

impl Ending {
    /// The exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Error => 2,
            Self::Nothing => 3,
            Self::Incomplete => 4,
        }
    }
}
