//! The claims of a token and when they are valid, after edx-platform's `oauth_dispatch/jwt.py` and
//! the decoder of edx-drf-extensions.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// When a token is issued and how long it is valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    /// Seconds since the Unix epoch.
    pub(crate) issued_at: u64,
    /// Seconds from `issued_at` to expiry.
    pub(crate) seconds: u64,
}

/// Returns the claims of a token for the user who owns the client. Only the scopes `email` and
/// `profile` add personal claims.
pub(crate) fn claims(client_id: &str, scopes: &[&str], issuer: &str, lifetime: Lifetime) -> Value {
    let mut claims = vec![
        ("aud", json!("lms-key")),
        (
            "exp",
            json!(lifetime.issued_at.saturating_add(lifetime.seconds)),
        ),
        ("grant_type", json!("client-credentials")),
        ("iat", json!(lifetime.issued_at)),
        ("iss", json!(issuer)),
        ("preferred_username", json!(USERNAME)),
        ("scopes", json!(scopes)),
        ("version", json!("1.2.0")),
        ("sub", json!(anonymous_user_id(client_id))),
        ("filters", json!([])),
        ("is_restricted", json!(false)),
        ("email_verified", json!(true)),
    ];
    if scopes.contains(&"email") {
        claims.push(("email", json!(format!("{USERNAME}@example.com"))));
    }
    if scopes.contains(&"profile") {
        claims.extend([
            ("name", json!("Mock Worker")),
            ("family_name", json!("Worker")),
            ("given_name", json!("Mock")),
            ("administrator", json!(false)),
            ("superuser", json!(false)),
        ]);
    }
    claims.into_iter().collect()
}

/// Returns whether a service accepts these claims at `now`, in seconds since the Unix epoch. There
/// is no leeway: edx-drf-extensions ignores `JWT_LEEWAY`.
pub(crate) fn are_valid(claims: &Value, issuer: &str, now: u64) -> bool {
    claims["iss"] == issuer
        && claims["exp"].as_u64().is_some_and(|expiry| expiry > now)
        && claims["iat"].as_u64().is_none_or(|issued| issued <= now)
        && is_known_version(&claims["version"])
}

/// Returns whether a service supports this version: it rejects a higher major version and accepts a
/// missing one.
fn is_known_version(version: &Value) -> bool {
    let Some(version) = version.as_str() else {
        return version.is_null();
    };
    let major = version.split('.').next().unwrap_or_default();
    major.parse::<u32>().is_ok_and(|major| major <= 1)
}

/// Returns 32 hex digits that depend on the client ID only, like edx-platform's
/// `anonymous_id_for_user`.
pub(crate) fn anonymous_user_id(client_id: &str) -> String {
    Sha256::digest(client_id)
        .iter()
        .take(16)
        .fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

const USERNAME: &str = "mock-worker";

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test may panic")]

    use super::{Lifetime, Value, are_valid, claims, json};

    const ISSUER: &str = "http://127.0.0.1/oauth2";
    const LIFETIME: Lifetime = Lifetime {
        issued_at: 1000,
        seconds: 60,
    };

    fn issued(scopes: &[&str]) -> Value {
        claims("an-id", scopes, ISSUER, LIFETIME)
    }

    #[test]
    fn a_token_is_valid_from_iat_to_the_second_before_exp() {
        let claims = issued(&["read"]);

        assert!(!are_valid(&claims, ISSUER, 999));
        assert!(are_valid(&claims, ISSUER, 1000));
        assert!(are_valid(&claims, ISSUER, 1059));
        assert!(!are_valid(&claims, ISSUER, 1060));
    }

    #[test]
    fn claims_that_a_service_does_not_trust_are_invalid() {
        for (name, value) in [
            ("iss", json!("http://elsewhere/oauth2")),
            ("iss", Value::Null),
            ("exp", Value::Null),
            ("exp", json!("1060")),
            ("version", json!("9.0.0")),
            ("version", json!("new")),
        ] {
            let mut claims = issued(&["read"]);
            claims[name] = value;

            assert!(!are_valid(&claims, ISSUER, 1000), "{claims}");
        }
    }

    #[test]
    fn personal_claims_come_with_their_scopes() {
        let anonymous = issued(&["read", "write"]);
        let personal = issued(&["read", "write", "email", "profile"]);

        assert!(anonymous.get("email").is_none() && anonymous.get("name").is_none());
        assert_eq!(personal["email"], "mock-worker@example.com");
        assert_eq!(personal["administrator"], false);
    }

    #[test]
    fn every_token_identifies_its_user() {
        let claims = issued(&["read"]);

        assert_eq!(claims["grant_type"], "client-credentials");
        assert_eq!(claims["scopes"], json!(["read"]));
        assert_eq!(claims["exp"], 1060);
        assert_eq!(claims["filters"], json!([]));
        assert!(claims["sub"].as_str().is_some_and(|sub| sub.len() == 32));
    }
}
