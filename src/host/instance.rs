//! One instance: a store with a plugin in it, and what the host knows of its conduct.

use crate::limits;
use wasmtime::ResourceLimiter;

/// Something a plugin said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// 0 error, 1 warning, 2 note.
    pub level: u8,
    /// What; at most 1 KiB, not yet escaped.
    pub text: String,
}

/// The host's side of an instance.
#[derive(Debug, Default)]
pub(crate) struct State {
    memory: usize,
    tables: usize,
    refused: Option<&'static str>,
    notes: Vec<Note>,
    /// What the current call was given.
    pub(crate) fuel: u64,
}

impl State {
    /// What the limiter refused, if it did.
    pub(crate) const fn refused(&self) -> Option<&'static str> {
        self.refused
    }

    /// Bytes of linear memory.
    pub(crate) const fn memory(&self) -> usize {
        self.memory
    }

    /// The last error the plugin noted: its panic message.
    pub(crate) fn last_words(&self) -> Option<&str> {
        self.notes.iter().rev().find(|note| note.level == 0).map(|note| note.text.as_str())
    }

    /// The notes of the last call, leaving none.
    pub(crate) fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// Whether another note would be kept.
    pub(crate) const fn hears(&self) -> bool {
        self.notes.len() < limits::NOTES
    }

    pub(crate) fn note(&mut self, level: u8, text: &str) {
        let end = text.floor_char_boundary(limits::NOTE_BYTES);
        self.notes.push(Note { level: level.min(2), text: text[..end].to_owned() });
    }
}

impl ResourceLimiter for State {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.memory + desired.saturating_sub(current);
        if total > limits::MEMORY_LIMIT {
            self.refused = Some("memory than the 64 MiB it may have");
            return Err(wasmtime::Error::msg("memory limit"));
        }
        self.memory = total;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.tables + desired.saturating_sub(current);
        if total > limits::TABLE_ELEMENTS {
            self.refused = Some("table elements than the 4,096 it may have");
            return Err(wasmtime::Error::msg("table limit"));
        }
        self.tables = total;
        Ok(true)
    }

    fn instances(&self) -> usize {
        limits::PARTS
    }

    fn tables(&self) -> usize {
        limits::PARTS
    }

    fn memories(&self) -> usize {
        limits::PARTS
    }
}
