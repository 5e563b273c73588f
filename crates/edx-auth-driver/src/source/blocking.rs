//! A token source whose callers block while they wait.

use std::time::Duration;

use edx_auth_core::{ApiCall, Generation, LiveToken, Need};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::TokenSource;
use crate::Error;
use crate::action::{CallAction, next_action};
use crate::engine::{Progress, acquire, newer};

/// The kind of a [`TokenSource`] whose callers block their thread while they wait.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no values")]
pub enum Blocking {}

impl<S> TokenSource<Blocking, S> {
    /// Returns a usable token. Waits at most the [token
    /// timeout](super::TokenSourceBuilder::token_timeout) if there is none.
    ///
    /// # Errors
    /// Returns an error if there is no token: [`Error::advice`] says what to do, and
    /// [`Error::retry_after`] when to try again. After a permanent failure, or if the backoff
    /// outlasts the timeout, it returns the error at once. Callers that waited together get the same error.
    pub fn token(&self) -> Result<LiveToken, Error> {
        self.acquire(Need::any(), None)
    }

    /// Like [`token`](Self::token), but waits at most `timeout`. With `Duration::ZERO` it returns a
    /// cached token or an error without waiting; a token request it started continues in the
    /// background.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub fn token_within(&self, timeout: Duration) -> Result<LiveToken, Error> {
        self.acquire(Need::any(), Some(timeout))
    }

    /// Like [`token`](Self::token), but returns a token that may be used for at least `validity`. A longer
    /// `validity` than a source can promise counts as the longest that it can: 570 s of a token of one hour,
    /// by default.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, Error> {
        self.acquire(Need::any().valid_for(validity), None)
    }

    /// Returns a token newer than this one, which an API rejected: see
    /// [`invalidate`](Self::invalidate).
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub fn token_newer_than(&self, rejected: &LiveToken) -> Result<LiveToken, Error> {
        self.acquire(Need::any().newer_than(rejected.generation()), None)
    }

    /// Returns a token newer than the cached one. Callers of this method at the same time share one token
    /// request. Meanwhile, `token` returns the cached token.
    ///
    /// # Errors
    /// As [`token`](Self::token). The cached token stays in use.
    #[doc(alias = "refresh")]
    pub fn renew_now(&self) -> Result<LiveToken, Error> {
        let need = self.engine().with(|agent, _| agent.renew_now());
        self.acquire(need, None)
    }

    /// Waits for a newer token than the one of this number, or for any if there is no number: for at most
    /// `timeout`. Requests none: for threads that pass the token on. `None` if there was none in time.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use edx_auth_driver::{Blocking, TokenSource};
    ///
    /// # fn hand_over(_: &edx_auth_driver::LiveToken) {}
    /// # fn example(source: TokenSource<Blocking>) {
    /// let mut last = None;
    /// loop {
    ///     if let Some(token) = source.wait_newer(last, Duration::from_secs(60)) {
    ///         last = Some(token.generation());
    ///         hand_over(&token);
    ///     }
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn wait_newer(&self, than: Option<Generation>, timeout: Duration) -> Option<LiveToken> {
        self.engine().block_on(newer(than, timeout))
    }

    /// Puts a usable token into the headers of a request to this URL, for a generated client or
    /// another HTTP client. That client must follow no redirect: it would take the token along.
    ///
    /// Returns the token, to [`invalidate`](Self::invalidate) it if the API responds 401.
    ///
    /// # Errors
    /// Returns [`Error::Url`] if the token must not be sent to this URL; else as
    /// [`token`](Self::token).
    ///
    /// ```
    /// use edx_auth_driver::{AccessToken, Blocking, Origins, TokenSource, TokenType};
    /// use http::HeaderMap;
    ///
    /// # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// # let source = TokenSource::<Blocking>::fixed(token, Origins::edx());
    /// let mut headers = HeaderMap::new();
    /// source.authorize(&mut headers, "https://discovery.edx.org/api/v1/courses/")?;
    /// assert_eq!(headers["authorization"], "JWT a.b.c");
    ///
    /// let error = source.authorize(&mut headers, "https://evil.example/").unwrap_err();
    /// assert_eq!(error.to_string(), "the token is not for https://evil.example");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "header")]
    pub fn authorize(&self, headers: &mut HeaderMap, url: &str) -> Result<LiveToken, Error> {
        self.origins().check(url)?;
        let token = self.token()?;
        headers.insert(AUTHORIZATION, token.authorization().clone());
        Ok(token)
    }

    /// Returns the next action of an API call, after waiting for its token or its retry. An adapter calls
    /// it in a loop until the action is [`CallAction::Deliver`].
    ///
    /// # Errors
    /// Returns why the call has no response.
    pub fn next_action(&self, call: &mut ApiCall) -> Result<CallAction, Error> {
        match self.begin_action(call) {
            Progress::Done(action) => action,
            Progress::Wait(_) => self.engine().block_on(next_action(call)),
        }
    }

    fn acquire(&self, need: Need, timeout: Option<Duration>) -> Result<LiveToken, Error> {
        match self.engine().cached(need) {
            Some(token) => Ok(token),
            None => Ok(self.engine().block_on(acquire(need, timeout))?),
        }
    }
}
