//! The token that a caller gets.

use core::time::Duration;

use http::HeaderValue;

use super::Generation;
use crate::token::AccessToken;

/// A token that may be used now: the header value to send, its number, and how long it may be used.
#[derive(Clone, Debug)]
pub struct LiveToken {
    pub(crate) token: AccessToken,
    pub(crate) generation: Generation,
    pub(crate) usable_for: Duration,
}

impl LiveToken {
    /// Returns the value of the `Authorization` header, scheme included. Cloning it copies nothing.
    #[must_use]
    pub fn authorization(&self) -> &HeaderValue {
        self.token.authorization()
    }

    /// Consumes the token and returns the value of the `Authorization` header: the cheapest way
    /// into a request.
    ///
    /// ```
    /// # use edx_auth_core::{AccessToken, Acquire, Moment, Need, TokenAgent, TokenType};
    /// # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// # let (mut agent, now) = (TokenAgent::fixed(token), Moment::default());
    /// # let step = agent.acquire(Need::any(), &agent.wait_budget(now), now);
    /// use http::header::{AUTHORIZATION, HeaderMap};
    ///
    /// # let Acquire::Ready(token) = step else { panic!() };
    /// let mut headers = HeaderMap::new();
    /// headers.insert(AUTHORIZATION, token.into_authorization());
    /// assert_eq!(headers[AUTHORIZATION], "JWT a.b.c");
    /// # Ok::<(), edx_auth_core::AccessTokenError>(())
    /// ```
    #[must_use]
    pub fn into_authorization(self) -> HeaderValue {
        self.token.into_authorization()
    }

    /// Returns the token itself.
    #[must_use]
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    /// Returns the number of this token, which tells an agent that an API rejected this one.
    #[must_use]
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Returns how long the token may be used from the moment it was handed out: the rest of its
    /// lifetime, less a margin for network latency and clock skew.
    #[must_use]
    pub fn usable_for(&self) -> Duration {
        self.usable_for
    }
}
