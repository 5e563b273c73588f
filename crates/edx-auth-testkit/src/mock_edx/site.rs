//! Records a request and decides what it gets.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::behavior::Behavior;
use super::behavior::queue::{BehaviorQueue, ResolvedBehavior};
use super::behavior::reused_connections::ReusedConnections;
use super::behavior::routes::{Route, Routes};
use super::http::connection_info::ConnectionInfo;
use super::http::request::Request;
use super::log::RequestLog;
use super::log::in_flight::InFlight;
use super::openedx::{OpenEdx, OpenEdxConfig};

/// The state that all connections of a server share.
#[derive(Debug)]
pub(crate) struct Site {
    url: String,
    openedx: OpenEdx,
    queue: BehaviorQueue,
    reused_connections: ReusedConnections,
    routes: Routes,
    log: RequestLog,
    one_at_a_time: Mutex<()>,
    keep_alive: Duration,
}

impl Site {
    pub(crate) fn new(url: String, config: OpenEdxConfig, keep_alive: Duration) -> Self {
        Self {
            openedx: OpenEdx::new(&url, config),
            url,
            queue: BehaviorQueue::default(),
            reused_connections: ReusedConnections::default(),
            routes: Routes::default(),
            log: RequestLog::default(),
            one_at_a_time: Mutex::default(),
            keep_alive,
        }
    }

    /// Decides what a request gets, then records the request. The first of these decides: the queue
    /// of its path, the behavior of reused connections, its route, the Open edX site.
    ///
    /// The lock gives queues, limits and the log the same order of requests. A test that sees a
    /// request in the log can no longer change what that request gets.
    pub(crate) fn receive(
        &self,
        request: &Request,
        connection: ConnectionInfo,
    ) -> (ResolvedBehavior, InFlight<'_>) {
        let _guard = self
            .one_at_a_time
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let behavior = self
            .queue
            .next(request.path())
            .or(|| self.reused_connections.behavior_for(connection))
            .or(|| self.routed(request))
            .resolve(|| self.openedx.response(request, connection.address));
        let status = behavior.action.status();
        (behavior, self.log.record(request, connection, status))
    }

    fn routed(&self, request: &Request) -> Behavior {
        match self.routes.of(request) {
            Route::Open(behavior) => behavior,
            Route::Authorized(behavior) => {
                let allowed = self.routes.allowed_at(request.path());
                match self.openedx.authorize(request, &allowed) {
                    Ok(()) => behavior,
                    Err(response) => response.into(),
                }
            }
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn openedx(&self) -> &OpenEdx {
        &self.openedx
    }

    pub(crate) fn queue(&self) -> &BehaviorQueue {
        &self.queue
    }

    pub(crate) fn reused_connections(&self) -> &ReusedConnections {
        &self.reused_connections
    }

    pub(crate) fn routes(&self) -> &Routes {
        &self.routes
    }

    pub(crate) fn log(&self) -> &RequestLog {
        &self.log
    }

    pub(crate) fn keep_alive(&self) -> Duration {
        self.keep_alive
    }
}
