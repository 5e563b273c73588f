use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::answering::{Answering, Concurrency};
use super::arrival::Arrival;
use super::received_request::{Entry, ReceivedRequest};
use super::request::Request;

/// All requests of a server.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    received: Mutex<Vec<ReceivedRequest>>,
    bell: Condvar,
    concurrency: Concurrency,
}

impl RequestLog {
    /// Notes a request, which is being answered from here on.
    pub(crate) fn note(&self, request: &Request, arrival: Arrival) -> Answering<'_> {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let (answering, concurrent) = self.concurrency.begin();
        let entry = Entry {
            order: received.len() + 1,
            connection: arrival.connection,
            concurrent,
        };
        received.push(ReceivedRequest::of(request, entry));
        self.bell.notify_all();
        answering
    }

    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.clone()
    }

    /// Waits for so many requests in all; says whether they are there.
    pub(crate) fn has_within(&self, count: usize, at_most: Duration) -> bool {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let (received, _) = self
            .bell
            .wait_timeout_while(received, at_most, |received| received.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        received.len() >= count
    }

    pub(crate) fn count(&self, matches: impl Fn(&ReceivedRequest) -> bool) -> usize {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.iter().filter(|request| matches(request)).count()
    }
}
