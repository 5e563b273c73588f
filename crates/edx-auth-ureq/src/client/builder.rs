//! An authorized client under construction.

use std::fmt;
use std::time::Duration;

use edx_auth_driver::CallSettings;
use ureq::Agent;

use super::AuthorizedClient;
use crate::{Error, TokenSource, http_agent, tls};

/// An [`AuthorizedClient`] over ureq, under construction.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_ureq::{AccessToken, AuthorizedClient, Origins, TokenSource, TokenType};
///
/// let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
/// let source = TokenSource::fixed(token, Origins::edx());
/// let ten_seconds = Duration::from_secs(10);
/// let edx = AuthorizedClient::builder(source).timeout(ten_seconds).build()?;
/// # let _ = edx;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "build() creates the client"]
pub struct AuthorizedClientBuilder {
    source: TokenSource,
    settings: CallSettings,
    agent: Option<Agent>,
}

impl AuthorizedClientBuilder {
    pub(super) fn new(source: TokenSource) -> Self {
        Self {
            source,
            settings: CallSettings::default(),
            agent: None,
        }
    }

    /// Sets how long a call over ureq may take, instead of 90 s, unless its request sets another timeout.
    /// That includes the wait for its token, redirects, a replay, and the last byte of its response.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Sends API calls over this agent, with its proxy, its certificates and its `User-Agent`, instead of the
    /// [agent of the source](crate::TokenSourceBuilder::http_client), if it was given one. The rules of a call
    /// with a token are applied on top: it follows no redirect by itself, takes no status for an error and
    /// keeps the call's deadline.
    ///
    /// A middleware of the agent sees the token. The agent keeps its root certificates: ureq's default ones
    /// are Mozilla's, so behind a company's proxy give it `RootCerts::PlatformVerifier`. It reads the proxy
    /// variables in ureq's own way. If the connection breaks off in a body without a length, it takes that
    /// for the end of the body, even under TLS.
    #[doc(alias = "proxy")]
    #[doc(alias = "middleware")]
    pub fn http_client(mut self, agent: Agent) -> Self {
        self.agent = Some(agent);
        self
    }

    /// Retries each GET and HEAD for this long if it fails in a way that may pass: without a response or
    /// a token, throttled, or with a server in trouble. The waits grow from a second to half a minute,
    /// and are no shorter than what the server asks for; the call's timeout ends them. Calls are not
    /// retried unless this or [the request's own](super::RequestBuilder::retry_for) says so.
    #[doc(alias = "backoff")]
    pub fn retry_for(mut self, timeout: Duration) -> Self {
        self.settings.retry_for = Some(timeout);
        self
    }

    /// Sets how long a call waits for its token, instead of the source's own timeout. In a web service,
    /// choose less than the time for which the service's clients wait.
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.settings.token_timeout = Some(timeout);
        self
    }

    /// Creates the client.
    ///
    /// # Errors
    /// Returns [`Error::Setup`] if the source's origins need https and this build has none, and
    /// [`Error::EnvConfig`] if `HTTPS_PROXY` or `ALL_PROXY` is invalid.
    pub fn build(self) -> Result<AuthorizedClient, Error> {
        let needs_https = self.source.origins().has_https();
        if needs_https {
            tls::ready().map_err(Error::setup)?;
        }
        let supplied = self.agent.or_else(|| self.source.http_client().cloned());
        let agent = if let Some(agent) = supplied {
            agent.into()
        } else {
            let proxy = http_agent::env_proxy(needs_https)?;
            http_agent::for_calls(self.source.client_name(), proxy)
        };
        Ok(AuthorizedClient {
            agent,
            source: self.source,
            settings: self.settings,
        })
    }
}

/// Leaves out the agent and its settings.
impl fmt::Debug for AuthorizedClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizedClientBuilder")
            .field("source", &self.source)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
