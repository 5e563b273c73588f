//! The response that every row reads: 1.1 KB of JSON around a token of 1.0 KiB.

/// Returns a token response of Open edX with a JWT of about this many bytes.
#[must_use]
pub fn with_jwt(length: usize) -> Vec<u8> {
    around(&jwt(length))
}

/// Returns the same with an opaque token, which has no claims.
#[must_use]
pub fn with_opaque_token(length: usize) -> Vec<u8> {
    around(&"0123456789abcdef".repeat(length.div_ceil(16)))
}

/// Returns a JWT of about this many bytes with the claims of Open edX and one claim of filler.
#[must_use]
pub fn jwt(length: usize) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let claims = r#"{"aud":"openedx","exp":1700003600,"grant_type":"client-credentials","iat":1700000000,"iss":"https://courses.example.org/oauth2","preferred_username":"acme-api","scopes":["read","write","profile","email"],"version":"1.2.0","sub":"0c1f2e3d4c5b6a79880f1e2d3c4b5a69","filters":[],"is_restricted":false,"email_verified":true,"administrator":false,"superuser":false,"roles":[],"padding":""#;
    let around = HEADER.len() + SIGNATURE.len() + 2;
    let room = length.saturating_sub(around) / 4 * 3;
    let padding = "x".repeat(room.saturating_sub(claims.len() + 2));
    let payload = URL_SAFE_NO_PAD.encode(format!("{claims}{padding}\"}}"));
    format!("{HEADER}.{payload}.{SIGNATURE}")
}

fn around(token: &str) -> Vec<u8> {
    format!(
        "{{\"access_token\": \"{token}\", \"expires_in\": 3600, \"token_type\": \"JWT\", \
         \"scope\": \"read write profile email\"}}"
    )
    .into_bytes()
}

const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
const SIGNATURE: &str = "c2lnbmF0dXJlLW9mLXRoaXJ0eS10d28tYnl0ZXMtMDA";
