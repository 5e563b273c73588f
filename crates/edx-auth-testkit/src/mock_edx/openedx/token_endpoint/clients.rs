use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The registered applications of a site.
#[derive(Debug)]
pub(crate) struct Clients {
    /// As it was when the site started.
    default: Client,
    registered: Mutex<Vec<Client>>,
}

impl Clients {
    /// Makes the first client of the client credentials grant the default. Adds one if there is
    /// none.
    pub(crate) fn new(mut registered: Vec<Client>) -> Self {
        let first = registered
            .iter()
            .find(|client| client.grant == RegisteredGrant::ClientCredentials);
        let default = match first {
            Some(client) => client.clone(),
            None => Client::of_client_credentials("mock-edx-client", "mock-edx-secret"),
        };
        if first.is_none() {
            registered.push(default.clone());
        }
        Self {
            default,
            registered: Mutex::new(registered),
        }
    }

    pub(crate) fn default(&self) -> &Client {
        &self.default
    }

    /// Returns the client with this ID and secret.
    pub(crate) fn authenticate(&self, id: &str, secret: &str) -> Option<Client> {
        let registered = self.registered();
        let mut clients = registered.iter();
        clients
            .find(|client| client.id == id && client.secret == secret)
            .cloned()
    }

    /// Removes the client with this ID.
    pub(crate) fn remove(&self, id: &str) {
        self.registered().retain(|client| client.id != id);
    }

    /// Replaces the secret of the client with this ID, or registers the client.
    pub(crate) fn set_secret(&self, id: &str, secret: &str) {
        let mut registered = self.registered();
        match registered.iter_mut().find(|client| client.id == id) {
            Some(client) => secret.clone_into(&mut client.secret),
            None => registered.push(Client::of_client_credentials(id, secret)),
        }
    }

    fn registered(&self) -> MutexGuard<'_, Vec<Client>> {
        let registered = self.registered.lock();
        registered.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A registered application. django-oauth-toolkit registers each for a single grant.
#[derive(Clone)]
pub(crate) struct Client {
    id: String,
    secret: String,
    grant: RegisteredGrant,
}

impl Client {
    pub(crate) fn of_client_credentials(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            grant: RegisteredGrant::ClientCredentials,
        }
    }

    pub(crate) fn of_another_grant(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            grant: RegisteredGrant::Another,
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    pub(crate) fn grant(&self) -> RegisteredGrant {
        self.grant
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.id)
            .field("grant", &self.grant)
            .finish_non_exhaustive()
    }
}

/// The grant that a client is registered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegisteredGrant {
    ClientCredentials,
    Another,
}

#[cfg(test)]
mod tests {
    use super::{Client, Clients};

    #[test]
    fn the_first_client_of_the_right_grant_is_the_default() {
        let clients = Clients::new(vec![
            Client::of_another_grant("login", "l"),
            Client::of_client_credentials("first", "f"),
            Client::of_client_credentials("second", "s"),
        ]);

        assert_eq!(clients.default().id(), "first");
        assert!(clients.authenticate("second", "s").is_some());
        assert!(clients.authenticate("login", "l").is_some());
    }

    #[test]
    fn a_site_without_a_usable_client_gets_one() {
        let clients = Clients::new(vec![Client::of_another_grant("login", "l")]);

        assert_eq!(clients.default().id(), "mock-edx-client");
    }

    #[test]
    fn a_secret_is_valid_for_its_own_id_only() {
        let clients = Clients::new(vec![
            Client::of_client_credentials("first", "f"),
            Client::of_client_credentials("second", "s"),
        ]);

        assert!(clients.authenticate("first", "s").is_none());
        assert!(clients.authenticate("first", "").is_none());
    }

    #[test]
    fn a_new_secret_replaces_the_old_one() {
        let clients = Clients::new(vec![Client::of_client_credentials("first", "old")]);

        clients.set_secret("first", "new");

        assert!(clients.authenticate("first", "old").is_none());
        assert!(clients.authenticate("first", "new").is_some());
    }

    #[test]
    fn a_removed_client_comes_back_with_a_secret() {
        let clients = Clients::new(vec![Client::of_client_credentials("first", "old")]);

        clients.remove("first");
        assert!(clients.authenticate("first", "old").is_none());
        clients.set_secret("first", "new");

        assert!(clients.authenticate("first", "new").is_some());
    }

    #[test]
    fn debug_shows_no_secret() {
        let client = Client::of_client_credentials("an-id", "planted");

        let shown = format!("{client:?}");

        assert_eq!(
            shown,
            "Client { id: \"an-id\", grant: ClientCredentials, .. }"
        );
    }
}
