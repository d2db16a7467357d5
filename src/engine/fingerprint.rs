//! The stable identity of a finding.

use crate::address::Address;
use sha2::{Digest, Sha256};

/// 32 hex digits over rule, configuration address and, except for named Kubernetes objects, the path. Never line numbers.
pub fn fingerprint(rule: &str, address: &Address, path: &str) -> String {
    let mut hash = Sha256::new();
    for part in ["plimsoll/v1", rule, &address.configuration, if address.with_path { path } else { "" }] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value & 0xf)]);
    hash.finalize().iter().take(16).flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}
