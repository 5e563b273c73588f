//! The clients that every site knows, created in `tests/openedx/open_edx.py`.

/// The credentials of a client.
#[derive(Clone, Copy, Debug)]
pub struct TestClient {
    /// Its `client_id`.
    pub id: &'static str,
    /// Its `client_secret`.
    pub secret: &'static str,
}

/// A confidential client, registered for client credentials: what edX hands out.
pub const CLIENT: TestClient = TestClient {
    id: "test-client",
    secret: "test-secret",
};

/// Like [`CLIENT`], with every kind of character that form encoding changes.
pub const AWKWARD_CLIENT: TestClient = TestClient {
    id: "id+/ü &=%",
    secret: "sécret:+/ &=%",
};

/// The client of a login: its secret is right, but it is registered for the authorization-code grant.
pub const LOGIN_CLIENT: TestClient = TestClient {
    id: "login-client",
    secret: "login-secret",
};
