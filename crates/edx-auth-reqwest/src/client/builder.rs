//! An authorized client under construction.

use std::sync::Arc;

use edx_auth_driver::CallSettings;
use reqwest::Client;

use super::AuthorizedClient;
use super::connections::Connections;
use crate::http_client::{HttpClient, ReadyClient, Recipe};
use crate::{Error, TokenSource};

/// An [`AuthorizedClient`] over reqwest, under construction.
///
/// ```
/// use edx_auth_reqwest::{AccessToken, AuthorizedClient, Origins, TokenSource, TokenType};
/// use std::time::Duration;
///
/// let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
/// let edx = AuthorizedClient::builder(TokenSource::fixed(token, Origins::edx()))
///     .timeout(Duration::from_secs(10))
///     .build()?;
/// # let _ = edx;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "build() creates the client"]
pub struct AuthorizedClientBuilder {
    source: TokenSource,
    settings: CallSettings,
    client: ClientChoice,
    /// Connections that the client may share.
    others: Option<Arc<Connections>>,
}

/// The client that API calls go over.
#[derive(Clone)]
pub(super) enum ClientChoice {
    OfSource,
    Supplied(HttpClient),
    Built(Client),
}

impl AuthorizedClientBuilder {
    pub(super) fn new(source: TokenSource) -> Self {
        Self {
            source,
            settings: CallSettings::default(),
            client: ClientChoice::OfSource,
            others: None,
        }
    }

    /// Starts building a client with the settings and the connections of another one.
    pub(super) fn like(client: &AuthorizedClient, source: TokenSource) -> Self {
        Self {
            source,
            settings: client.settings,
            client: client.choice.clone(),
            others: Some(Arc::clone(&client.connections)),
        }
    }

    /// Sends API calls over clients of the builders that this function returns, with their proxy, their
    /// certificates and their `User-Agent`, instead of those of the
    /// [source](crate::TokenSourceBuilder::http_client), if it was given some. The rules of a call with a token
    /// are applied on top: it follows no redirect by itself and repeats nothing, even if the builder says
    /// otherwise. The clients read the proxy variables in reqwest's own way.
    ///
    /// ```
    /// use edx_auth_reqwest::{AccessToken, AuthorizedClient, Origins, TokenSource, TokenType};
    /// use edx_auth_reqwest::reqwest::Client;
    ///
    /// let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// let edx = AuthorizedClient::builder(TokenSource::fixed(token, Origins::edx()))
    ///     .http_client(|| Client::builder().user_agent("acme/1.0"))
    ///     .build()?;
    /// # let _ = edx;
    /// # Ok::<(), edx_auth_reqwest::Error>(())
    /// ```
    #[doc(alias = "proxy")]
    pub fn http_client(mut self, client: impl Into<HttpClient>) -> Self {
        self.client = ClientChoice::Supplied(client.into());
        self
    }

    /// Sends API calls over this client as it is. A built client cannot be told not to follow
    /// redirects: if it follows one, the call returns an error that says so, **but the token may have
    /// been sent along**. A chain of redirects that ends where it began is not detected. Everything else
    /// that the client does, such as retries, applies to these calls too.
    #[doc(alias = "middleware")]
    pub fn dangerously_use_client(mut self, client: Client) -> Self {
        self.client = ClientChoice::Built(client);
        self
    }

    /// Creates the client. Plain http goes through no proxy.
    ///
    /// # Errors
    /// Returns [`Error::Setup`] if the source's origins need https and this build, or this process,
    /// has none, and [`Error::EnvConfig`] if
    /// `HTTPS_PROXY` or `ALL_PROXY` is invalid.
    pub fn build(self) -> Result<AuthorizedClient, Error> {
        let connections = self.connections();
        connections.prepare(self.source.origins())?;
        Ok(AuthorizedClient {
            connections,
            source: self.source,
            choice: self.client,
            settings: self.settings,
        })
    }

    /// Returns the connections that may be shared if they are made as this client's would be.
    fn connections(&self) -> Arc<Connections> {
        let recipe = match &self.client {
            ClientChoice::Built(client) => {
                let client = ReadyClient::supplied(client.clone());
                return Arc::new(Connections::Custom(client));
            }
            ClientChoice::Supplied(client) => Recipe::Supplied(client.clone()),
            ClientChoice::OfSource => {
                let supplied = self.source.http_client().cloned();
                Recipe::new(supplied, self.source.client_name())
            }
        };
        match &self.others {
            Some(others) if others.are_of(&recipe) => Arc::clone(others),
            _ => Arc::new(Connections::new(recipe)),
        }
    }
}

edx_auth_driver::client_builder_methods!();
