//! The right, and the duty, to ask for a token.

use super::{Moment, RenewalReason};

/// One caller's election to ask for a token. It moves, is never copied, and ends by
/// [`settle`](super::TokenLifecycle::settle) or [`abandon`](super::TokenLifecycle::abandon).
///
/// It has a lease: when that runs out, somebody else is elected, so that a caller who vanished
/// stops nobody.
#[derive(Debug)]
#[must_use = "everybody waits for this attempt until its lease is over: settle or abandon it"]
pub struct Attempt {
    pub(super) number: u64,
    pub(super) credentials: u64,
    pub(super) reason: RenewalReason,
    pub(super) born: Moment,
}

impl Attempt {
    /// Why a token is asked for.
    #[must_use]
    pub fn reason(&self) -> RenewalReason {
        self.reason
    }

    /// Whether this one was elected after the other, which counts no longer then: where attempts are
    /// handed on, they may arrive in another order than they were elected in.
    #[must_use]
    pub fn is_newer_than(&self, other: &Self) -> bool {
        self.number > other.number
    }

    /// Whether no credentials were changed between the elections of the two: a request that was put
    /// together for the other one will do for this one then.
    #[must_use]
    pub fn has_credentials_of(&self, other: &Self) -> bool {
        self.credentials == other.credentials
    }
}
