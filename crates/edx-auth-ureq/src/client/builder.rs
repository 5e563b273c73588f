//! A client in the making.

use std::fmt;
use std::time::Duration;

use ureq::Agent;

use super::AuthorizedClient;
use crate::{Error, TokenSource, stack, tls};

/// An [`AuthorizedClient`] in the making.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_ureq::{AccessToken, AuthorizedClient, Origins, TokenSource, TokenType};
///
/// let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
/// let edx = AuthorizedClient::builder(TokenSource::fixed(token, Origins::edx()))
///     .timeout(Duration::from_secs(10))
///     .build()?;
/// # let _ = edx;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "build() makes a client of it"]
pub struct AuthorizedClientBuilder {
    source: TokenSource,
    timeout: Duration,
    agent: Option<Agent>,
}

impl AuthorizedClientBuilder {
    pub(super) fn new(source: TokenSource) -> Self {
        Self {
            source,
            timeout: TIMEOUT,
            agent: None,
        }
    }

    /// How long a call may take that says nothing else, instead of 90 s: with the wait for its
    /// token, with redirects and a replay, and to the last byte of its reply.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Calls over this agent, with its proxy, its certificates and its name. The rules of a call
    /// with a token are laid over it: it follows no redirect by itself, takes no status for an
    /// error and has the call's deadline, whatever the agent was set to. A middleware of the
    /// agent's sees the token. Its roots are its own: ureq's default ones are Mozilla's, so behind
    /// a company's proxy give it `RootCerts::PlatformVerifier`.
    #[doc(alias = "proxy")]
    pub fn agent(mut self, agent: Agent) -> Self {
        self.agent = Some(agent);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// Where the source's origins need https and this build, or this process, has none.
    pub fn build(self) -> Result<AuthorizedClient, Error> {
        if self.source.origins().has_https() {
            tls::ready().map_err(|missing| Error::setup(missing.into()))?;
        }
        let own = || stack::api_agent(self.source.client_name());
        Ok(AuthorizedClient {
            agent: self.agent.unwrap_or_else(own),
            source: self.source,
            timeout: self.timeout,
        })
    }
}

/// Without the HTTP client's own settings.
impl fmt::Debug for AuthorizedClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizedClientBuilder")
            .field("source", &self.source)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A token may take 25 s, edX's gateway gives up on an API after 29, and a call may need two of
/// each.
const TIMEOUT: Duration = Duration::from_secs(90);
