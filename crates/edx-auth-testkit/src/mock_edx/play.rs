use std::time::Duration;

use super::reply::Reply;
use super::script::Script;
use super::wait::Wait;

/// What one request gets instead of the site's own answer. See
/// [`MockEdx::play_next`](super::MockEdx::play_next).
///
/// The request is read first, body and all. The connection ends with every play but
/// [`reply`](Self::reply) and [`as_usual`](Self::as_usual), in order unless the play is a
/// [`reset`](Self::reset).
#[derive(Clone, Debug)]
#[must_use = "a play does nothing until it is queued"]
pub struct Play {
    wait: Wait,
    /// `None` leaves the request to whoever would answer it without this play.
    script: Option<Script>,
}

impl Play {
    /// A whole reply, after which the connection stays open for the next request. A [`Reply`]
    /// may be played as it is.
    pub fn reply(reply: Reply) -> Self {
        Self::new(Script::Reply(reply))
    }

    /// A whole reply, and then the end that the reply did not announce: to the client the
    /// connection looks fit for another request.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// let reply = Reply::json(200, "[]");
    /// edx.play_next(MockEdx::CATALOGS_PATH, Play::reply_then_close(reply));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn reply_then_close(reply: Reply) -> Self {
        Self::new(Script::ReplyThenClose(reply))
    }

    /// What the request would get without this play: with [`after`](Self::after) a slow site, and
    /// in a queue a turn for the site itself.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// // The second request for a token fails, the first and the third do not.
    /// edx.play_next(MockEdx::TOKEN_PATH, Play::as_usual());
    /// edx.play_next(MockEdx::TOKEN_PATH, Reply::new(503));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn as_usual() -> Self {
        Self {
            wait: Wait::default(),
            script: None,
        }
    }

    /// Waits before it begins. The wait ends early when the server is dropped, and not when the
    /// client leaves.
    ///
    /// A reply of the site's own is made up before the wait: a token in it ages on its way.
    ///
    /// ```
    /// use std::time::Duration;
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// let slow = Play::after(Duration::from_secs(2), Play::as_usual());
    /// edx.play_next(MockEdx::TOKEN_PATH, slow);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn after(delay: Duration, play: impl Into<Self>) -> Self {
        play.into().waiting(Wait::lasting(delay))
    }

    /// Waits before it begins until the test [releases](super::Playback::release) it, or the server
    /// is dropped. That is for plays that are queued: of others there is no
    /// [`Playback`](super::Playback).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// let playback = edx.play_next(MockEdx::TOKEN_PATH, Play::held(Reply::new(503)));
    /// // .. while the program under test waits for a token ..
    /// playback.release();
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn held(play: impl Into<Self>) -> Self {
        play.into().waiting(Wait::FOR_RELEASE)
    }

    /// Exactly these bytes, then the end.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::TOKEN_PATH, Play::bytes("SSH-2.0-OpenSSH_9.9\r\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Script::Bytes(bytes.into()))
    }

    /// The first `after` of these bytes, then the end.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// let reply = Reply::json(200, r#"{"access_token": "abc"}"#);
    /// edx.play_next(MockEdx::TOKEN_PATH, Play::cut(reply, 80));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn cut(bytes: impl Into<Vec<u8>>, after: usize) -> Self {
        let mut bytes = bytes.into();
        bytes.truncate(after);
        Self::bytes(bytes)
    }

    /// `head` once and then `chunk` again and again, until the client closes the connection or the
    /// server is dropped. [`Playback::bytes_sent`](super::Playback::bytes_sent) tells how much got
    /// away. An empty chunk makes it a stall.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    /// let playback = edx.play_next(MockEdx::TOKEN_PATH, Play::endless(head, "[".repeat(4096)));
    /// // .. a client that reads no more than it must has closed the connection by now ..
    /// assert!(playback.bytes_sent() < 1_000_000);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn endless(head: impl Into<Vec<u8>>, chunk: impl Into<Vec<u8>>) -> Self {
        Self::new(Script::Endless {
            head: head.into(),
            chunk: chunk.into(),
        })
    }

    /// One byte at a time with a pause after each, then the end.
    ///
    /// ```
    /// use std::time::Duration;
    /// use edx_auth_testkit::{MockEdx, Play, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// let slow = Play::drip(Reply::json(200, "{}"), Duration::from_secs(1));
    /// edx.play_next(MockEdx::TOKEN_PATH, slow);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn drip(bytes: impl Into<Vec<u8>>, every: Duration) -> Self {
        Self::new(Script::Drip {
            bytes: bytes.into(),
            every,
        })
    }

    /// Not a byte, until the client closes the connection or the server is dropped.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::TOKEN_PATH, Play::stall());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn stall() -> Self {
        Self::new(Script::Stall)
    }

    /// Not a byte, and the end at once.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::TOKEN_PATH, Play::close());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn close() -> Self {
        Self::bytes("")
    }

    /// Not a byte, and the end at once by a TCP reset: the client reads "connection reset by peer".
    ///
    /// The socket is dropped with the last byte of the request still in it, which Linux and Windows
    /// answer with a reset. Elsewhere this may be the same as [`close`](Self::close).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::CATALOGS_PATH, Play::reset());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn reset() -> Self {
        Self::new(Script::Reset)
    }

    pub(crate) fn or(self, others: impl FnOnce() -> Self) -> Self {
        match self.script {
            Some(_) => self,
            None => others().waiting(self.wait),
        }
    }

    pub(crate) fn wait(&self) -> Wait {
        self.wait
    }

    pub(crate) fn into_script_or(self, reply: impl FnOnce() -> Reply) -> Script {
        self.script.unwrap_or_else(|| Script::Reply(reply()))
    }

    fn new(script: Script) -> Self {
        Self {
            wait: Wait::default(),
            script: Some(script),
        }
    }

    fn waiting(self, wait: Wait) -> Self {
        Self {
            wait: self.wait.and(wait),
            ..self
        }
    }
}

impl From<Reply> for Play {
    fn from(reply: Reply) -> Self {
        Self::reply(reply)
    }
}
