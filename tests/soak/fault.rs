//! The faults, and what each explains.

use std::time::Duration;

use edx_auth_testkit::{Behavior, ClockOffset, MockEdx, MockResponse};
use edx_auth_tests::clients::Called;

use crate::caller::Caller;

/// A kind of fault.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The site resets the connection of a call.
    Reset,
    /// A call gets 503.
    Unavailable,
    /// A call gets 429 with `Retry-After`.
    Throttled,
    /// A call gets 401.
    Rejected,
    /// A call gets its response late.
    Slow,
    /// A client gets another secret, and no earlier token is valid.
    Rotated,
    /// The clock of the site is set back, so that every token was issued in the future.
    SetBack,
    /// The token endpoint is down when no earlier token is valid.
    NoTokens,
}

impl Fault {
    /// All faults, in their order in a round. After `SetBack` the site may issue an earlier token once more,
    /// so its key changes next.
    pub(crate) const ALL: [Self; 8] = [
        Self::Reset,
        Self::Unavailable,
        Self::Throttled,
        Self::Rejected,
        Self::Slow,
        Self::Rotated,
        Self::SetBack,
        Self::NoTokens,
    ];

    /// Lets this happen to a call or to the client of this caller.
    pub(crate) fn happen(self, edx: &MockEdx, caller: &Caller) {
        match self {
            Self::Reset => next_call(edx, caller, Behavior::reset()),
            Self::Unavailable => next_call(edx, caller, MockResponse::new(503)),
            Self::Throttled => next_call(edx, caller, MockResponse::throttled(1)),
            Self::Rejected => next_call(edx, caller, MockResponse::invalid_token()),
            Self::Slow => next_call(edx, caller, Behavior::after(LATE, Behavior::pass_through())),
            Self::Rotated => {
                // The program knows the secret first.
                edx.set_secret(caller.client_id(), &caller.rotate());
                edx.rotate_signing_key();
            }
            Self::SetBack => edx.set_clock_offset(ClockOffset::Behind(Duration::from_secs(5))),
            Self::NoTokens => {
                edx.next_request(MockEdx::TOKEN_PATH, MockResponse::new(503));
                edx.rotate_signing_key();
            }
        }
    }

    /// Ends the fault, if it does not end with one request.
    pub(crate) fn end(self, edx: &MockEdx) {
        if let Self::SetBack = self {
            edx.set_clock_offset(ClockOffset::NONE);
        }
    }

    /// Reports whether a call that is not retried may end like this, which is no success.
    pub(crate) fn explains(self, called: &Called) -> bool {
        match (self, called) {
            (Self::Reset, Err(failure)) => failure.is_retryable,
            (Self::Unavailable, Ok(response)) => response.status == 503,
            (Self::Throttled, Ok(response)) => response.status == 429,
            _ => false,
        }
    }

    /// Returns how many token requests all callers may send for it.
    pub(crate) fn token_requests(self, callers: usize) -> usize {
        match self {
            Self::Reset | Self::Unavailable | Self::Throttled | Self::Slow => 0,
            Self::Rejected => 1,
            // Both clients of the other secret send the old one first.
            Self::Rotated => callers + 2,
            Self::SetBack => callers,
            Self::NoTokens => callers + 1,
        }
    }
}

fn next_call(edx: &MockEdx, caller: &Caller, behavior: impl Into<Behavior>) {
    edx.next_request(caller.path(0), behavior);
}

const LATE: Duration = Duration::from_millis(500);
