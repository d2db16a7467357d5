//! Stages and files.

use super::{Dockerfile, Field, Instruction, Stage};

impl<'a> Dockerfile<'a> {
    /// The stages whose result is shipped: the final one, and those that settings or a Compose target name.
    pub fn shipped_stages(self) -> impl Iterator<Item = Stage<'a>> {
        self.stages().iter().filter(|stage| stage.is_shipped())
    }
}

impl<'a> Stage<'a> {
    /// Whether what it builds is certainly shipped.
    pub fn is_shipped(self) -> bool {
        self.facts().shipped().is(true).is_true()
    }

    /// Its instructions of one keyword, in upper case, in order.
    pub fn each(self, keyword: &'static str) -> impl Iterator<Item = Instruction<'a>> + Clone {
        self.instructions().iter().filter(move |instruction| instruction.is(keyword))
    }

    /// What a message calls it: its name, or its number.
    pub fn label(self) -> String {
        match (self.name().known(), self.facts().index().known()) {
            (Some(name), _) => format!("stage `{name}`"),
            (None, Some(index)) => format!("stage {index}"),
            (None, None) => "the stage".to_owned(),
        }
    }

    /// The image it starts from, through earlier stages.
    pub fn base(self) -> Field<'a, super::ImageRef<'a>> {
        self.facts().base()
    }
}
