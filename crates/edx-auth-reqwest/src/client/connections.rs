//! What calls go over: under TLS or in plain text, connections that were kept and new ones.

use std::sync::OnceLock;

use edx_auth_core::{ApiUrl, ClientName, Origins};
use reqwest::Client;

use crate::stack;
use crate::tls::{Fault, Reach};

/// The clients of reqwest that calls go over.
pub(super) enum Connections {
    /// Ours: one for each way that the origins are spoken to.
    Ours {
        encrypted: Option<Ours>,
        plaintext: Option<Ours>,
    },
    /// One that was handed in, for all.
    HandedIn(Client),
}

/// Which connection a request may take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Connection {
    /// One that was kept, if there is any.
    Kept,
    /// A new one, where the client is ours.
    New,
}

/// A client that keeps connections, and one that does not for the call that met a stale one: the
/// next one out of the same store may be as stale.
pub(super) struct Ours {
    reach: Reach,
    name: Option<ClientName>,
    kept: Client,
    /// Made when it is needed first: most programs never do.
    new: OnceLock<Client>,
}

impl Connections {
    /// Clients of ours, for what these origins need.
    pub(super) fn ours(origins: &Origins, name: Option<&ClientName>) -> Result<Self, Fault> {
        let ours = |reach, is_needed: bool| is_needed.then(|| Ours::new(reach, name)).transpose();
        Ok(Self::Ours {
            encrypted: ours(Reach::Encrypted, origins.has_https())?,
            plaintext: ours(Reach::Plaintext, origins.has_plaintext())?,
        })
    }

    /// The client for a URL; one of the source's origins has one.
    pub(super) fn client(&self, url: &ApiUrl, connection: Connection) -> Option<&Client> {
        let ours = match self {
            Self::HandedIn(client) => return Some(client),
            Self::Ours { encrypted, .. } if url.is_https() => encrypted,
            Self::Ours { plaintext, .. } => plaintext,
        };
        ours.as_ref().map(|ours| ours.client(connection))
    }
}

impl Ours {
    fn new(reach: Reach, name: Option<&ClientName>) -> Result<Self, Fault> {
        Ok(Self {
            reach,
            name: name.cloned(),
            kept: stack::api_client(reach, name)?,
            new: OnceLock::new(),
        })
    }

    fn client(&self, connection: Connection) -> &Client {
        match connection {
            Connection::Kept => &self.kept,
            Connection::New => self.new.get_or_init(|| {
                let new = stack::unkept_api_client(self.reach, self.name.as_ref());
                new.unwrap_or_else(|_| self.kept.clone())
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
        let connections = Connections::ours(&origins, None).unwrap();

        let reach = |url: &str| {
            let Connections::Ours {
                encrypted,
                plaintext,
            } = &connections
            else {
                panic!("they are ours")
            };
            let url = origins.check(url).unwrap();
            let ours = [encrypted, plaintext].into_iter().flatten();
            let client = connections.client(&url, Connection::Kept).unwrap();
            let mut ours = ours.filter(|ours| std::ptr::eq(&raw const ours.kept, client));
            ours.next().map(|ours| ours.reach)
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
