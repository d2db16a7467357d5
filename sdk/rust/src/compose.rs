//! Typed views of Compose projects. The fields are those of `docs/documents/compose.md`; what is written by hand is in the files beside.

use crate::Decode;
pub use crate::{
    Blocks, Dyn, Entry, Field, Fix, Item, Json, Kind, List, Map, Node, Place, Relation, Report, Severity, Span, State, Truth, View,
};
use plimsoll_document::schema::key;

include!(concat!(env!("OUT_DIR"), "/compose.rs"));
