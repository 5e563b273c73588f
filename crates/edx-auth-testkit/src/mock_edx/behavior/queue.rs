use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::{Action, Behavior, Delay};
use crate::mock_edx::http::response::MockResponse;

/// The queued behaviors, by path.
#[derive(Debug, Default)]
pub(crate) struct BehaviorQueue {
    by_path: Mutex<HashMap<String, VecDeque<QueuedBehavior>>>,
}

impl BehaviorQueue {
    /// Appends a behavior to the queue of this path.
    pub(crate) fn add(&self, path: String, behavior: Behavior) -> BehaviorHandle {
        let queued = QueuedBehavior::new(behavior);
        let handle = queued.progress.handle();
        let mut by_path = self.by_path.lock().unwrap_or_else(PoisonError::into_inner);
        by_path.entry(path).or_default().push_back(queued);
        handle
    }

    /// Takes the next behavior of this path. Returns one that passes the request through if the
    /// queue is empty.
    pub(crate) fn next(&self, path: &str) -> QueuedBehavior {
        self.take(path)
            .unwrap_or_else(|| QueuedBehavior::new(Behavior::pass_through()))
    }

    fn take(&self, path: &str) -> Option<QueuedBehavior> {
        let mut by_path = self.by_path.lock().unwrap_or_else(PoisonError::into_inner);
        by_path.get_mut(path)?.pop_front()
    }
}

/// A behavior that waits for its request.
#[derive(Debug)]
pub(crate) struct QueuedBehavior {
    behavior: Behavior,
    progress: Progress,
}

impl QueuedBehavior {
    fn new(behavior: Behavior) -> Self {
        Self {
            behavior,
            progress: Progress::default(),
        }
    }

    /// Continues with `next` if this behavior passes the request through.
    pub(crate) fn or(self, next: impl FnOnce() -> Behavior) -> Self {
        Self {
            behavior: self.behavior.or(next),
            ..self
        }
    }

    /// Decides what the request gets: this behavior, or the site's `response` if it passes the request
    /// through.
    pub(crate) fn resolve(self, response: impl FnOnce() -> MockResponse) -> ResolvedBehavior {
        ResolvedBehavior {
            delay: self.behavior.delay(),
            action: self.behavior.into_action_or(response),
            progress: self.progress,
        }
    }
}

/// What one request gets. All decisions are made.
#[derive(Debug)]
pub(crate) struct ResolvedBehavior {
    pub(crate) delay: Delay,
    pub(crate) action: Action,
    pub(crate) progress: Progress,
}

/// A handle to a queued [`Behavior`]: reports its progress and releases it.
///
/// ```
/// # use std::{io::{Read, Write}, net::TcpStream};
/// use std::time::Duration;
/// use edx_auth_testkit::{MockEdx, Behavior};
///
/// let edx = MockEdx::start()?;
/// let handle = edx.next_request("/", Behavior::bytes("not HTTP"));
/// # let mut stream = TcpStream::connect(edx.address())?;
/// # stream.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
/// # stream.read_to_end(&mut Vec::new())?;
/// // .. the program under test asks for `/` ..
/// assert!(handle.ends_within(Duration::from_secs(30)));
/// assert_eq!(handle.bytes_sent(), 8);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct BehaviorHandle {
    shared: Arc<Shared>,
}

impl BehaviorHandle {
    /// Returns the number of bytes that the operating system has accepted for the client so far.
    #[must_use]
    pub fn bytes_sent(&self) -> u64 {
        self.shared.lock().bytes_sent
    }

    /// Waits at most `at_most` until the behavior has ended. Returns whether it has.
    ///
    /// A behavior that has not started ends when its server is dropped.
    #[must_use = "the behavior may still be running"]
    pub fn ends_within(&self, at_most: Duration) -> bool {
        let state = self.shared.lock();
        let (state, _) = self
            .shared
            .changed
            .wait_timeout_while(state, at_most, |state| !state.has_ended)
            .unwrap_or_else(PoisonError::into_inner);
        state.has_ended
    }

    /// Releases a behavior that [waits for it](Behavior::until_released). The request may come
    /// before or after this call.
    ///
    /// ```
    /// # use std::{io::{Read, Write}, net::TcpStream};
    /// use std::time::Duration;
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// let response = Behavior::until_released(Behavior::pass_through());
    /// let handle = edx.next_request(MockEdx::TOKEN_PATH, response);
    /// # let mut stream = TcpStream::connect(edx.address())?;
    /// # stream.write_all(b"GET /oauth2/access_token HTTP/1.0\r\n\r\n")?;
    /// // .. the program under test asks for a token in another thread ..
    /// assert!(edx.wait_for_requests(1, Duration::from_secs(30)));
    /// // .. ten other threads do the same, and share the one request ..
    /// handle.release();
    /// # stream.read_to_end(&mut Vec::new())?;
    /// assert!(handle.ends_within(Duration::from_secs(30)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn release(&self) {
        self.shared.lock().is_released = true;
    }
}

/// The server's side of a [`BehaviorHandle`]. Dropping it ends the behavior.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    shared: Arc<Shared>,
}

impl Progress {
    fn handle(&self) -> BehaviorHandle {
        BehaviorHandle {
            shared: Arc::clone(&self.shared),
        }
    }

    pub(crate) fn is_released(&self) -> bool {
        self.shared.lock().is_released
    }

    /// Adds to the number of bytes sent.
    pub(crate) fn count(&self, bytes: usize) {
        self.shared.lock().bytes_sent += bytes as u64;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.lock().has_ended = true;
        self.shared.changed.notify_all();
    }
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
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
    fn a_behavior_ends_with_its_progress() {
        let progress = Progress::default();
        let handle = progress.handle();

        progress.count(3);
        progress.count(4);
        assert!(!handle.ends_within(Duration::ZERO));
        drop(progress);

        assert!(handle.ends_within(Duration::ZERO));
        assert_eq!(handle.bytes_sent(), 7);
    }
}
