//! Conditions: CEL expressions over documents, compiled to bytecode on the host and evaluated here, in the sandbox, with a third truth
//! value for what cannot be told.
//!
//! **Unknown never fires.** An unknown node, a key that an open map does not show, and items that may or may not exist make an expression unknown
//! unless the rest of it decides ([`Value::Unknown`]); a rule's finding needs a requirement that is known to be false.
//!
//! **Absent reads as null.** This is the one deviation from CEL. Where the schema describes what stands somewhere, or says that anything
//! may (`dyn`), an absent field reads as null, and a written null counts as absent; selecting, indexing, `has`, `in`, `size` and macros on null act as on an
//! empty value. Maps with free keys (`map<…>`: labels, environment) are CEL's maps: an absent key is an error there, to be guarded with `in` or `has`.
//!
//! **Numbers.** Whole numbers of a document are ints, others doubles; they compare by value and do not mix in arithmetic.
//!
//! What there is: all operators, `has`, `all`, `exists`, `exists_one`, `map`, `filter` (the first three with two variables as well), `cel.bind`,
//! `size`, `type`, `dyn`, `int`, `double`, `string`, `bool`; on text `contains`, `startsWith`, `endsWith`, `matches`, `lowerAscii`, `upperAscii`, `trim`,
//! `split`, `replace`, `substring`, `indexOf`, `lastIndexOf`, `charAt`, on lists `join`; Kubernetes' `quantity`, `isQuantity` and their methods.
//! `uint`, `bytes`, durations, timestamps and messages do not exist in documents and are refused by the compiler.
//!
//! Feature `compile` adds the compiler (`compile`), for hosts and build scripts.

mod access;
mod arithmetic;
mod bytes;
mod code;
mod compare;
#[cfg(all(feature = "compile", not(target_arch = "wasm32")))]
pub mod compile;
mod convert;
mod eval;
mod fold;
mod function;
mod json;
mod judge;
mod made;
mod pattern;
mod policy;
mod quantity;
mod rule;
mod template;
mod text;
mod value;

pub use bytes::Malformed;
pub use code::{MAX_DEPTH, Program, VERSION};
#[cfg(all(feature = "compile", not(target_arch = "wasm32")))]
pub use compile::{CompileError, ConditionSource, Located, OpSource, OptionSource};
pub use convert::{from_json, to_json};
pub use eval::{NoRelations, Relation, Relations, Scope};
pub use json::{Json, JsonError};
pub use judge::{Judgement, RuleError, RuleFinding, RuleFix, RuleOp, closest};
pub use policy::{PolicyRule, PolicySettings};
pub use rule::{CompiledRule, Judged};
pub use value::{Failure, List, MadeList, Map, Text, TypeValue, Value};
