//! The compiler: front matter to bytecode. Hosts and build scripts only.

mod emit;
mod functions;
mod parse;
mod rule;
mod source;
mod text;
mod types;

pub use emit::Environment;
pub use rule::compile;
pub use source::{CompileError, ConditionSource, Located, OpSource, OptionSource};
pub use types::{Named, Ty};

use crate::code::Program;

impl Environment {
    /// Variables of which nothing is known, with CEL's own meaning of absent keys: for tests and other uses outside documents.
    pub fn untyped(names: &[&str]) -> Self {
        Self { variables: names.iter().map(|name| ((*name).to_owned(), Ty::Any)).collect(), relations: vec![] }
    }
}

/// Compiles one expression; gives its static type too.
pub fn expression(text: &Located<String>, environment: &Environment) -> Result<(Program, Ty), CompileError> {
    part(text, 0..text.value.len(), environment)
}

/// Compiles the part of a text that is an expression.
fn part(text: &Located<String>, range: core::ops::Range<usize>, environment: &Environment) -> Result<(Program, Ty), CompileError> {
    let start = range.start;
    let source = text.value.get(range).unwrap_or_default();
    let compiled = parse::with(source, |parsed| {
        let mut emitter = emit::Emitter::new(parsed, environment);
        emitter.expression(&parsed.expr, 0).map(|(root, ty)| (Program { ops: emitter.ops.into(), root }, ty))
    });
    compiled.map_err(|wrong| text.error(start + wrong.offset, wrong.message))
}

impl Located<String> {
    /// An error at a byte of the text.
    fn error(&self, offset: usize, message: String) -> CompileError {
        let before = self.value.get(..offset).unwrap_or(&self.value);
        let line = before.matches('\n').count() as u32;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32;
        // Below the first line of a text the front matter's indentation is not known here.
        let column = if self.column == 0 || line > 0 { 0 } else { self.column + column };
        CompileError { line: self.line + line, column, message }
    }
}
