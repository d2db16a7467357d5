//! The queue between the edge and the threads that judge. It is bounded: what does not fit is answered at once.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

type Task = Box<dyn FnOnce() + Send>;

/// Threads, and the tasks that wait for them.
pub(crate) struct Queue {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    most: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Task>,
    closed: bool,
}

/// The queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

impl Queue {
    /// Starts the threads. At most `most` tasks wait.
    pub(crate) fn start(threads: usize, most: usize) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), most });
        for number in 0..threads {
            let shared = shared.clone();
            let builder = thread::Builder::new().name(format!("judge-{number}")).stack_size(plimsoll_host::limits::THREAD_STACK);
            builder.spawn(move || {
                stand_back();
                shared.run();
            })?;
        }
        Ok(Self { shared })
    }

    /// Whether another task would be taken now.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting() < self.shared.most
    }

    /// Hands a task to the threads.
    pub(crate) fn push(&self, task: impl FnOnce() + Send + 'static) -> Result<(), Full> {
        let mut state = self.shared.lock();
        if state.waiting.len() >= self.shared.most {
            return Err(Full);
        }
        state.waiting.push_back(Box::new(task));
        drop(state);
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Tasks that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.shared.lock().waiting.len()
    }
}

/// Lets the threads at the edge go first where there are fewer cores than threads: an answer that waits, a refusal above all, is a short piece of
/// work, and what is not read in time lies in memory.
fn stand_back() {
    // On Linux this is the thread's own; it need not be allowed anywhere.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(3);
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        loop {
            let mut state = self
                .changed
                .wait_while(self.lock(), |state| state.waiting.is_empty() && !state.closed)
                .unwrap_or_else(PoisonError::into_inner);
            let Some(task) = state.waiting.pop_front() else { return };
            drop(state);
            // A bug in one review must not take a thread away from all others. Whoever waits for the answer sees that none comes.
            if catch_unwind(AssertUnwindSafe(task)).is_err() {
                tracing::error!("a review panicked; its request is answered by the failure policy");
            }
        }
    }
}
