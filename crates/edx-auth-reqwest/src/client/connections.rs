//! What calls go over: connections that were kept, and new ones.

use std::sync::OnceLock;

use edx_auth_core::ClientName;
use reqwest::Client;

use crate::stack;
use crate::tls::Reach;

/// A client that keeps connections, and one that does not for the call that met a stale one: the
/// next one out of the same store may be as stale.
#[derive(Debug)]
pub(super) struct Connections {
    kept: Client,
    new: New,
}

/// Which connection a request may take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Connection {
    /// One that was kept, if there is any.
    Kept,
    /// A new one, where the client is ours.
    New,
}

#[derive(Debug)]
enum New {
    /// Made when it is needed first: most programs never do.
    Ours(Reach, Option<ClientName>, OnceLock<Client>),
    /// A client that was handed in cannot be had a second time.
    LikeKept,
}

impl Connections {
    pub(super) fn ours(kept: Client, reach: Reach, name: Option<&ClientName>) -> Self {
        Self {
            kept,
            new: New::Ours(reach, name.cloned(), OnceLock::new()),
        }
    }

    pub(super) fn handed_in(kept: Client) -> Self {
        Self {
            kept,
            new: New::LikeKept,
        }
    }

    /// The client to send over.
    pub(super) fn client(&self, connection: Connection) -> &Client {
        match (connection, &self.new) {
            (Connection::New, New::Ours(reach, name, client)) => client.get_or_init(|| {
                let client = stack::unkept_api_client(*reach, name.as_ref());
                client.unwrap_or_else(|_| self.kept.clone())
            }),
            _ => &self.kept,
        }
    }
}
