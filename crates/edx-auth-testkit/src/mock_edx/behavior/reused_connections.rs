use std::sync::{Mutex, PoisonError};

use super::Play;
use crate::mock_edx::http::connection_info::ConnectionInfo;

/// The behavior of every connection that is used again.
#[derive(Debug)]
pub(crate) struct ReusedConnections {
    behavior: Mutex<Play>,
}

impl ReusedConnections {
    pub(crate) fn set(&self, behavior: Play) {
        *self.behavior.lock().unwrap_or_else(PoisonError::into_inner) = behavior;
    }

    /// Returns the behavior for a request of this connection. Passes its first request through.
    pub(crate) fn behavior_for(&self, connection: ConnectionInfo) -> Play {
        if connection.is_reused() {
            self.behavior
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        } else {
            Play::as_usual()
        }
    }
}

impl Default for ReusedConnections {
    fn default() -> Self {
        Self {
            behavior: Mutex::new(Play::as_usual()),
        }
    }
}
