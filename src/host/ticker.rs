//! The clock behind deadlines: a thread that moves the engine's epoch on while somebody has a deadline to keep.

use crate::limits::{TICK, fuel_is_enough};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use wasmtime::{Engine, EngineWeak};

/// Started by the first call whose fuel might outlast its deadline; most runs of the command line never do.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    engine: EngineWeak,
}

#[derive(Default)]
struct State {
    started: bool,
    closed: bool,
    waiting: usize,
}

/// While it lives, the clock runs.
pub(crate) struct Running<'a>(Option<&'a Ticker>);

impl Ticker {
    pub(crate) fn new(engine: &Engine) -> Self {
        Self { shared: Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), engine: engine.weak() }) }
    }

    /// Ticks until the deadline, and what keeps the clock going until then.
    pub(crate) fn deadline(&self, fuel: u64, deadline: Option<Duration>) -> (u64, Running<'_>) {
        // Added to the current epoch, so not the largest number there is.
        const NEVER: u64 = 1 << 62;
        let Some(deadline) = deadline.filter(|deadline| !fuel_is_enough(fuel, *deadline)) else { return (NEVER, Running(None)) };
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.waiting += 1;
        if !state.started {
            let shared = Arc::clone(&self.shared);
            // Where no thread can be had, fuel still bounds the work.
            state.started = thread::Builder::new().name("plimsoll-clock".to_owned()).spawn(move || shared.run()).is_ok();
        }
        drop(state);
        self.shared.changed.notify_one();
        let ticks = deadline.as_nanos().div_ceil(TICK.as_nanos());
        // The first tick may come at once.
        (u64::try_from(ticks).unwrap_or(NEVER).saturating_add(1).min(NEVER), Running(Some(self)))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(ticker) = self.0 {
            ticker.shared.state.lock().unwrap_or_else(PoisonError::into_inner).waiting -= 1;
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.shared.changed.notify_one();
    }
}

impl Shared {
    fn run(&self) {
        loop {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let state = self.changed.wait_while(state, |state| state.waiting == 0 && !state.closed).unwrap_or_else(PoisonError::into_inner);
            if state.closed {
                return;
            }
            drop(state);
            thread::sleep(TICK);
            match self.engine.upgrade() {
                Some(engine) => engine.increment_epoch(),
                None => return,
            }
        }
    }
}
