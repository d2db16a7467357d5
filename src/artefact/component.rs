//! Core module to component.

use crate::Error;
use wit_component::ComponentEncoder;

/// Wraps a core module, whose custom section says what it exports and imports (`wit-bindgen` writes it), into a component.
///
/// # Errors
/// When the section is missing, or the module's functions do not fit it.
pub fn encode(module: &[u8]) -> Result<Vec<u8>, Error> {
    let encode = || ComponentEncoder::default().validate(true).module(module)?.encode();
    encode().map_err(|error| Error::Encode(format!("{error:#}")))
}
