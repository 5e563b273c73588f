//! Tokens from outside, and their claims.

use std::hint::black_box;

use edx_auth_core::{AccessToken, TokenType};

use crate::shown;

pub(crate) fn check(text: &str) {
    let token = match AccessToken::new(TokenType::Jwt, text) {
        Ok(token) => token,
        Err(error) => {
            assert!(!is_b64token(text), "{text:?}");
            return shown::check(&error, error.advice());
        }
    };
    assert!(is_b64token(text), "{text:?}");
    assert_eq!(token.expose(), text);
    assert_eq!(token.authorization(), format!("JWT {text}").as_str());
    assert_eq!(format!("{token:?}"), "AccessToken(JWT <redacted>)");
    check_claims(&token);
}

/// Returns whether the text is a `b64token` (RFC 6750 section 2.1).
fn is_b64token(text: &str) -> bool {
    let unpadded = text.trim_end_matches('=');
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    !unpadded.is_empty() && unpadded.chars().all(is_allowed)
}

fn check_claims(token: &AccessToken) {
    match token.claims() {
        Ok(claims) => {
            assert_eq!(token.expose().split('.').count(), 3);
            black_box((claims.username(), claims.subject(), claims.user_id()));
            black_box((claims.issued_at(), claims.expires_at(), claims.issuer()));
            black_box((claims.scopes(), claims.filters(), claims.roles()));
            black_box(format!("{claims:?}"));
        }
        Err(error) => shown::check(&error, error.advice()),
    }
}
