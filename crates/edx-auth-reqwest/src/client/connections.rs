//! The reqwest clients that API calls go over: under TLS or in plain text, pooled or new.

use std::sync::OnceLock;

use edx_auth_driver::{ApiUrl, ClientName, Connection, Origins};
use reqwest::Client;

use crate::http_client;
use crate::tls::{BoxError, Reach};

/// The clients that API calls go over.
pub(super) enum Connections {
    /// Our own: one for https and one for plain http, as the origins need.
    Default {
        encrypted: Option<Pair>,
        plaintext: Option<Pair>,
    },
    /// One that the program handed in, for everything.
    Custom(Client),
}

/// A client that keeps connections, and one that does not, for a call that met a stale connection:
/// the next one from the same pool may be as stale.
pub(super) struct Pair {
    reach: Reach,
    name: Option<ClientName>,
    pooled: Client,
    /// Created when it is first needed: most programs never need it.
    unpooled: OnceLock<Client>,
}

impl Connections {
    /// Creates the clients that these origins need.
    pub(super) fn default_for(
        origins: &Origins,
        name: Option<&ClientName>,
    ) -> Result<Self, BoxError> {
        let pair = |reach, is_needed: bool| is_needed.then(|| Pair::new(reach, name)).transpose();
        Ok(Self::Default {
            encrypted: pair(Reach::Encrypted, origins.has_https())?,
            plaintext: pair(Reach::Plaintext, origins.has_plaintext())?,
        })
    }

    /// Returns the client for a URL. Every origin of the source has one.
    pub(super) fn client(&self, url: &ApiUrl, connection: Connection) -> Option<&Client> {
        let pair = match self {
            Self::Custom(client) => return Some(client),
            Self::Default { encrypted, .. } if url.is_https() => encrypted,
            Self::Default { plaintext, .. } => plaintext,
        };
        pair.as_ref().map(|pair| pair.client(connection))
    }
}

impl Pair {
    fn new(reach: Reach, name: Option<&ClientName>) -> Result<Self, BoxError> {
        Ok(Self {
            reach,
            name: name.cloned(),
            pooled: http_client::for_calls(reach, name)?,
            unpooled: OnceLock::new(),
        })
    }

    fn client(&self, connection: Connection) -> &Client {
        match connection {
            Connection::Kept => &self.pooled,
            Connection::New => self.unpooled.get_or_init(|| {
                let unpooled = http_client::for_calls_unpooled(self.reach, self.name.as_ref());
                unpooled.unwrap_or_else(|_| self.pooled.clone())
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    /// A client for plain http has no roots, and would trust no server.
    #[test]
    fn origins_of_both_kinds_have_a_client_each() {
        let origins = Origins::none().allow("https://studio.example").unwrap();
        let origins = origins.allow("http://localhost:8000").unwrap();
        let connections = Connections::default_for(&origins, None).unwrap();

        let reach = |url: &str| {
            let Connections::Default {
                encrypted,
                plaintext,
            } = &connections
            else {
                panic!("they are the default")
            };
            let url = origins.check(url).unwrap();
            let pairs = [encrypted, plaintext].into_iter().flatten();
            let client = connections.client(&url, Connection::Kept).unwrap();
            let mut pairs = pairs.filter(|pair| std::ptr::eq(&raw const pair.pooled, client));
            pairs.next().map(|pair| pair.reach)
        };

        assert!(matches!(
            reach("https://studio.example/"),
            Some(Reach::Encrypted)
        ));
        assert!(matches!(
            reach("http://localhost:8000/"),
            Some(Reach::Plaintext)
        ));
    }
}
