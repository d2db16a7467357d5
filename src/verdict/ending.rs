//! How a run ends, and the number that says so.

/// Every way a run can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Nothing to report, or everything named is excluded.
    Clean,
    /// Findings at or above `--fail-on`, or a difference with `--diff`.
    Findings,
    /// Usage, configuration or an internal error.
    Failed,
    /// Nothing matched.
    NothingMatched,
    /// A file of ours did not parse, a limit was hit, a plugin trapped.
    Incomplete,
}

/// What decides how a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "these are the independent facts of the contract, not states of one thing")]
pub struct Run {
    /// Usage, configuration or an internal error.
    pub failed: bool,
    /// Some notice says that the run is incomplete.
    pub incomplete: bool,
    /// Findings at or above `--fail-on`; with `--fix` of what remains.
    pub failing: usize,
    /// `--diff` printed something.
    pub differs: bool,
    /// Files that matched.
    pub files: usize,
    /// Named files that the configuration excludes.
    pub excluded: usize,
    /// `--diff`: findings do not count, differences do.
    pub diff: bool,
    /// `--allow-incomplete`.
    pub allow_incomplete: bool,
    /// `--exit-zero`.
    pub exit_zero: bool,
}

impl Ending {
    /// Every ending, by exit code.
    pub const ALL: [Self; 5] = [Self::Clean, Self::Findings, Self::Failed, Self::NothingMatched, Self::Incomplete];

    /// How a run ended: the first that applies of 2, 4, 1, 3, 0.
    pub const fn of(run: &Run) -> Self {
        let fails = if run.diff { run.differs } else { run.failing > 0 };
        if run.failed {
            Self::Failed
        } else if run.incomplete && !run.allow_incomplete {
            Self::Incomplete
        } else if fails && !run.exit_zero {
            Self::Findings
        } else if run.files == 0 && run.excluded == 0 {
            Self::NothingMatched
        } else {
            Self::Clean
        }
    }

    /// The exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
            Self::NothingMatched => 3,
            Self::Incomplete => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(run: Run) -> u8 {
        Ending::of(&run).exit_code()
    }

    #[test]
    fn first_that_applies() {
        let worst = Run { failed: true, incomplete: true, failing: 1, files: 1, ..Run::default() };
        assert_eq!(code(worst), 2);
        assert_eq!(code(Run { failed: false, ..worst }), 4);
        assert_eq!(code(Run { failed: false, allow_incomplete: true, ..worst }), 1);
        assert_eq!(code(Run { failed: false, allow_incomplete: true, exit_zero: true, ..worst }), 0);
        assert_eq!(code(Run { exit_zero: true, allow_incomplete: true, ..worst }), 2);
        assert_eq!(code(Run::default()), 3);
        assert_eq!(code(Run { excluded: 1, ..Run::default() }), 0);
        assert_eq!(code(Run { incomplete: true, ..Run::default() }), 4);
    }

    #[test]
    fn diff_counts_differences_only() {
        assert_eq!(code(Run { diff: true, failing: 3, files: 1, ..Run::default() }), 0);
        assert_eq!(code(Run { diff: true, differs: true, files: 1, ..Run::default() }), 1);
    }
}
