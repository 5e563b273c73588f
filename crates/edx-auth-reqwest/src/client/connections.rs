//! The reqwest clients that API calls go over: under TLS or in plain text, pooled or new.

mod pools;

use std::sync::OnceLock;

use edx_auth_driver::{ApiUrl, Connection, Origins};

use crate::Error;
use crate::http_client::{self, ReadyClient, Recipe};
use crate::tls::Reach;
use pools::Pools;

/// The clients that API calls go over.
pub(super) enum Connections {
    /// Those that we build: one for https and one for plain http, as the origins need.
    Built {
        encrypted: Option<Clients>,
        plaintext: Option<Clients>,
    },
    /// One that the program has built, for everything.
    Custom(ReadyClient),
}

/// Clients that keep connections, and one that keeps none. That one repeats a call whose kept connection
/// the server had closed, because the next connection of the pool may be closed too.
pub(super) struct Clients {
    reach: Reach,
    recipe: Recipe,
    pools: Pools,
    /// Created when it is first needed: most programs never need it.
    unpooled: OnceLock<ReadyClient>,
}

impl Connections {
    /// Creates the clients that these origins need.
    pub(super) fn new(origins: &Origins, recipe: &Recipe) -> Result<Self, Error> {
        let clients =
            |reach, is_needed: bool| is_needed.then(|| Clients::new(reach, recipe)).transpose();
        Ok(Self::Built {
            encrypted: clients(Reach::Encrypted, origins.has_https())?,
            plaintext: clients(Reach::Plaintext, origins.has_plaintext())?,
        })
    }

    /// Returns the client for a URL, with the connections of the runtime that calls.
    ///
    /// # Errors
    /// Returns an error outside of a runtime, or if a client cannot be set up.
    pub(super) fn client(
        &self,
        url: &ApiUrl,
        connection: Connection,
    ) -> Result<ReadyClient, Error> {
        let clients = match self {
            Self::Custom(client) => return Ok(client.clone()),
            Self::Built { encrypted, .. } if url.is_https() => encrypted,
            Self::Built { plaintext, .. } => plaintext,
        };
        let missing = || Error::setup("there is no client for this origin");
        clients.as_ref().ok_or_else(missing)?.client(connection)
    }
}

impl Clients {
    fn new(reach: Reach, recipe: &Recipe) -> Result<Self, Error> {
        Ok(Self {
            reach,
            recipe: recipe.clone(),
            pools: Pools::new(http_client::for_calls(recipe, reach, recipe.timekeeper())?),
            unpooled: OnceLock::new(),
        })
    }

    fn client(&self, connection: Connection) -> Result<ReadyClient, Error> {
        let timekeeper = self.recipe.timekeeper();
        let create = || http_client::for_calls(&self.recipe, self.reach, timekeeper);
        match connection {
            Connection::Kept => self.pools.client(timekeeper, create),
            Connection::New => self.unpooled(),
        }
    }

    fn unpooled(&self) -> Result<ReadyClient, Error> {
        if let Some(client) = self.unpooled.get() {
            return Ok(client.clone());
        }
        let client = http_client::for_calls_unpooled(&self.recipe, self.reach)?;
        Ok(self.unpooled.get_or_init(|| client).clone())
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
        let Connections::Built {
            encrypted: Some(encrypted),
            plaintext: Some(plaintext),
        } = Connections::new(&origins, &Recipe::Ours(None)).unwrap()
        else {
            panic!("there is one of each kind")
        };

        assert!(matches!(encrypted.reach, Reach::Encrypted));
        assert!(matches!(plaintext.reach, Reach::Plaintext));
    }
}
