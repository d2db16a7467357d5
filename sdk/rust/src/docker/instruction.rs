//! Instructions.

use super::{Command, Instruction, List, Truth};

impl<'a> Instruction<'a> {
    /// Whether it has this keyword, in upper case.
    #[inline]
    pub fn is(self, keyword: &str) -> bool {
        self.keyword().is(keyword).is_true()
    }

    /// The commands that a shell will run.
    #[inline]
    pub fn commands(self) -> List<'a, Command<'a>> {
        self.script().commands()
    }

    /// Whether one of its commands has this name.
    pub fn runs(self, command: &str) -> Truth {
        self.commands().any(|found| found.name().is(command))
    }
}
