//! A token source whose callers yield to their runtime while they wait.

use std::time::Duration;

use edx_auth_core::{ApiCall, LiveToken, Need};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::{Changes, TokenSource};
use crate::Error;
use crate::action::{CallAction, next_action};
use crate::engine::{Progress, acquire};

/// The kind of a [`TokenSource`] whose callers yield to their runtime while they wait.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no values")]
pub enum Async {}

impl<S> TokenSource<Async, S> {
    /// Returns a usable token. Waits at most the [token
    /// timeout](super::TokenSourceBuilder::token_timeout) if there is none.
    ///
    /// # Errors
    /// Returns an error if there is no token: [`Error::advice`] says what to do, and
    /// [`Error::retry_after`] when to try again. After a permanent failure, or if the backoff
    /// outlasts the timeout, it returns the error at once. Callers that waited together get the same error.
    ///
    /// The future works on every runtime and outside of one, and waits in real time even if a test has
    /// paused tokio's clock. Dropping the future loses nothing: the token request continues.
    pub async fn token(&self) -> Result<LiveToken, Error> {
        self.acquire(Need::any(), None).await
    }

    /// Like [`token`](Self::token), but waits at most `timeout`. With `Duration::ZERO` it returns a
    /// cached token or an error without waiting; a token request it started continues in the
    /// background.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub async fn token_within(&self, timeout: Duration) -> Result<LiveToken, Error> {
        self.acquire(Need::any(), Some(timeout)).await
    }

    /// Like [`token`](Self::token), but returns a token that may be used for at least `validity`. A longer
    /// `validity` than a source can promise counts as the longest that it can: 570 s of a token of one hour,
    /// by default.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub async fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, Error> {
        self.acquire(Need::any().valid_for(validity), None).await
    }

    /// Returns a token newer than this one, which an API rejected: see
    /// [`invalidate`](Self::invalidate).
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub async fn token_newer_than(&self, rejected: &LiveToken) -> Result<LiveToken, Error> {
        self.acquire(Need::any().newer_than(rejected.generation()), None)
            .await
    }

    /// Returns a token newer than the cached one. Callers of this method at the same time share one token
    /// request. Meanwhile, `token` returns the cached token.
    ///
    /// # Errors
    /// As [`token`](Self::token). The cached token stays in use.
    #[doc(alias = "refresh")]
    pub async fn renew_now(&self) -> Result<LiveToken, Error> {
        let need = self.engine().with(|agent, _| agent.renew_now());
        self.acquire(need, None).await
    }

    /// Follows the token: the cached one, then each that replaces it. Requests none: for tasks that pass the
    /// token on, such as to a connection that stays open.
    ///
    /// ```no_run
    /// use edx_auth_driver::{Async, TokenSource};
    ///
    /// # async fn hand_over(_: &edx_auth_driver::LiveToken) {}
    /// # async fn example(source: TokenSource<Async>) -> Result<(), edx_auth_driver::Error> {
    /// let mut changes = source.changes();
    /// loop {
    ///     hand_over(&changes.next().await?).await;
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn changes(&self) -> Changes<S> {
        Changes::of(self.clone())
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
    /// use edx_auth_driver::{AccessToken, Async, Origins, TokenSource, TokenType};
    /// use http::HeaderMap;
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// # let source = TokenSource::<Async>::fixed(token, Origins::edx());
    /// let mut headers = HeaderMap::new();
    /// source.authorize(&mut headers, "https://discovery.edx.org/api/v1/courses/").await?;
    /// assert_eq!(headers["authorization"], "JWT a.b.c");
    ///
    /// let error = source.authorize(&mut headers, "https://evil.example/").await.unwrap_err();
    /// assert_eq!(error.to_string(), "the token is not for https://evil.example");
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "header")]
    pub async fn authorize(&self, headers: &mut HeaderMap, url: &str) -> Result<LiveToken, Error> {
        self.origins().check(url)?;
        let token = self.token().await?;
        headers.insert(AUTHORIZATION, token.authorization().clone());
        Ok(token)
    }

    /// Returns the next action of an API call, after waiting for its token or its retry. An adapter calls
    /// it in a loop until the action is [`CallAction::Deliver`].
    ///
    /// # Errors
    /// Returns why the call has no response, or [`Error::Setup`] if the process has no thread left for
    /// timers.
    pub async fn next_action(&self, call: &mut ApiCall) -> Result<CallAction, Error> {
        match self.begin_action(call) {
            Progress::Done(action) => action,
            Progress::Wait(_) => self
                .engine()
                .wait_for(next_action(call))
                .await
                .map_err(Error::setup)?,
        }
    }

    async fn acquire(&self, need: Need, timeout: Option<Duration>) -> Result<LiveToken, Error> {
        if let Some(token) = self.engine().cached(need) {
            return Ok(token);
        }
        let acquired = self.engine().wait_for(acquire(need, timeout)).await;
        Ok(acquired.map_err(Error::setup)??)
    }
}
