//! Shell programs of instructions.

/// What runs the shell form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Dialect {
    #[default]
    Sh,
    Bash,
    Powershell,
    Cmd,
    Other,
    /// A broken SHELL.
    Unknown,
}

/// A shell and the options it is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Shell {
    pub(super) dialect: Dialect,
    pub(super) errexit: bool,
    pub(super) pipefail: bool,
}

use super::Tree;
use super::instruction::View;
use crate::exec_form::Element;
use crate::keyword::Keyword;
use crate::text::{Cut, Text};
use crate::unit::Unit;
use plimsoll_document::NodeId;

impl Shell {
    pub(super) fn of<'w>(_: impl Iterator<Item = &'w str>) -> Self {
        Self::default()
    }
}

impl Tree<'_, '_> {
    pub(super) fn exec_script(&mut self, _: NodeId, _: &Text<'_>, _: &[Element], _: View<'_>) {}
    pub(super) fn shell_script(&mut self, _: NodeId, _: &Unit<'_>, _: Cut, _: Keyword, _: View<'_>) {}
}
