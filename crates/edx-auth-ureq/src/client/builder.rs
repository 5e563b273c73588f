//! An authorized client under construction.

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
    agent: Option<Agent>,
    source: TokenSource,
    settings: CallSettings,
}

impl AuthorizedClientBuilder {
    pub(super) fn new(source: TokenSource) -> Self {
        Self {
            agent: None,
            source,
            settings: CallSettings::default(),
        }
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

edx_auth_driver::client_builder_methods!();
