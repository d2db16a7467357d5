//! Resources and other things with a body.

use super::{Blocks, Dyn, Field, ModuleCall, Provider, Resource};

macro_rules! with_body {
    ($($view:ident),*) => {
        $(impl<'a> $view<'a> {
            /// What its body has under a dotted path: `acl`, `versioning_configuration.status`; see [`Dyn::attr`].
            pub fn attr(self, path: &str) -> Field<'a, Dyn<'a>> {
                self.body().attr(path)
            }

            /// The blocks of one type in its body.
            pub fn blocks(self, name: &str) -> Blocks<'a> {
                self.body().blocks(name)
            }
        })*
    };
}

with_body!(Resource, Provider, ModuleCall);

impl Resource<'_> {
    /// What a message calls it: its address, `aws_s3_bucket.logs`.
    pub fn label(self) -> String {
        let of = |field: Field<'_, &str>| field.known().unwrap_or("?").to_owned();
        self.facts().address().known().map_or_else(|| format!("{}.{}", of(self.type_()), of(self.name())), str::to_owned)
    }

    /// Whether it is of one of these types.
    pub fn is(self, types: &[&str]) -> bool {
        self.type_().is_any(types).is_true()
    }
}
