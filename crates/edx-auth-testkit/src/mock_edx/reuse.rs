use std::sync::{Mutex, PoisonError};

use super::arrival::Arrival;
use super::play::Play;

/// What becomes of a connection that is used again.
#[derive(Debug)]
pub(crate) struct Reuse {
    play: Mutex<Play>,
}

impl Reuse {
    pub(crate) fn set(&self, play: Play) {
        *self.play.lock().unwrap_or_else(PoisonError::into_inner) = play;
    }

    /// The first request of a connection is none of its concern.
    pub(crate) fn play_for(&self, arrival: Arrival) -> Play {
        if arrival.reuses_its_connection() {
            self.play
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        } else {
            Play::as_usual()
        }
    }
}

impl Default for Reuse {
    fn default() -> Self {
        Self {
            play: Mutex::new(Play::as_usual()),
        }
    }
}
