//! What expressions are worth, as far as it can be told without running Terraform.
//!
//! Everything that is decided elsewhere (a resource's attributes, a module's outputs, a variable without value, a function that reads
//! files) is an unknown value with its cause; unknown in, unknown out, but for what decides a result without it. A definite mistake (a
//! missing attribute, an index out of range) is a [`Fault`], which `try` and `can` catch and every argument turns into an unknown.

mod convert;
mod expression;
mod functions;
mod operators;
mod scope;
mod types;
mod unify;
mod value;

pub(crate) use expression::elements;
pub(crate) use operators::equal;
pub(crate) use scope::{Environment, Scope};
pub(crate) use types::Type;
pub(crate) use value::{Data, Marks, Value};

/// A definite mistake: Terraform would stop here.
#[derive(Debug, Clone)]
pub(crate) struct Fault(pub(crate) std::rc::Rc<str>);

impl Fault {
    pub(crate) fn new(cause: impl Into<std::rc::Rc<str>>) -> Self {
        Self(cause.into())
    }
}

/// A value, or a definite mistake.
pub(crate) type Outcome = Result<Value, Fault>;
