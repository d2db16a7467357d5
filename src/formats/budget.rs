//! How much text expansion may make.

use crate::MAX_DECODED;
use std::cell::Cell;
use std::rc::Rc;

/// Bytes that expansion may still put into one document. A variable may hold another one twice, and that one a third: what a file asks for
/// grows faster than the file. Clones share what is left.
#[derive(Clone, Debug)]
pub struct Budget(Rc<Cell<usize>>);

impl Default for Budget {
    /// [`MAX_DECODED`] bytes.
    fn default() -> Self {
        Self(Rc::new(Cell::new(MAX_DECODED)))
    }
}

impl Budget {
    /// Takes so many bytes from what is left; `false` if there are not enough. Once something did not fit nothing does: what can be told
    /// must not hang on which of two values is shorter.
    pub fn afford(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Whether more was asked for than there was. The document is then cut short, which is a [`crate::ProblemKind::Limit`].
    pub fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
