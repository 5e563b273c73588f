use std::fmt;
use std::time::Duration;

use super::reply::Reply;

/// What one request gets instead of the site's own answer. See
/// [`MockEdx::play_next`](super::MockEdx::play_next).
///
/// The request is read first, body and all. The connection ends with every play but
/// [`reply`](Self::reply), in order and not by a reset.
#[derive(Clone, Debug)]
#[must_use = "a play does nothing until it is queued"]
pub struct Play {
    script: Script,
}

/// What is done on the connection.
#[derive(Clone)]
pub(crate) enum Script {
    Reply(Reply),
    Bytes(Vec<u8>),
    Endless { head: Vec<u8>, chunk: Vec<u8> },
    Drip { bytes: Vec<u8>, every: Duration },
    Stall,
}

impl Play {
    /// A whole reply, after which the connection stays open for the next request. A [`Reply`]
    /// may be played as it is.
    pub fn reply(reply: Reply) -> Self {
        Self::new(Script::Reply(reply))
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

    pub(crate) fn into_script(self) -> Script {
        self.script
    }

    fn new(script: Script) -> Self {
        Self { script }
    }
}

/// Shows what kind of play it is and none of its bytes: a test may have put a token there.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reply(_) => "Reply",
            Self::Bytes(_) => "Bytes",
            Self::Endless { .. } => "Endless",
            Self::Drip { .. } => "Drip",
            Self::Stall => "Stall",
        })
    }
}

impl From<Reply> for Play {
    fn from(reply: Reply) -> Self {
        Self::reply(reply)
    }
}
