//! The reqwest clients that API calls go over: under TLS or in plain text, pooled or new.

mod pools;

use std::sync::OnceLock;

use edx_auth_driver::{ApiRequest, Connection, Origins};

use crate::Error;
use crate::http_client::{self, ReadyClient, Recipe};
use crate::tls::{NoClient, Reach};
use pools::Pools;

/// The clients that the calls of one [`AuthorizedClient`](super::AuthorizedClient) go over, or of several.
pub(super) enum Connections {
    /// Those that we build.
    Built(Box<Built>),
    /// One that the program has built, for everything.
    Custom(ReadyClient),
}

/// Clients from one recipe: for https and for plain http, each from the first time that it is needed.
pub(super) struct Built {
    recipe: Recipe,
    encrypted: OnceLock<Clients>,
    plaintext: OnceLock<Clients>,
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
    /// Returns connections of clients from this recipe.
    pub(super) fn new(recipe: Recipe) -> Self {
        Self::Built(Box::new(Built {
            recipe,
            encrypted: OnceLock::new(),
            plaintext: OnceLock::new(),
        }))
    }

    /// Reports whether the clients are from this recipe.
    pub(super) fn are_of(&self, recipe: &Recipe) -> bool {
        matches!(self, Self::Built(built) if built.recipe.is_same(recipe))
    }

    /// Creates the clients that these origins need, where the system has roots.
    ///
    /// # Errors
    /// Returns an error if a client cannot be set up.
    pub(super) fn prepare(&self, origins: &Origins) -> Result<(), Error> {
        let Self::Built(built) = self else {
            return Ok(());
        };
        if origins.has_https() {
            built.prepare(Reach::Encrypted)?;
        }
        if origins.has_plaintext() {
            built.prepare(Reach::Plaintext)?;
        }
        Ok(())
    }

    /// Returns the client for a request, with the connections of the runtime that calls.
    ///
    /// # Errors
    /// Returns an error outside of a runtime, or if a client cannot be set up.
    pub(super) fn client(&self, request: &ApiRequest) -> Result<ReadyClient, NoClient> {
        match self {
            Self::Custom(client) => Ok(client.clone()),
            Self::Built(built) => {
                let reach = Reach::of(request.is_https());
                built.clients(reach)?.client(request.connection())
            }
        }
    }
}

impl Built {
    fn prepare(&self, reach: Reach) -> Result<(), Error> {
        self.clients(reach)
            .map_or_else(NoClient::before_requests, |_| Ok(()))
    }

    fn clients(&self, reach: Reach) -> Result<&Clients, NoClient> {
        let created = match reach {
            Reach::Encrypted => &self.encrypted,
            Reach::Plaintext => &self.plaintext,
        };
        if let Some(clients) = created.get() {
            return Ok(clients);
        }
        let clients = Clients::new(reach, &self.recipe)?;
        Ok(created.get_or_init(|| clients))
    }
}

impl Clients {
    fn new(reach: Reach, recipe: &Recipe) -> Result<Self, NoClient> {
        Ok(Self {
            reach,
            recipe: recipe.clone(),
            pools: Pools::new(http_client::for_calls(recipe, reach, recipe.timekeeper())?),
            unpooled: OnceLock::new(),
        })
    }

    fn client(&self, connection: Connection) -> Result<ReadyClient, NoClient> {
        let timekeeper = self.recipe.timekeeper();
        let create = || http_client::for_calls(&self.recipe, self.reach, timekeeper);
        match connection {
            Connection::Kept => self.pools.client(timekeeper, create),
            Connection::New => self.unpooled(),
        }
    }

    fn unpooled(&self) -> Result<ReadyClient, NoClient> {
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
        let connections = Connections::new(Recipe::Ours(None));
        connections.prepare(&origins).unwrap();
        let Connections::Built(built) = connections else {
            panic!("they are built")
        };
        let encrypted = built.encrypted.get().unwrap();
        let plaintext = built.plaintext.get().unwrap();

        assert!(matches!(encrypted.reach, Reach::Encrypted));
        assert!(matches!(plaintext.reach, Reach::Plaintext));
    }
}
