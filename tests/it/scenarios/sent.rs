//! A request as the site got it: all that the protocol is about, and nothing that differs between
//! HTTP stacks by right, such as their names.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use edx_auth_testkit::{Fingerprint, MockEdx, ReceivedRequest};
use edx_auth_tests::openedx::{CLIENT, TestClient};

/// Two of them are the same request, whoever sent it. Secrets are fingerprints, and a token is its
/// generation, since no two sites issue the same.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Sent {
    method: String,
    path: String,
    headers: Vec<(&'static str, String)>,
    fields: Vec<(&'static str, String)>,
    client_secret: Option<Fingerprint>,
}

/// The usual token request, by [`CLIENT`].
pub(super) fn asked() -> Sent {
    asked_by(CLIENT)
}

pub(super) fn asked_by(client: TestClient) -> Sent {
    let form = "application/x-www-form-urlencoded";
    Sent {
        method: String::from("POST"),
        path: String::from(MockEdx::TOKEN_PATH),
        headers: pairs([
            ("content-type", form),
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
        ]),
        fields: pairs([
            ("grant_type", "client_credentials"),
            ("client_id", client.id),
            ("token_type", "jwt"),
        ]),
        client_secret: Some(Fingerprint::of(client.secret)),
    }
}

/// The usual token request, with the pair in the header.
pub(super) fn asked_by_basic(client: TestClient) -> Sent {
    let mut sent = asked_by(client);
    sent.fields.retain(|(name, _)| *name != "client_id");
    let [id, secret] = [client.id, client.secret].map(form_encoded);
    let pair = Fingerprint::of(STANDARD.encode(format!("{id}:{secret}")));
    sent.headers
        .push(("authorization", format!("Basic {pair}")));
    sent
}

/// A call of the catalogs with the token of this generation.
pub(super) fn called_with(generation: u64) -> Sent {
    let token = format!("JWT of generation {generation}");
    Sent {
        method: String::from("GET"),
        path: String::from(MockEdx::CATALOGS_PATH),
        headers: pairs([
            ("accept", "application/json"),
            ("accept-language", "en"),
            ("authorization", &token),
        ]),
        fields: Vec::new(),
        client_secret: None,
    }
}

impl Sent {
    /// The same, for this scope.
    pub(super) fn scope(mut self, scope: &str) -> Self {
        self.fields.extend(pairs([("scope", scope)]));
        self
    }

    /// What arrived; `generation` knows the tokens.
    pub(super) fn of(
        request: &ReceivedRequest,
        generation: impl Fn(Fingerprint) -> Option<u64>,
    ) -> Self {
        let header = |name| Some((name, request.header(name)?.to_owned()));
        let field = |name| Some((name, request.form_field(name)?.to_owned()));
        let mut headers: Vec<_> = HEADERS.into_iter().filter_map(header).collect();
        if let Some(generation) = request.token().and_then(generation) {
            headers.retain(|(name, _)| *name != "authorization");
            headers.push(("authorization", format!("JWT of generation {generation}")));
        }
        Self {
            method: request.method().to_owned(),
            path: request.path().to_owned(),
            headers,
            fields: FIELDS.into_iter().filter_map(field).collect(),
            client_secret: request.client_secret(),
        }
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        for (name, value) in &self.headers {
            write!(f, " {name}: {value}")?;
        }
        for (name, value) in &self.fields {
            write!(f, " {name}={value}")?;
        }
        match self.client_secret {
            Some(secret) => write!(f, " client_secret={secret}"),
            None => Ok(()),
        }
    }
}

fn pairs<const N: usize>(pairs: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    pairs.map(|(name, value)| (name, value.to_owned())).into()
}

fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Those that are sent, in order, and those that no driver may add.
const HEADERS: [&str; 10] = [
    "content-type",
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cookie",
    "expect",
    "referer",
    "transfer-encoding",
    "x-token-type",
];

const FIELDS: [&str; 4] = ["grant_type", "client_id", "token_type", "scope"];
