//! Threads that work is handed to.

use crossbeam_channel::{Receiver, Sender, unbounded};
use std::thread::{Builder, JoinHandle};

/// Something to be done on another thread.
pub(crate) type Work = Box<dyn FnOnce() + Send>;

/// A few threads and the line in front of them.
pub(crate) struct Workers {
    line: Option<Sender<Work>>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts `count` threads. Where the system gives none, work is done on the caller's.
    pub(crate) fn new(name: &str, count: usize) -> Self {
        let (line, work): (_, Receiver<Work>) = unbounded();
        let start = |_| {
            let work = work.clone();
            Builder::new().name(name.to_owned()).spawn(move || work.into_iter().for_each(|work| work())).ok()
        };
        let threads: Vec<JoinHandle<()>> = (0..count).filter_map(start).collect();
        Self { line: Some(line), threads }
    }

    pub(crate) fn give(&self, work: Work) {
        match &self.line {
            Some(line) if !self.threads.is_empty() => _ = line.send(work),
            _ => work(),
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.line = None;
        for thread in self.threads.drain(..) {
            // One that panicked has told so already.
            _ = thread.join();
        }
    }
}
