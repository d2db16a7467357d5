//! `$/progress`: how far the first pass over the folders is.

use crate::protocol::{Message, notification, request};
use serde_json::{Value, json};

const TOKEN: &str = "plimsoll/first-pass";

/// The first pass, if the client wants to hear of it.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    running: bool,
    percent: usize,
}

impl Progress {
    pub(crate) fn begin(&mut self, id: i32) -> Vec<Message> {
        self.running = true;
        vec![
            request(id, "window/workDoneProgress/create", json!({"token": TOKEN})),
            tell(&json!({"kind": "begin", "title": "Plimsoll", "message": "looking for files", "percentage": 0, "cancellable": false})),
        ]
    }

    /// Tells of every percent once. `count` is how many jobs are judged, of how many; `None` while nobody knows.
    pub(crate) fn report(&mut self, count: Option<(usize, usize)>) -> Vec<Message> {
        let Some((judged, known)) = count.filter(|_| self.running) else { return vec![] };
        if judged == known {
            self.running = false;
            return vec![tell(&json!({"kind": "end", "message": format!("{known} judged")}))];
        }
        let percent = judged * 100 / known;
        if percent <= self.percent {
            return vec![];
        }
        self.percent = percent;
        vec![tell(&json!({"kind": "report", "message": format!("{judged} of {known}"), "percentage": percent}))]
    }
}

fn tell(value: &Value) -> Message {
    notification("$/progress", json!({"token": TOKEN, "value": value}))
}
