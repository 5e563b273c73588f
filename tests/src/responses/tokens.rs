//! The tokens in requests: valid ones, and invalid ones of every kind.

use serde_json::{Value, json};

use crate::jwt;

/// The kind of a token.
#[derive(Clone, Copy, Debug)]
pub enum Token {
    /// The JWT that the site issued.
    Issued,
    /// The opaque token that the site issued.
    Opaque,
    /// The site's claims under an invalid signature.
    TamperedSignature,
    /// The issued JWT with other claims under its signature.
    TamperedClaims,
    /// Signed with the right key, in another issuer's name.
    WrongIssuer,
    /// Signed with the right key, expired one second ago.
    JustExpired,
    /// Signed with the right key, issued three seconds ago for one second.
    ShortLived,
    /// Signed with the right key, without a claim `exp`.
    WithoutExpiry,
    /// Signed with the right key, with a major version that no service knows.
    UnknownVersion,
    /// Unsigned, with the algorithm `none`.
    Unsigned,
}

/// What is needed to create all tokens of one site.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The JWT that the site issued.
    pub issued: String,
    /// The opaque token that the site issued.
    pub opaque: String,
    /// The site's issuer.
    pub issuer: String,
    /// The site's signing key.
    pub key: String,
    /// Seconds since the Unix epoch.
    pub now: u64,
}

impl Tokens {
    pub(super) fn get(&self, token: Token) -> String {
        match token {
            Token::Issued => self.issued.clone(),
            Token::Opaque => self.opaque.clone(),
            Token::TamperedSignature => {
                jwt::with_signature("HS256", &self.claims(0, 3600), &[0; 32])
            }
            Token::TamperedClaims => jwt::with_other_claims(&self.issued, &self.claims(0, 9999)),
            Token::WrongIssuer => {
                self.signed(0, 3600, &[("iss", json!("https://elsewhere.example"))])
            }
            Token::JustExpired => self.signed(3601, 3600, &[]),
            Token::ShortLived => self.signed(3, 1, &[]),
            Token::WithoutExpiry => self.signed(0, 3600, &[("exp", Value::Null)]),
            Token::UnknownVersion => self.signed(0, 3600, &[("version", json!("9.0.0"))]),
            Token::Unsigned => jwt::with_signature("none", &self.claims(0, 3600), b""),
        }
    }

    /// Signs the claims with some of them replaced or, by null, removed.
    fn signed(&self, age: u64, lifetime: u64, changes: &[(&str, Value)]) -> String {
        let mut claims = self.claims(age, lifetime);
        let object = claims.as_object_mut().expect("claims are an object");
        for (name, value) in changes {
            object.insert((*name).to_owned(), value.clone());
        }
        object.retain(|_, value| !value.is_null());
        jwt::sign(&claims, &self.key)
    }

    fn claims(&self, age: u64, lifetime: u64) -> Value {
        jwt::claims(&self.issuer, self.now - age, lifetime)
    }
}
