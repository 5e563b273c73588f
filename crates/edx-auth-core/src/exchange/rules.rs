//! The contract with whoever carries an exchange.

use core::time::Duration;

/// What a transport has to obey while it carries a token exchange.
///
/// Besides the numbers here, for every exchange: **follow no redirect** (hand the 3xx back as the
/// reply), hand back replies of every status with their bodies, keep no cookies, send the request
/// once, and send it through no middleware of somebody else's.
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

    /// The time for the whole exchange, from the first look-up of a name to the last byte of the
    /// body, whatever trickles in meanwhile.
    #[must_use]
    pub fn deadline(self) -> Duration {
        self.deadline
    }

    /// The time in which a connection, TLS included, has to stand.
    #[must_use]
    pub fn connect_deadline(self) -> Duration {
        self.deadline.min(CONNECT_DEADLINE)
    }

    /// How many bytes of a *decoded* body are read at most; one more is
    /// [`TransportFailure::TooLarge`](crate::TransportFailure::TooLarge).
    #[must_use]
    pub fn body_limit(self) -> usize {
        BODY_LIMIT
    }

    /// Whether nothing but https will do. Where it does not hold, the endpoint is plain http by
    /// its user's own choice: then no proxy may see the request either.
    #[must_use]
    pub fn https_only(self) -> bool {
        self.https_only
    }
}

/// A restarted LMS needs some 12 s for its first token, and edX's gateway gives up after 29 s.
pub(super) const DEADLINE: Duration = Duration::from_secs(20);

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// A token reply is below 2 KiB, one signed with RS512 and full of roles below 16.
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
