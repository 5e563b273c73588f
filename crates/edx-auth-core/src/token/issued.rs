//! The result of a token exchange.

use core::time::Duration;

use super::{AccessToken, Scope};

/// A token that was just issued, with its lifetime and its scope.
///
/// Count the lifetime from the moment when the *request* was sent: that is never later than the
/// moment from which the server counts.
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

    /// Returns the token.
    #[must_use]
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    /// Consumes the result and returns the token.
    #[must_use]
    pub fn into_token(self) -> AccessToken {
        self.token
    }

    /// Returns the lifetime of the token: the shorter of the response's `expires_in` and the JWT's
    /// `exp - iat`, less one second because `iat` is rounded down, and at most a year.
    #[doc(alias = "expires_in")]
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Returns the scope of the token, if the response contains it.
    #[must_use]
    pub fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }
}
