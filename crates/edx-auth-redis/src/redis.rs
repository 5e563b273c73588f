//! Redis, as far as it responds.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::circuit::Circuit;
use crate::command::Command;
use crate::connection::Connection;
use crate::keys::Keys;
use crate::response::Response;
use crate::server::Server;
use crate::{RedisError, RedisSetupError};

/// A server, and whether it responded last time. It has no connection between two commands: hours may pass.
#[derive(Clone)]
pub(crate) struct Redis {
    server: Arc<Server>,
    circuit: Arc<Circuit>,
    timeout: Duration,
}

impl Redis {
    pub(crate) fn at(url: &str) -> Result<Self, RedisSetupError> {
        Ok(Self {
            server: Arc::new(Server::at(url)?),
            circuit: Arc::default(),
            timeout: TIMEOUT,
        })
    }

    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Runs a script, which no other command interrupts, unless Redis rests.
    pub(crate) fn run(
        &self,
        script: &str,
        keys: &Keys,
        arguments: &[&[u8]],
    ) -> Result<Response, RedisError> {
        self.circuit.check(Instant::now())?;
        self.run_now(script, keys, arguments)
    }

    /// Runs a script even if Redis rests: other processes wait for it.
    pub(crate) fn run_now(
        &self,
        script: &str,
        keys: &Keys,
        arguments: &[&[u8]],
    ) -> Result<Response, RedisError> {
        let command = Command::run(script, &[&keys.token, &keys.claim], arguments);
        let connection = Connection::open(&self.server, self.timeout);
        let response = connection.and_then(|mut connection| connection.run(&command));
        self.circuit.record(&response, Instant::now());
        response
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.server.fmt(f)
    }
}

/// How long Redis may take to connect, and then to respond.
const TIMEOUT: Duration = Duration::from_millis(200);
