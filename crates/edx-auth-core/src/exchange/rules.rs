//! The rules for sending a token request.

use core::time::Duration;

/// The rules that an HTTP client must follow when it sends a token request.
///
/// Besides the limits here: **do not follow redirects** (return the 3xx as the response), return
/// responses of every status with their bodies, keep no cookies, send the request once, and do not
/// route it through third-party middleware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransportRules {
    deadline: Duration,
    https_only: bool,
}

impl TransportRules {
    pub(super) fn new(deadline: Duration, https_only: bool) -> Self {
        Self {
            deadline,
            https_only,
        }
    }

    /// Returns the time limit for the whole exchange, from the name lookup to the last byte of the
    /// body.
    #[must_use]
    pub fn deadline(self) -> Duration {
        self.deadline
    }

    /// Returns the time limit for connecting, TLS handshake included.
    #[must_use]
    pub fn connect_deadline(self) -> Duration {
        self.deadline.min(CONNECT_DEADLINE)
    }

    /// Returns how many bytes of the *decoded* body to read at most. A larger body is
    /// [`TransportFailure::TooLarge`](crate::TransportFailure::TooLarge).
    #[must_use]
    pub fn body_limit(self) -> usize {
        BODY_LIMIT
    }

    /// Reports whether the request must use https. If not, the user has allowed unencrypted http to
    /// this host: then the request must not go through a proxy.
    #[must_use]
    pub fn https_only(self) -> bool {
        self.https_only
    }
}

/// A restarted LMS takes about 12 s for its first token, and edX's gateway times out after 29 s.
pub(super) const DEADLINE: Duration = Duration::from_secs(20);

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// A token response has less than 2 KiB; one signed with RS512 and with many roles less than 16
/// KiB.
const BODY_LIMIT: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_may_have_64_kib_and_a_connection_five_seconds() {
        let rules = TransportRules::new(DEADLINE, true);

        assert_eq!(rules.body_limit(), 65_536);
        assert_eq!(rules.deadline().as_secs(), 20);
        assert_eq!(rules.connect_deadline().as_secs(), 5);
        assert!(rules.https_only());
    }
}
