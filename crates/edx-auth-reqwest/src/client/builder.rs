//! A client in the making.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, ClientBuilder};

use super::AuthorizedClient;
use super::connections::Connections;
use crate::tls::Reach;
use crate::{Error, TokenSource, stack};

/// An [`AuthorizedClient`] in the making.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_reqwest::{AccessToken, AuthorizedClient, Origins, TokenSource, TokenType};
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
    client: HandedIn,
}

/// What the calls go over.
enum HandedIn {
    Nothing,
    Builder(Box<ClientBuilder>),
    Client(Client),
}

impl AuthorizedClientBuilder {
    pub(super) fn new(source: TokenSource) -> Self {
        Self {
            source,
            timeout: TIMEOUT,
            client: HandedIn::Nothing,
        }
    }

    /// How long a call may take that says nothing else, instead of 90 s: with the wait for its
    /// token, with redirects and a replay, and to the last byte of its reply.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Calls over a client of this builder, with its proxy, its certificates and its name. The
    /// rules of a call with a token are laid over it last: its client follows no redirect by itself
    /// and repeats nothing, whatever the builder was set to.
    ///
    /// With the feature `rustls`, ring becomes the process's crypto provider unless it has one:
    /// reqwest takes that from nowhere else.
    #[doc(alias = "proxy")]
    pub fn client_builder(mut self, client: ClientBuilder) -> Self {
        self.client = HandedIn::Builder(Box::new(client));
        self
    }

    /// Calls over this client as it is. Nobody can take the following of redirects from a client
    /// that is built: where it follows one, the call is an error that says so, **but the token may
    /// have gone along**; and a chain of them that ends where it began is not noticed at all.
    /// Whatever else it does with its requests, such as sending them again, it does with these.
    pub fn dangerously_use_client(mut self, client: Client) -> Self {
        self.client = HandedIn::Client(client);
        self
    }

    /// The client. What goes over plain http passes no proxy; with a builder handed in, and an
    /// origin in plain text, nothing does.
    ///
    /// # Errors
    /// Where the source's origins need https and this build, or this process, has none.
    pub fn build(self) -> Result<AuthorizedClient, Error> {
        let origins = self.source.origins();
        let reach = Reach::of(!origins.has_plaintext());
        let connections = match self.client {
            HandedIn::Nothing => Connections::ours(origins, self.source.client_name()),
            HandedIn::Builder(builder) => {
                stack::api_client_over(*builder, reach).map(Connections::HandedIn)
            }
            HandedIn::Client(client) => Ok(Connections::HandedIn(client)),
        };
        Ok(AuthorizedClient {
            connections: Arc::new(connections.map_err(Error::setup)?),
            source: self.source,
            timeout: self.timeout,
        })
    }
}

/// Without the HTTP client, which shows its default headers, whatever is in them.
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
