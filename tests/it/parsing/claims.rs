//! Claims are read from every possible token, and a JWT is not served after its own `exp`.

use std::hint::black_box;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use edx_auth_core::{AccessToken, TokenType};
use http::Response;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

proptest! {
    #[test]
    fn any_text_with_two_dots_has_claims_or_none(text in "[a-zA-Z0-9_-]{0,24}\\.[a-zA-Z0-9_~+/-]{0,48}\\.[a-zA-Z0-9_-]{1,24}") {
        let token = AccessToken::new(TokenType::Jwt, &text).unwrap();

        read_everything(&token);
    }

    #[test]
    fn any_payload_has_claims_or_none(payload in payload()) {
        let encoded = BASE64_URL_SAFE_NO_PAD.encode(payload);
        let token = AccessToken::new(TokenType::Jwt, &format!("e30.{encoded}.c2ln")).unwrap();

        read_everything(&token);
    }

    #[test]
    fn no_token_outlives_its_own_claims(iat in moment(), exp in moment(), expires_in in 1..100_000_u32) {
        let payload = BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"iat": {iat}, "exp": {exp}}}"#));
        let body = format!(
            r#"{{"access_token": "e30.{payload}.c2ln", "token_type": "JWT", "expires_in": {expires_in}}}"#
        );
        let (_, exchange) = super::request_for_both().begin();

        let life = exchange.finish(Response::new(body.as_bytes())).map(|issued| issued.lifetime());

        let told = (exp - iat).min(expires_in.into());
        match u64::try_from(told - 1) {
            Ok(left @ 1..) => prop_assert_eq!(life.unwrap(), Duration::from_secs(left)),
            _ => prop_assert!(life.is_err()),
        }
    }
}

fn read_everything(token: &AccessToken) {
    let Ok(claims) = token.claims() else { return };
    black_box(format!("{claims:?}"));
    black_box((claims.username(), claims.subject(), claims.user_id()));
    black_box((claims.issuer(), claims.issued_at(), claims.expires_at()));
    black_box((claims.scopes(), claims.filters(), claims.roles()));
}

/// Generates seconds since the epoch: of 2023, around zero, or up to 2106.
fn moment() -> impl Strategy<Value = i64> {
    prop_oneof![
        1_700_000_000..1_700_100_000_i64,
        -10..10_i64,
        0..i64::from(u32::MAX)
    ]
}

/// Generates bytes, or an object of claims with values of every kind.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    let claim = (select(CLAIMS), select(VALUES));
    let claims = vec(claim, 0..4).prop_map(|claims| {
        let claims: Vec<_> = claims
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", claims.join(",")).into_bytes()
    });
    prop_oneof![1 => vec(any::<u8>(), 0..48), 4 => claims]
}

const CLAIMS: &[&str] = &[
    "iat",
    "exp",
    "iss",
    "sub",
    "user_id",
    "preferred_username",
    "email_verified",
    "scopes",
    "roles",
    "superuser",
];

const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e300",
    "-1e300",
    "1e400",
    "18446744073709551615",
    "\"\"",
    "\"x\"",
    "\"\\u0000\"",
    "[]",
    "[\"read\"]",
    "[null]",
    "{}",
];
