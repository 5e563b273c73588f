//! One API call as one value, from its first token to the response that its caller gets.

mod error;
#[cfg(test)]
mod laws;
mod proceed;
mod redirects;
mod request;

#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use core::fmt;
use core::mem;
use core::time::Duration;

use http::{HeaderMap, Method, Response, StatusCode};

use crate::agent::TokenAgent;
use crate::error::{TransportError, TransportFailure};
use crate::jitter::Jitter;
use crate::lifecycle::{Generation, Invalidation, LiveToken, Need, TokenError, WaitBudget};
use crate::resource::{ApiUrl, Deprecation, Origins, Verdict};
use crate::retry::Retries;
use crate::time::{Moment, Pause};
use crate::url::UrlError;

pub use error::CallError;
pub use request::{ApiRequest, Connection};

/// One API call: what to send, when to wait, and what to do about each response.
///
/// It takes a token from a [`TokenAgent`] for each request, adds the headers that edX's APIs need and
/// follows redirects inside the [`Origins`]. If an API rejects the token, the call is replayed: sent
/// once more with a newer token, or with the same one after a wait, if that is so new that the servers'
/// clocks may differ. A GET or HEAD whose connection broke is sent once more. Other failures are
/// [retried](Self::retry_for) if you ask for it. One deadline covers all of this.
///
/// 1. Call [`poll`](Self::poll) and do as its [`CallStep`] says, until it delivers or fails.
/// 2. After a [`Send`](CallStep::Send), report the response to [`on_response`](Self::on_response), or
///    the lack of one to [`on_failure`](Self::on_failure); or report either to
///    [`on_result`](Self::on_result).
/// 3. After each use of the agent, look for [work](TokenAgent::poll_work).
///
/// ```
/// use edx_auth_core::{ApiCall, CallStep, Moment, Origins, TokenAgent, Verdict};
/// use http::{HeaderMap, Method, StatusCode};
/// # use edx_auth_core::{AccessToken, TokenType};
/// # let mut agent = TokenAgent::fixed(AccessToken::new(TokenType::Jwt, "a.b.c")?);
/// # let now = Moment::default();
///
/// let url = "https://api.edx.org/catalog/v1/catalogs/";
/// let mut call = ApiCall::new(Method::GET, url, Origins::edx())?;
///
/// let CallStep::Send(request) = call.poll(&mut agent, now) else { panic!() };
/// let request = request.with_body(Vec::<u8>::new()); // for your HTTP client
/// assert_eq!(request.headers()["authorization"], "JWT a.b.c");
///
/// call.on_response(StatusCode::OK, &HeaderMap::new(), b"");
/// let CallStep::Deliver { verdict, .. } = call.poll(&mut agent, now) else { panic!() };
/// assert_eq!(verdict, Verdict::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The states
///
/// ```text
///  new ──> Acquiring ──token──> Send ──response──┬──> Deliver
///             ^   │               ^              │
///             │   └─no token──> Fail             ├─ redirect inside the origins ──> Send
///             │                                  ├─ connection broke, GET or HEAD ─> Send
///             ├── rejected, once: newer token ───┤
///             │                                  ├─ rejected, token too young: wait ─> Send
///             └── failed, may pass: retry, wait ─┘
///          deadline, in every state ──> Fail, or Deliver of the rejection
/// ```
#[derive(Clone)]
pub struct ApiCall {
    method: Method,
    url: ApiUrl,
    headers: HeaderMap,
    body: CallBody,
    origins: Origins,
    timeout: Duration,
    token_timeout: Option<Duration>,
    retries: Option<(Retries, Jitter)>,
    /// `None` until the first poll.
    deadline: Option<WaitBudget>,
    state: State,
    replay: Chance,
    resend: Chance,
    redirects: u8,
    rejection: Option<(Generation, Invalidation)>,
    /// What the last response announced, and what of it is to be told.
    announced: Option<Box<Deprecation>>,
    deprecation: Option<Box<Deprecation>>,
}

/// How often the body of a call can be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth")]
pub enum CallBody {
    /// The call has no body.
    #[default]
    Empty,
    /// It can be sent any number of times, such as bytes in memory.
    Repeatable,
    /// It can be sent once, such as a stream. The call is not replayed, and follows no redirect that
    /// needs the body.
    Once,
}

/// What the driver of an [`ApiCall`] has to do next.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says what to do next"]
pub enum CallStep {
    /// Send this request, following no redirect, and report what comes back.
    Send(ApiRequest),
    /// Wait at most this long, or until something was reported to the agent or to this call; then
    /// poll again.
    Wait(Duration),
    /// Hand the last response to the caller.
    Deliver {
        /// What the response means.
        verdict: Verdict,
        /// Why there was no newer token for a replay, where that is known.
        token_error: Option<TokenError>,
    },
    /// Hand this error to the caller: there is no response.
    Fail(CallError),
}

/// The state of a call.
#[derive(Clone, Debug)]
enum State {
    New,
    /// It waits for a token.
    Acquiring(Need, WaitBudget, Purpose),
    /// After this wait it is sent again with this token, which is so new that clocks may differ; without one
    /// it begins again.
    Pausing(Pause, Option<LiveToken>),
    /// The next step is to send the request with this token.
    Ready(LiveToken),
    /// The driver sends the request with this token.
    Sent(LiveToken),
    /// An API rejected this token.
    Rejected(LiveToken),
    /// It ends with this step, unless it is retried.
    Concluding(CallStep),
    /// It delivered or failed, and stays that way.
    Ended(CallStep),
}

/// What a call needs a token for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// To be sent.
    Send,
    /// To be replayed. Without a token it delivers the rejection that it has.
    Replay,
    /// To have it ready for the caller's next call: this call cannot be replayed.
    NextCall,
}

/// Whether a call may still do what it does once: a replay, or a resend after a broken connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chance {
    Left,
    Used,
}

impl ApiCall {
    /// How many bytes of the body of a 4xx or 5xx response are read to decide its [`Verdict`].
    pub const PEEK: usize = 8 * 1024;

    /// How long a client waits for them: a slow body does not hold its status back for longer.
    pub const PEEK_TIME: Duration = Duration::from_secs(2);

    /// How long a call may take by default: a token may take 25 s, edX's gateway gives up on an API
    /// after 29 s, and a call that is replayed needs both twice.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(90);

    /// Creates a call without a body and without additional headers.
    ///
    /// # Errors
    /// Returns an error if the token must not be sent to this URL.
    pub fn new(method: Method, url: &str, origins: Origins) -> Result<Self, UrlError> {
        Ok(Self::of(method, origins.check(url)?, origins))
    }

    pub(crate) fn of(method: Method, url: ApiUrl, origins: Origins) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: CallBody::Empty,
            origins,
            timeout: Self::DEFAULT_TIMEOUT,
            token_timeout: None,
            retries: None,
            deadline: None,
            state: State::New,
            replay: Chance::Left,
            resend: Chance::Left,
            redirects: 0,
            rejection: None,
            announced: None,
            deprecation: None,
        }
    }

    /// Adds parameters to those that the URL has already: form-encoded, such as `page_size=100&org=edX`.
    ///
    /// # Errors
    /// Returns an error if they are not form-encoded.
    pub fn query(self, query: &str) -> Result<Self, UrlError> {
        let url = self.url.with_query(query)?;
        Ok(Self { url, ..self })
    }

    /// Sends these headers. `Accept: application/json` and `Accept-Language: en` are added unless
    /// they are set, since verdicts rely on English texts; `Authorization` is replaced by the
    /// token.
    #[must_use]
    pub fn headers(self, headers: HeaderMap) -> Self {
        Self { headers, ..self }
    }

    /// Sets whether the call has a body, and how often that can be sent.
    #[must_use]
    pub fn body(self, body: CallBody) -> Self {
        Self { body, ..self }
    }

    /// Sets how long the whole call may take, from its first [`poll`](Self::poll), instead of
    /// [90 s](Self::DEFAULT_TIMEOUT).
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets how long the call waits for each token, instead of the
    /// [default of its agent](TokenAgent::token_timeout).
    #[must_use]
    pub fn token_timeout(self, timeout: Duration) -> Self {
        Self {
            token_timeout: Some(timeout),
            ..self
        }
    }

    /// Retries the call for this long if it fails temporarily: because no response came, because no token
    /// came, or with a [retryable](Verdict::is_retryable) verdict such as `Throttled` or `Unavailable`. The
    /// waits grow from a second to half a minute, and are no shorter than what the server asks for. A
    /// wait that would outlast this time or the call's own timeout is not begun: then the call ends with
    /// its last response or error. `jitter` lengthens the waits.
    ///
    /// A server may have acted on a request although it failed. Use this for a GET or HEAD, or if the API
    /// may get the same request twice. A body that can be sent [once](CallBody::Once) is not sent again.
    ///
    /// ```
    /// use core::time::Duration;
    /// use edx_auth_core::{ApiCall, Jitter, Origins};
    /// use http::Method;
    ///
    /// let jitter = Jitter::from_bits(0x9e37_79b9); // from a random number generator
    /// let call = ApiCall::new(Method::GET, "https://api.edx.org/catalog/v1/catalogs", Origins::edx())?
    ///     .retry_for(Duration::from_secs(30), jitter);
    /// # let _ = call;
    /// # Ok::<(), edx_auth_core::UrlError>(())
    /// ```
    #[doc(alias = "backoff")]
    #[must_use]
    pub fn retry_for(self, timeout: Duration, jitter: Jitter) -> Self {
        Self {
            retries: Some((Retries::within(timeout), jitter)),
            ..self
        }
    }

    /// Reports whether the method only reads: GET or HEAD. Such a call may be sent again without asking
    /// its caller.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        [Method::GET, Method::HEAD].contains(&self.method)
    }

    /// Returns the method to send now. A redirect may change it.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the URL to send to now. A redirect may change it.
    #[must_use]
    pub fn url(&self) -> &ApiUrl {
        &self.url
    }

    /// Returns how much of the call's time is left, for reading the response's body.
    #[must_use]
    pub fn time_left(&self, now: Moment) -> Duration {
        self.deadline
            .map_or(self.timeout, |deadline| deadline.left(now))
    }

    /// Returns how many bytes of the body [`on_response`](Self::on_response) looks at: [`PEEK`](Self::PEEK)
    /// for a 4xx or 5xx response, none for others. Put what you read back for the caller.
    #[must_use]
    pub fn peek_len(status: StatusCode) -> usize {
        if status.is_client_error() || status.is_server_error() {
            Self::PEEK
        } else {
            0
        }
    }

    /// Returns which token an API rejected since this method was last called, and what the agent did about
    /// it. For logs: the call has already acted on it.
    pub fn take_rejection(&mut self) -> Option<(Generation, Invalidation)> {
        self.rejection.take()
    }

    /// Returns the deprecation that an API announced since the last call of this method, if the agent met it
    /// for the first time today. For logs.
    pub fn take_deprecation(&mut self) -> Option<Deprecation> {
        self.deprecation.take().map(|deprecation| *deprecation)
    }

    /// Returns what to do now. After the call has delivered or failed, every poll returns that step again.
    pub fn poll(&mut self, agent: &mut TokenAgent, now: Moment) -> CallStep {
        let timeout = self.timeout;
        let deadline = *self
            .deadline
            .get_or_insert_with(|| WaitBudget::new(timeout, now));
        if let Some((retries, _)) = &mut self.retries {
            retries.record_try(now);
        }
        if let Some(announced) = self.announced.take() {
            let told = agent.met(announced, now);
            self.deprecation = told.or_else(|| self.deprecation.take());
        }
        loop {
            let state = mem::replace(&mut self.state, State::New);
            let (state, step) = self.proceed(state, agent, (deadline, now));
            self.state = state;
            if let Some(step) = step {
                return step;
            }
        }
    }

    /// Takes in a response: its status, its headers and the beginning of its body.
    pub fn on_response(&mut self, status: StatusCode, headers: &HeaderMap, body_prefix: &[u8]) {
        let Some(token) = self.sent_token() else {
            return;
        };
        self.announced = Deprecation::of(&self.method, &self.url, headers, &token.token);
        self.state = match Self::verdict(status, headers, body_prefix) {
            Verdict::TokenRejected => State::Rejected(token),
            Verdict::Redirected if self.follow(status, headers).is_some() => State::Ready(token),
            verdict => State::Concluding(deliver(verdict, None)),
        };
    }

    /// Takes in why there is no response. A GET or HEAD is sent once more if its connection broke
    /// before any response, since a server may close a kept connection at the very moment when it is
    /// used.
    pub fn on_failure(&mut self, error: impl Into<TransportError>) {
        let Some(token) = self.sent_token() else {
            return;
        };
        let error = error.into();
        self.state = if self.may_be_resent(error.failure()) {
            self.resend = Chance::Used;
            State::Ready(token)
        } else {
            State::Concluding(self.failed(error))
        };
    }

    /// Takes in the result of sending the request, as [`on_response`](Self::on_response) or
    /// [`on_failure`](Self::on_failure), and returns the response. Keep that until the call delivers or
    /// fails.
    pub fn on_result<B: AsRef<[u8]>>(
        &mut self,
        result: Result<Response<B>, impl Into<TransportError>>,
    ) -> Option<Response<B>> {
        match result {
            Ok(response) => {
                let body = response.body().as_ref();
                self.on_response(response.status(), response.headers(), body);
                Some(response)
            }
            Err(error) => {
                self.on_failure(error);
                None
            }
        }
    }

    /// Returns what a response means by the beginning of its body.
    pub(crate) fn verdict(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Verdict {
        let beginning = body.get(..Self::PEEK).unwrap_or(body);
        Verdict::of(status, headers, beginning)
    }

    fn sent_token(&self) -> Option<LiveToken> {
        match &self.state {
            State::Sent(token) => Some(token.clone()),
            _ => None,
        }
    }

    fn may_be_resent(&self, failure: TransportFailure) -> bool {
        let is_safe = self.is_safe() && self.can_repeat_body();
        is_safe && self.resend == Chance::Left && failure == TransportFailure::MaybeSent
    }

    /// Reports whether the request can be sent again with its body: in a replay, a resend, a retry or a
    /// redirect.
    fn can_repeat_body(&self) -> bool {
        self.body != CallBody::Once
    }

    fn failed(&self, error: TransportError) -> CallStep {
        CallStep::Fail(CallError::Transport {
            url: self.url.clone(),
            error,
        })
    }
}

/// Omits the headers and the query: a program may have put a secret there.
impl fmt::Debug for ApiCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiCall")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("body", &self.body)
            .field("timeout", &self.timeout)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

fn deliver(verdict: Verdict, token_error: Option<TokenError>) -> CallStep {
    CallStep::Deliver {
        verdict,
        token_error,
    }
}
