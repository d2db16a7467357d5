//! What lists and maps have in common: they may hold more than is shown, and what is shown may not exist.

use crate::{Decode, Field, State, Truth};
use plimsoll_document::{Flags, Node};

/// Whether nothing is in it. What is absent is empty.
pub(crate) fn is_empty(container: State<Node<'_>>) -> Truth {
    match container {
        State::Unknown => Truth::Unknown,
        State::Known(node) if node.children().any(|child| !child.flags().has(Flags::MAY_EXIST)) => Truth::False,
        State::Known(node) if node.flags().has(Flags::OPEN) || node.len() > 0 => Truth::Unknown,
        State::Absent | State::Known(_) => Truth::True,
    }
}

/// Whether the statement holds for something in it. True only for what certainly exists; false only if nothing, shown or not, can make it true.
pub(crate) fn any<'a, T: Decode<'a>>(container: State<Node<'a>>, mut statement: impl FnMut(Node<'a>, T) -> Truth) -> Truth {
    let container = match container {
        State::Absent => return Truth::False,
        State::Unknown => return Truth::Unknown,
        State::Known(node) => node,
    };
    let mut sum = if container.flags().has(Flags::OPEN) { Truth::Unknown } else { Truth::False };
    for child in container.children() {
        let holds = match Field::<T>::judged(child).read() {
            State::Known(value) => statement(child, value),
            State::Absent => Truth::False,
            State::Unknown => Truth::Unknown,
        };
        sum = match holds {
            Truth::True if child.flags().has(Flags::MAY_EXIST) => Truth::Unknown,
            Truth::True => return Truth::True,
            Truth::False => sum,
            Truth::Unknown => Truth::Unknown,
        };
    }
    sum
}
