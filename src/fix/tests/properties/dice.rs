//! Choices that a property makes on its way. They shrink to the first of each.

use proptest::prelude::*;

/// What is left to choose by; when nothing is, every choice is the first.
pub(crate) struct Dice(std::vec::IntoIter<u32>);

impl Dice {
    pub(crate) fn new(choices: Vec<u32>) -> Self {
        Self(choices.into_iter())
    }

    /// A number below `of`.
    pub(crate) fn pick(&mut self, of: usize) -> usize {
        self.0.next().unwrap_or(0) as usize % of
    }

    pub(crate) fn maybe(&mut self) -> bool {
        self.pick(2) == 1
    }

    pub(crate) fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.pick(of.len())]
    }
}

/// Choices for one file and what is done to it.
pub(crate) fn choices() -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::vec(any::<u32>(), 0..160)
}
