//! The requests that the server has received, without their secrets.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

mod body_text;
pub(crate) mod fingerprint;
pub(crate) mod in_flight;
pub(crate) mod received_request;
mod redaction;

use super::http::connection_info::ConnectionInfo;
use super::http::request::Request;
use in_flight::{InFlight, InFlightCount};
use received_request::{Entry, ReceivedRequest};

/// All requests of a server, oldest first.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    received: Mutex<Vec<ReceivedRequest>>,
    changed: Condvar,
    in_flight: InFlightCount,
}

impl RequestLog {
    /// Adds a request, with the status of its response if it gets one. It counts as in flight until the
    /// returned guard is dropped.
    pub(crate) fn record(
        &self,
        request: &Request,
        connection: ConnectionInfo,
        status: Option<u16>,
    ) -> InFlight<'_> {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let (in_flight, concurrent) = self.in_flight.begin();
        let entry = Entry {
            order: received.len() + 1,
            status,
            connection: connection.connection,
            concurrent,
        };
        received.push(ReceivedRequest::of(request, entry));
        self.changed.notify_all();
        in_flight
    }

    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.clone()
    }

    /// Waits at most `at_most` for `count` requests in total. Returns whether they have arrived.
    pub(crate) fn wait_for(&self, count: usize, at_most: Duration) -> bool {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let (received, _) = self
            .changed
            .wait_timeout_while(received, at_most, |received| received.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        received.len() >= count
    }

    pub(crate) fn count(&self, matches: impl Fn(&ReceivedRequest) -> bool) -> usize {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.iter().filter(|request| matches(request)).count()
    }
}
