//! How a secret is masked, wherever that is done.

/// What stands for a secret. Of one length, so that a secret's length is none of the reader's business.
pub const MASK: &str = "*****";
/// Bytes below which a secret is masked where it stands, but not wherever the same bytes appear: a password `1` would leave no number
/// readable, and tell by that what it is.
pub const MIN_MASKED: usize = 4;
