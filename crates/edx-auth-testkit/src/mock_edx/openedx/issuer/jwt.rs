//! Compact JSON Web Tokens signed with HS256 (RFC 7515 section 3.1, RFC 7518 section 3.2).

use std::fmt;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::mock_edx::openedx::random::random_bytes;

/// The secret key of the site. It can be replaced while the site runs.
pub(crate) struct SigningKey {
    bytes: Mutex<[u8; 64]>,
}

impl SigningKey {
    pub(crate) fn random() -> Self {
        Self {
            bytes: Mutex::new(random_bytes()),
        }
    }

    /// Replaces the key: tokens signed so far are no longer valid.
    pub(crate) fn rotate(&self) {
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) = random_bytes();
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(HEADER), encode(claims.to_string()));
        let signature = self.mac(&signed).finalize().into_bytes();
        format!("{signed}.{}", encode(signature))
    }

    /// Returns the claims of a token that this key signed. Does not check the claims.
    pub(crate) fn open(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        if decode_json(header)?.get("alg")? != "HS256" {
            return None;
        }
        self.mac(signed).verify_slice(&decode(signature)?).ok()?;
        decode_json(claims)
    }

    fn mac(&self, signed: &str) -> Hmac<Sha256> {
        let key = *self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        Hmac::<Sha256>::new(&key.into()).chain_update(signed)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey")
    }
}

fn encode(part: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

fn decode_json(part: &str) -> Option<Value> {
    serde_json::from_slice(&decode(part)?).ok()
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use serde_json::json;

    use super::{SigningKey, decode_json, encode};

    #[test]
    fn a_signed_token_verifies() {
        let key = SigningKey::random();
        let claims = json!({"sub": "someone"});

        let token = key.sign(&claims);

        assert_eq!(key.open(&token), Some(claims));
        let header = token.split('.').next().unwrap();
        assert_eq!(
            decode_json(header).unwrap(),
            json!({"alg": "HS256", "typ": "JWT"})
        );
    }

    #[test]
    fn a_rotated_key_rejects_earlier_tokens() {
        let key = SigningKey::random();
        let token = key.sign(&json!({}));

        key.rotate();

        assert_eq!(key.open(&token), None);
    }

    #[test]
    fn forged_tokens_do_not_verify() {
        let key = SigningKey::random();
        let token = key.sign(&json!({"sub": "someone"}));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let other_claims = encode(r#"{"sub":"another"}"#);
        let no_algorithm = encode(r#"{"alg":"none","typ":"JWT"}"#);

        for forged in [
            String::new(),
            "garbage".to_owned(),
            "a.b.c".to_owned(),
            format!("{header}.{other_claims}.{signature}"),
            format!("{no_algorithm}.{claims}."),
            format!("{no_algorithm}.{claims}.{signature}"),
            format!("{signed}."),
            format!("{signed}.{signature}A"),
            format!("{token}.{signature}"),
        ] {
            assert_eq!(key.open(&forged), None, "{forged}");
        }
    }
}
