//! A token as it is handed to a caller.

use core::time::Duration;

use http::HeaderValue;

use super::Generation;
use crate::token::AccessToken;

/// A token that may be used now: what to send, which one it is, and for how long it may be used.
#[derive(Clone, Debug)]
pub struct LiveToken {
    pub(super) token: AccessToken,
    pub(super) generation: Generation,
    pub(super) usable_for: Duration,
}

impl LiveToken {
    /// The value of the `Authorization` header, scheme and all; cloning it copies nothing.
    #[must_use]
    pub fn authorization(&self) -> &HeaderValue {
        self.token.authorization()
    }

    /// The same, where nothing else of the token is needed: the cheapest way into a request.
    ///
    /// ```
    /// # use edx_auth_core::{AccessToken, Moment, RenewalPolicy, Jitter, Step, StoredToken};
    /// # use edx_auth_core::{TokenLifecycle, TokenType};
    /// # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// # let hour = core::time::Duration::from_secs(3600);
    /// # let now = Moment::default();
    /// # let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    /// # let _event = lifecycle.adopt(StoredToken::new(token, hour, now.wall), now, Jitter::NONE);
    /// use http::header::{AUTHORIZATION, HeaderMap};
    ///
    /// # let Step::Use(token) = lifecycle.step(now) else { panic!() };
    /// let mut headers = HeaderMap::new();
    /// headers.insert(AUTHORIZATION, token.into_authorization());
    /// assert_eq!(headers[AUTHORIZATION], "JWT a.b.c");
    /// # Ok::<(), edx_auth_core::AccessTokenError>(())
    /// ```
    #[must_use]
    pub fn into_authorization(self) -> HeaderValue {
        self.token.into_authorization()
    }

    /// The token itself.
    #[must_use]
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    /// Which token this is; name it when a server refuses it.
    #[must_use]
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// For how long from the moment of asking the token may be used: what is left of its life,
    /// less a margin for the way to the server and for clocks that differ.
    #[must_use]
    pub fn usable_for(&self) -> Duration {
        self.usable_for
    }
}
