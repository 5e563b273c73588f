//! The clients every site knows; they are created in `tests/openedx/open_edx.py`.

/// A client's identity pair.
#[derive(Clone, Copy, Debug)]
pub struct TestClient {
    /// Its `client_id`.
    pub id: &'static str,
    /// Its `client_secret`.
    pub secret: &'static str,
}

/// Confidential, registered for client credentials: what edX hands out.
pub const CLIENT: TestClient = TestClient {
    id: "test-client",
    secret: "test-secret",
};

/// Like [`CLIENT`], with everything in its names that form encoding has to get right.
pub const AWKWARD_CLIENT: TestClient = TestClient {
    id: "id+/ü &=%",
    secret: "sécret:+/ &=%",
};

/// A login pair: its secret is right, but it is registered for the authorization-code grant.
pub const LOGIN_CLIENT: TestClient = TestClient {
    id: "login-client",
    secret: "login-secret",
};
