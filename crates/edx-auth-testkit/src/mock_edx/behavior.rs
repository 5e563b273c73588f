//! What one request gets instead of the site's own response.

use std::fmt;
use std::time::Duration;

use super::http::response::MockResponse;

pub(crate) mod queue;
pub(crate) mod reused_connections;
pub(crate) mod routes;

/// The behavior of the server for one request, in place of the site's own response. See
/// [`MockEdx::next_request`](crate::MockEdx::next_request).
///
/// The server reads the whole request first. It keeps the connection open after
/// [`respond`](Self::respond), unless the request or the response says `Connection: close`; after
/// [`pass_through`](Self::pass_through) it does what the next behavior does; it resets the connection after
/// [`reset`](Self::reset), and closes it after everything else.
#[derive(Clone, Debug)]
#[must_use = "a behavior does nothing until a request gets it"]
pub struct Behavior {
    delay: Delay,
    /// `None` passes the request through to the next source of a response.
    action: Option<Action>,
}

impl Behavior {
    /// Sends a whole response and keeps the connection open for the next request. A [`MockResponse`]
    /// converts into this behavior.
    pub fn respond(response: MockResponse) -> Self {
        Self::new(Action::Respond(response))
    }

    /// Sends a whole response and closes the connection without `Connection: close`. To the client
    /// the connection looks reusable.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// let response = MockResponse::json(200, "[]");
    /// edx.next_request(MockEdx::CATALOGS_PATH, Behavior::respond_then_close(response));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn respond_then_close(response: MockResponse) -> Self {
        Self::new(Action::RespondThenClose(response))
    }

    /// Passes the request through: it gets what it would get without this behavior. Combine it
    /// with [`after`](Self::after) for a slow site, or queue it to let one request pass.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// // The second request for a token fails, the first and the third do not.
    /// edx.next_request(MockEdx::TOKEN_PATH, Behavior::pass_through());
    /// edx.next_request(MockEdx::TOKEN_PATH, MockResponse::new(503));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn pass_through() -> Self {
        Self {
            delay: Delay::default(),
            action: None,
        }
    }

    /// Waits for `delay`, then executes the behavior. The wait ends early if the server is dropped, but
    /// not if the client disconnects.
    ///
    /// The site creates its own response before the wait, so a token in it ages during the wait.
    ///
    /// ```
    /// use std::time::Duration;
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// let slow = Behavior::after(Duration::from_secs(2), Behavior::pass_through());
    /// edx.next_request(MockEdx::TOKEN_PATH, slow);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn after(delay: Duration, behavior: impl Into<Self>) -> Self {
        behavior.into().delayed_by(Delay::lasting(delay))
    }

    /// Waits until the test [releases](crate::BehaviorHandle::release) it, then executes the behavior.
    /// The wait ends early if the server is dropped. Use it only for queued behaviors: others have no
    /// [`BehaviorHandle`](crate::BehaviorHandle).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// let outage = Behavior::until_released(MockResponse::new(503));
    /// let handle = edx.next_request(MockEdx::TOKEN_PATH, outage);
    /// // .. while the program under test waits for a token ..
    /// handle.release();
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn until_released(behavior: impl Into<Self>) -> Self {
        behavior.into().delayed_by(Delay::UNTIL_RELEASED)
    }

    /// Sends exactly these bytes and closes the connection.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::TOKEN_PATH, Behavior::bytes("SSH-2.0-OpenSSH_9.9\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Action::Bytes(bytes.into()))
    }

    /// Sends the first `after` of these bytes and closes the connection.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// let response = MockResponse::json(200, r#"{"access_token": "abc"}"#);
    /// edx.next_request(MockEdx::TOKEN_PATH, Behavior::cut(response, 80));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn cut(bytes: impl Into<Vec<u8>>, after: usize) -> Self {
        let mut bytes = bytes.into();
        bytes.truncate(after);
        Self::bytes(bytes)
    }

    /// Sends `head` once and then `chunk` repeatedly, until the client closes the connection or the
    /// server is dropped. [`BehaviorHandle::bytes_sent`](crate::BehaviorHandle::bytes_sent) returns
    /// the number of bytes sent. With an empty chunk it stalls after the head.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    /// let endless = Behavior::endless(head, "[".repeat(4096));
    /// let handle = edx.next_request(MockEdx::TOKEN_PATH, endless);
    /// // .. a client that limits the body has closed the connection by now ..
    /// assert!(handle.bytes_sent() < 1_000_000);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn endless(head: impl Into<Vec<u8>>, chunk: impl Into<Vec<u8>>) -> Self {
        Self::new(Action::Endless {
            head: head.into(),
            chunk: chunk.into(),
        })
    }

    /// Sends these bytes one at a time, the head of a response too, with a pause after each. Then closes the
    /// connection.
    ///
    /// ```
    /// use std::time::Duration;
    /// use edx_auth_testkit::{MockEdx, Behavior, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// let slow = Behavior::slow_body(MockResponse::json(200, "{}"), Duration::from_secs(1));
    /// edx.next_request(MockEdx::TOKEN_PATH, slow);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn slow_body(bytes: impl Into<Vec<u8>>, every: Duration) -> Self {
        Self::new(Action::SlowBytes {
            bytes: bytes.into(),
            every,
        })
    }

    /// Sends nothing until the client closes the connection or the server is dropped.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::TOKEN_PATH, Behavior::stall());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn stall() -> Self {
        Self::new(Action::Stall)
    }

    /// Closes the connection without sending a byte.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::TOKEN_PATH, Behavior::close());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn close() -> Self {
        Self::bytes("")
    }

    /// Resets the connection without sending a byte: the client reads "connection reset by peer".
    ///
    /// The server drops the socket with the last byte of the request unread, so Linux and Windows
    /// send a TCP reset. On other systems this may be the same as [`close`](Self::close).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::CATALOGS_PATH, Behavior::reset());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn reset() -> Self {
        Self::new(Action::Reset)
    }

    /// Returns this behavior or, if it passes the request through, `next` with the delay of this behavior
    /// added.
    pub(crate) fn or(self, next: impl FnOnce() -> Self) -> Self {
        match self.action {
            Some(_) => self,
            None => next().delayed_by(self.delay),
        }
    }

    pub(crate) fn delay(&self) -> Delay {
        self.delay
    }

    /// Returns the action; if this behavior passes the request through, it is to send the site's `response`.
    pub(crate) fn into_action_or(self, response: impl FnOnce() -> MockResponse) -> Action {
        self.action.unwrap_or_else(|| Action::Respond(response()))
    }

    fn new(action: Action) -> Self {
        Self {
            delay: Delay::default(),
            action: Some(action),
        }
    }

    fn delayed_by(self, delay: Delay) -> Self {
        Self {
            delay: self.delay.and(delay),
            ..self
        }
    }
}

impl From<MockResponse> for Behavior {
    fn from(response: MockResponse) -> Self {
        Self::respond(response)
    }
}

/// What the server does on a connection for one request.
#[derive(Clone)]
pub(crate) enum Action {
    Respond(MockResponse),
    RespondThenClose(MockResponse),
    Bytes(Vec<u8>),
    Endless { head: Vec<u8>, chunk: Vec<u8> },
    SlowBytes { bytes: Vec<u8>, every: Duration },
    Stall,
    Reset,
}

impl Action {
    /// Returns the status of the response, if this is one.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Respond(response) | Self::RespondThenClose(response) => Some(response.status()),
            _ => None,
        }
    }
}

/// Shows the kind of action and none of its bytes: a test may have put a token there.
impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Respond(_) => "Respond",
            Self::RespondThenClose(_) => "RespondThenClose",
            Self::Bytes(_) => "Bytes",
            Self::Endless { .. } => "Endless",
            Self::SlowBytes { .. } => "SlowBytes",
            Self::Stall => "Stall",
            Self::Reset => "Reset",
        })
    }
}

/// What the server waits for before the action.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Delay {
    pub(crate) until_released: bool,
    pub(crate) then_for: Duration,
}

impl Delay {
    const UNTIL_RELEASED: Self = Self {
        until_released: true,
        then_for: Duration::ZERO,
    };

    fn lasting(then_for: Duration) -> Self {
        Self {
            until_released: false,
            then_for,
        }
    }

    /// Combines both: waits for a release if one of them does, then for the sum of their times.
    fn and(self, other: Self) -> Self {
        Self {
            until_released: self.until_released || other.until_released,
            then_for: self.then_for.saturating_add(other.then_for),
        }
    }
}
