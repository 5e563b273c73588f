//! A token as it comes out of an exchange, before anybody keeps it.

use core::time::Duration;

use super::{AccessToken, Scope};

/// A token that was just issued, and how long it lives.
///
/// The life counts from the moment when the *request* left, so measure from there: that is never
/// later than the moment when the server began to count.
#[derive(Clone, Debug)]
#[must_use = "a token was issued and counted against the site's limit: keep it"]
pub struct IssuedToken {
    token: AccessToken,
    lifetime: Duration,
    scope: Option<Scope>,
}

impl IssuedToken {
    pub(crate) fn new(token: AccessToken, lifetime: Duration, scope: Option<Scope>) -> Self {
        Self {
            token,
            lifetime,
            scope,
        }
    }

    /// The token to send.
    #[must_use]
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    /// The token to send, without what else is known of it.
    #[must_use]
    pub fn into_token(self) -> AccessToken {
        self.token
    }

    /// For how long the token lives: the shorter of the reply's `expires_in` and the JWT's own
    /// `exp - iat`, less the second that `iat` may have been rounded down, and at most a year.
    #[doc(alias = "expires_in")]
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// What the token may do, where the reply says so.
    #[must_use]
    pub fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }
}
