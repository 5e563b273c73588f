use serde_json::Value;

use super::claims::{self, Lifetime};
use super::clients::Client;
use super::clock::Clock;
use super::jwt::SigningKey;

/// Signs tokens, and knows its own again.
#[derive(Debug)]
pub(crate) struct Issuer {
    /// The claim `iss`.
    name: String,
    clock: Clock,
    lifetime_seconds: u64,
    signing_key: SigningKey,
}

impl Issuer {
    pub(crate) fn new(name: String, clock: Clock, lifetime_seconds: u64) -> Self {
        Self {
            name,
            clock,
            lifetime_seconds,
            signing_key: SigningKey::random(),
        }
    }

    /// A new JWT for this client.
    pub(crate) fn issue(&self, client: &Client, scopes: &[&str]) -> String {
        let lifetime = Lifetime {
            issued_at: self.clock.unix_seconds(),
            seconds: self.lifetime_seconds,
        };
        let claims = claims::claims(client, scopes, &self.name, lifetime);
        self.signing_key.sign(&claims)
    }

    /// The claims of a token that was issued here and is good now.
    pub(crate) fn claims_of(&self, token: &str) -> Option<Value> {
        let now = self.clock.unix_seconds();
        self.signing_key
            .open(token)
            .filter(|claims| claims::are_valid(claims, &self.name, now))
    }

    pub(crate) fn lifetime_seconds(&self) -> u64 {
        self.lifetime_seconds
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.signing_key
    }
}
