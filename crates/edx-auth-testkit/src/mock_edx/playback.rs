use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How a queued [`Play`](super::Play) is going.
///
/// ```
/// # use std::{io::{Read, Write}, net::TcpStream};
/// use std::time::Duration;
/// use edx_auth_testkit::{MockEdx, Play};
///
/// let edx = MockEdx::start()?;
/// let playback = edx.play_next("/", Play::bytes("not HTTP"));
/// # let mut stream = TcpStream::connect(edx.address())?;
/// # stream.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
/// # stream.read_to_end(&mut Vec::new())?;
/// // .. the program under test asks for `/` ..
/// assert!(playback.ends_within(Duration::from_secs(30)));
/// assert_eq!(playback.bytes_sent(), 8);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Playback {
    shared: Arc<Shared>,
}

impl Playback {
    /// How many bytes the operating system has taken for the client so far.
    #[must_use]
    pub fn bytes_sent(&self) -> u64 {
        self.shared.lock().bytes_sent
    }

    /// Waits until the play is over, or can no longer begin because its server is gone; says
    /// whether it is so before the time is up.
    #[must_use = "the play may still be running"]
    pub fn ends_within(&self, at_most: Duration) -> bool {
        let state = self.shared.lock();
        let (state, _) = self
            .shared
            .bell
            .wait_timeout_while(state, at_most, |state| !state.has_ended)
            .unwrap_or_else(PoisonError::into_inner);
        state.has_ended
    }

    /// Lets a play begin that is [held](super::Play::held), or will be once its request has come.
    ///
    /// ```
    /// # use std::{io::{Read, Write}, net::TcpStream};
    /// use std::time::Duration;
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// let playback = edx.play_next(MockEdx::TOKEN_PATH, Play::held(Play::as_usual()));
    /// # let mut stream = TcpStream::connect(edx.address())?;
    /// # stream.write_all(b"GET /oauth2/access_token HTTP/1.0\r\n\r\n")?;
    /// // .. the program under test asks for a token in another thread ..
    /// assert!(edx.receives_within(1, Duration::from_secs(30)));
    /// // .. ten others do as well, and share the one request ..
    /// playback.release();
    /// # stream.read_to_end(&mut Vec::new())?;
    /// assert!(playback.ends_within(Duration::from_secs(30)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn release(&self) {
        self.shared.lock().is_released = true;
    }
}

/// The server's side of a [`Playback`], which ends with it.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    shared: Arc<Shared>,
}

impl Progress {
    pub(crate) fn playback(&self) -> Playback {
        Playback {
            shared: Arc::clone(&self.shared),
        }
    }

    pub(crate) fn is_released(&self) -> bool {
        self.shared.lock().is_released
    }

    pub(crate) fn count(&self, bytes: usize) {
        self.shared.lock().bytes_sent += bytes as u64;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.lock().has_ended = true;
        self.shared.bell.notify_all();
    }
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    bell: Condvar,
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct State {
    bytes_sent: u64,
    is_released: bool,
    has_ended: bool,
}

#[cfg(test)]
mod tests {
    use super::{Duration, Progress};

    #[test]
    fn a_playback_ends_with_its_progress() {
        let progress = Progress::default();
        let playback = progress.playback();

        progress.count(3);
        progress.count(4);
        assert!(!playback.ends_within(Duration::ZERO));
        drop(progress);

        assert!(playback.ends_within(Duration::ZERO));
        assert_eq!(playback.bytes_sent(), 7);
    }
}
