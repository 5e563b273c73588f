//! What a token says and when it is good, after edx-platform's `oauth_dispatch/jwt.py` and
//! edx-drf-extensions' decoder.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::clients::Client;

/// When a token is issued and how long it shall live.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    /// Seconds since the Unix epoch.
    pub(crate) issued_at: u64,
    /// Seconds from then on.
    pub(crate) seconds: u64,
}

/// The claims of a token for the user who owns `client`. The personal ones come with the scopes
/// `email` and `profile` only.
pub(crate) fn claims(client: &Client, scopes: &[&str], issuer: &str, lifetime: Lifetime) -> Value {
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
        ("sub", json!(anonymous_user_id(client.id()))),
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

/// Whether a service takes these claims at `now`, in seconds since the Unix epoch: no leeway
/// either way, whatever `JWT_LEEWAY` says.
pub(crate) fn are_valid(claims: &Value, issuer: &str, now: u64) -> bool {
    claims["iss"] == issuer
        && claims["exp"].as_u64().is_some_and(|expiry| expiry > now)
        && claims["iat"].as_u64().is_none_or(|issued| issued <= now)
        && is_known_version(&claims["version"])
}

/// A service refuses a token whose major version is beyond its own; one without a version is old,
/// and fine.
fn is_known_version(version: &Value) -> bool {
    let Some(version) = version.as_str() else {
        return version.is_null();
    };
    let major = version.split('.').next().unwrap_or_default();
    major.parse::<u32>().is_ok_and(|major| major <= 1)
}

/// 32 hex digits, always the same for one client, as `anonymous_id_for_user` gives for a user.
fn anonymous_user_id(client_id: &str) -> String {
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

    use super::{Client, Lifetime, Value, are_valid, claims, json};

    const ISSUER: &str = "http://127.0.0.1/oauth2";
    const LIFETIME: Lifetime = Lifetime {
        issued_at: 1000,
        seconds: 60,
    };

    fn issued(scopes: &[&str]) -> Value {
        let client = Client::of_client_credentials("an-id", "a-secret");
        claims(&client, scopes, ISSUER, LIFETIME)
    }

    #[test]
    fn a_token_is_good_from_its_birth_to_the_second_before_its_end() {
        let claims = issued(&["read"]);

        assert!(!are_valid(&claims, ISSUER, 999));
        assert!(are_valid(&claims, ISSUER, 1000));
        assert!(are_valid(&claims, ISSUER, 1059));
        assert!(!are_valid(&claims, ISSUER, 1060));
    }

    #[test]
    fn what_a_service_does_not_trust_is_refused() {
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
    fn every_token_says_whose_it_is() {
        let claims = issued(&["read"]);

        assert_eq!(claims["grant_type"], "client-credentials");
        assert_eq!(claims["scopes"], json!(["read"]));
        assert_eq!(claims["exp"], 1060);
        assert_eq!(claims["filters"], json!([]));
        assert!(claims["sub"].as_str().is_some_and(|sub| sub.len() == 32));
    }
}
