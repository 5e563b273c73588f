use std::sync::{Mutex, PoisonError};

use super::Behavior;
use crate::mock_edx::http::connection_info::ConnectionInfo;

/// The behavior for all requests of a connection but its first.
#[derive(Debug)]
pub(crate) struct ReusedConnections {
    behavior: Mutex<Behavior>,
}

impl ReusedConnections {
    pub(crate) fn set(&self, behavior: Behavior) {
        *self.behavior.lock().unwrap_or_else(PoisonError::into_inner) = behavior;
    }

    /// Returns the behavior for a request of this connection. Passes its first request through.
    pub(crate) fn behavior_for(&self, connection: ConnectionInfo) -> Behavior {
        if connection.is_reused() {
            self.behavior
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        } else {
            Behavior::pass_through()
        }
    }
}

impl Default for ReusedConnections {
    fn default() -> Self {
        Self {
            behavior: Mutex::new(Behavior::pass_through()),
        }
    }
}
