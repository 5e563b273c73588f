use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

mod claims;
mod jwt;

use super::clock::Clock;
use claims::Lifetime;
use jwt::SigningKey;

/// Issues JWTs, and verifies them.
#[derive(Debug)]
pub(crate) struct Issuer {
    /// The claim `iss`.
    name: String,
    clock: Clock,
    lifetime_seconds: u64,
    signing_key: SigningKey,
    /// The users whose tokens are not valid.
    revoked: Mutex<BTreeSet<String>>,
}

impl Issuer {
    pub(crate) fn new(name: String, clock: Clock, lifetime_seconds: u64) -> Self {
        Self {
            name,
            clock,
            lifetime_seconds,
            signing_key: SigningKey::random(),
            revoked: Mutex::default(),
        }
    }

    /// Issues a JWT for this client.
    pub(crate) fn issue(&self, client_id: &str, scopes: &[&str]) -> String {
        let lifetime = Lifetime {
            issued_at: self.clock.unix_seconds(),
            seconds: self.lifetime_seconds,
        };
        let claims = claims::claims(client_id, scopes, &self.name, lifetime);
        self.signing_key.sign(&claims)
    }

    /// Returns the claims of a token that this issuer issued and that is valid now.
    pub(crate) fn claims_of(&self, token: &str) -> Option<Value> {
        let now = self.clock.unix_seconds();
        let claims = self.signing_key.open(token)?;
        let user = claims.get("sub")?.as_str()?;
        let is_revoked = self.revoked().contains(user);
        (!is_revoked && claims::are_valid(&claims, &self.name, now)).then_some(claims)
    }

    /// Makes every token of this client invalid.
    pub(crate) fn revoke(&self, client_id: &str) {
        self.revoked().insert(claims::anonymous_user_id(client_id));
    }

    /// Makes the tokens of this client valid again.
    pub(crate) fn restore(&self, client_id: &str) {
        self.revoked().remove(&claims::anonymous_user_id(client_id));
    }

    fn revoked(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner)
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
