//! What a driver tells its transport, and what the transport tells it.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use edx_auth_core::{ApiUrl, PageWalk, TransportFailure, TransportRules};
use http::{Response, StatusCode};

/// The rules of one sending. Besides these, always: follow no redirect, hand back every status with
/// its body, keep no cookies, send once, and let no proxy see what goes over plain http.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// From the look-up of the name to the last byte, whatever trickles in meanwhile.
    pub(crate) deadline: Duration,
    pub(crate) connect_deadline: Duration,
    /// In bytes, decoded.
    pub(crate) body_limit: usize,
    pub(crate) https_only: bool,
}

impl Terms {
    /// Those of an API call: its own deadline, and room for a page of a list.
    pub(crate) fn of_call(url: &ApiUrl, deadline: Duration) -> Self {
        Self {
            deadline,
            connect_deadline: deadline.min(CONNECT_DEADLINE),
            body_limit: PageWalk::BODY_LIMIT,
            https_only: url.is_https(),
        }
    }
}

impl From<TransportRules> for Terms {
    fn from(rules: TransportRules) -> Self {
        Self {
            deadline: rules.deadline(),
            connect_deadline: rules.connect_deadline(),
            body_limit: rules.body_limit(),
            https_only: rules.https_only(),
        }
    }
}

/// What comes of one sending.
pub(crate) type Reply = Result<Response<Vec<u8>>, Fault>;

/// Why there is no complete reply; beneath it, what the HTTP stack said.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) failure: TransportFailure,
    pub(crate) cause: Option<io::Error>,
    /// Where at least that came, before it broke off.
    pub(crate) status: Option<StatusCode>,
}

impl Fault {
    /// With what the stack said: it must not quote the request.
    pub(crate) fn of(
        failure: TransportFailure,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            failure,
            cause: Some(io::Error::other(cause)),
            status: None,
        }
    }

    pub(crate) fn after(self, status: Option<StatusCode>) -> Self {
        Self { status, ..self }
    }
}

impl From<TransportFailure> for Fault {
    fn from(failure: TransportFailure) -> Self {
        Self {
            failure,
            cause: None,
            status: None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// What the program calls itself: sites look for who it was when something goes wrong.
pub(crate) const NAME: &str = "edx-auth-example";

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
