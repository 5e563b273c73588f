//! The program's function that is told of events: in their order, one at a time, on a thread of this
//! crate, so that it delays neither a caller nor a renewal.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use edx_auth_core::Event;

use crate::guarded::guarded;
use crate::threads::{Job, LISTENERS};

/// A function that is told of events.
pub(crate) type EventFn = Box<dyn Fn(&Event) + Send + Sync>;

/// The function, and the events that it has not been told of.
pub(super) struct Listener {
    tell: EventFn,
    events: Mutex<Events>,
}

#[derive(Default)]
struct Events {
    waiting: VecDeque<Event>,
    /// Whether a thread tells them, or waits for a place.
    are_told: bool,
}

impl Listener {
    pub(super) fn new(tell: EventFn) -> Arc<Self> {
        Arc::new(Self {
            tell,
            events: Mutex::default(),
        })
    }

    /// Tells the function of this event, soon and in the background. A function that hangs misses what
    /// comes after the first [`MOST_WAITING`].
    pub(super) fn on_event(self: &Arc<Self>, event: &Event, host: &Arc<str>) {
        let mut events = self.events();
        if events.waiting.len() < MOST_WAITING {
            events.waiting.push_back(event.clone());
        }
        if !std::mem::replace(&mut events.are_told, true) {
            drop(events);
            LISTENERS.submit(Arc::clone(host), Box::new(Telling(Arc::clone(self))));
        }
    }

    fn next(&self) -> Option<Event> {
        let mut events = self.events();
        let next = events.waiting.pop_front();
        events.are_told = next.is_some();
        next
    }

    fn events(&self) -> MutexGuard<'_, Events> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells all events that wait.
struct Telling(Arc<Listener>);

impl Job for Telling {
    fn run(&self) {
        while let Some(event) = self.0.next() {
            guarded(|| (self.0.tell)(&event));
        }
    }

    /// They are told with the next event.
    fn lost(&self) {
        self.0.events().are_told = false;
    }
}

const MOST_WAITING: usize = 1000;
