use std::sync::{Mutex, PoisonError};

use super::received_request::ReceivedRequest;
use super::request::Request;

/// All requests of a server.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    received: Mutex<Vec<ReceivedRequest>>,
}

impl RequestLog {
    pub(crate) fn note(&self, request: &Request) {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let order = received.len() + 1;
        received.push(ReceivedRequest::of(request, order));
    }

    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.clone()
    }

    pub(crate) fn count(&self, matches: impl Fn(&ReceivedRequest) -> bool) -> usize {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.iter().filter(|request| matches(request)).count()
    }
}
