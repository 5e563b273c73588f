//! JSON Web Tokens, signed by the LMS or forged.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

/// Returns all claims of a client-credentials token of the LMS, issued by `issuer` at `issued_at`
/// (seconds since the Unix epoch) for `lifetime` seconds.
pub fn claims(issuer: &str, issued_at: u64, lifetime: u64) -> Value {
    json!({
        "aud": "lms-key",
        "exp": issued_at + lifetime,
        "grant_type": "client-credentials",
        "iat": issued_at,
        "iss": issuer,
        "preferred_username": "api_user",
        "scopes": ["read", "write", "email", "profile"],
        "version": "1.2.0",
        "sub": "61b827357f7badb817280b4851c79efa",
        "filters": [],
        "is_restricted": false,
        "email_verified": true,
        "email": "api_user@example.com",
        "name": "Ada Byron",
        "family_name": "Byron",
        "given_name": "Ada",
        "administrator": false,
        "superuser": false,
    })
}

/// Signs `claims` with HS256, the LMS's default.
pub fn sign(claims: &Value, key: &str) -> String {
    let signed = signed_part("HS256", claims);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any key length will do");
    mac.update(signed.as_bytes());
    let signature = BASE64URL.encode(mac.finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// Returns a token that claims to be signed with `algorithm`, and has these bytes as its signature.
pub fn with_signature(algorithm: &str, claims: &Value, signature: &[u8]) -> String {
    let signed = signed_part(algorithm, claims);
    format!("{signed}.{}", BASE64URL.encode(signature))
}

/// Returns `token` with other claims and its old signature.
pub fn with_other_claims(token: &str, claims: &Value) -> String {
    let [header, _, signature] = parts(token).expect("a token of three parts");
    format!("{header}.{}.{signature}", encode(claims))
}

/// Returns the header and the claims of `token` without verifying it, or `None` if it is no JWT.
pub fn decode(token: &str) -> Option<(Value, Value)> {
    let [header, claims, _] = parts(token)?;
    Some((decode_part(header)?, decode_part(claims)?))
}

fn signed_part(algorithm: &str, claims: &Value) -> String {
    let header = BASE64URL.encode(format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#));
    format!("{header}.{}", encode(claims))
}

fn encode(claims: &Value) -> String {
    BASE64URL.encode(claims.to_string())
}

fn parts(token: &str) -> Option<[&str; 3]> {
    token.split('.').collect::<Vec<_>>().try_into().ok()
}

fn decode_part(part: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64URL.decode(part).ok()?).ok()
}
