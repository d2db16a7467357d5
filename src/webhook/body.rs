//! Bodies of requests, within a budget for all of them together: many large ones at once must not exhaust memory.

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes are counted in these.
const GRAIN: usize = 1024;

/// Bytes of bodies that may lie in memory.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    grains: Arc<Semaphore>,
    most: usize,
}

/// A body that was read whole. Its bytes count until it is dropped.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) bytes: Bytes,
    _counted: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is larger than one may be.
    TooLarge,
    /// All bodies together are.
    NoRoom,
    /// The client ended early, or sent nonsense.
    Broken(String),
}

impl Budget {
    /// `all` bytes for all bodies, `most` for one.
    pub(crate) fn new(all: usize, most: usize) -> Self {
        Self { grains: Arc::new(Semaphore::new(all.div_ceil(GRAIN))), most }
    }

    /// Reads a body. `announced` is what the client says of its length.
    pub(crate) async fn read(&self, mut body: Body, announced: Option<usize>) -> Result<Read, Unread> {
        if announced.is_some_and(|length| length > self.most) {
            return Err(Unread::TooLarge);
        }
        // Most bodies come in one piece, which is taken as it is.
        let (mut whole, mut joined) = (Bytes::new(), vec![]);
        let mut counted: Option<OwnedSemaphorePermit> = None;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Unread::Broken(error.to_string()))?;
            let Ok(data) = frame.into_data() else { continue };
            let length = whole.len() + joined.len() + data.len();
            if length > self.most {
                return Err(Unread::TooLarge);
            }
            let have = counted.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
            let need = length.div_ceil(GRAIN).saturating_sub(have);
            if need > 0 {
                let more = u32::try_from(need).unwrap_or(u32::MAX);
                let permit = self.grains.clone().try_acquire_many_owned(more).map_err(|_| Unread::NoRoom)?;
                match &mut counted {
                    Some(counted) => counted.merge(permit),
                    None => counted = Some(permit),
                }
            }
            if length == data.len() {
                whole = data;
                continue;
            }
            if joined.is_empty() {
                joined.reserve(announced.unwrap_or_default().min(64 << 10));
                joined.extend_from_slice(&std::mem::take(&mut whole));
            }
            joined.extend_from_slice(&data);
        }
        Ok(Read { bytes: if joined.is_empty() { whole } else { joined.into() }, _counted: counted })
    }
}
