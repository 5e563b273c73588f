//! The canaries, a secret and a token: how they are planted in a response, and how they are found in what is
//! printed after it.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use serde_json::Value;

/// A secret with every kind of character that an encoding changes.
const SECRET: &str = "zQ7/Xw+Kp=9&Vb%ßY ωJ4~uN";

/// A token with every character that a token may have besides letters and digits.
const TOKEN: &str = "Hx7_Rv-4.Jm3~Lp8/Wd+2kTn.bG5fUc9==";

/// A request for a JWT, with the secret.
pub(crate) static REQUEST: LazyLock<TokenRequest> = LazyLock::new(|| {
    let credentials = ClientCredentials::new("acme-api", SECRET).expect("valid credentials");
    TokenRequest::new(TokenEndpoint::edx(), credentials)
});

/// Marks in a text, and what replaces each: the secret in one encoding, or the token.
static MARKS: LazyLock<[(&[u8], String); 4]> = LazyLock::new(|| {
    [
        (&b"$SECRET"[..], SECRET.to_owned()),
        (b"$FORM", form_encoded(SECRET)),
        (b"$BASIC", BASIC.clone()),
        (b"$TOKEN", TOKEN.to_owned()),
    ]
});

static BASIC: LazyLock<String> =
    LazyLock::new(|| BASE64_STANDARD.encode(format!("acme-api:{}", form_encoded(SECRET))));

/// Returns the text with the secret or the token in place of each mark.
pub(crate) fn planted(text: &[u8]) -> Vec<u8> {
    let mut planted = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        let mut marks = MARKS.iter().filter(|_| first == b'$');
        let mark = marks.find(|(mark, _)| rest.starts_with(mark));
        if let Some((mark, echo)) = mark {
            planted.extend_from_slice(echo.as_bytes());
            rest = &rest[mark.len()..];
        } else {
            planted.push(first);
            rest = behind;
        }
    }
    planted
}

/// Checks that the printed texts contain neither the secret, in any encoding, nor the token.
pub(crate) fn assert_absent(shown: &[String]) {
    let is_leak = |text: &&String| shows_secret(text) || text.contains(TOKEN);
    let leak = shown.iter().find(is_leak);
    assert_eq!(leak, None);
}

/// Checks the texts printed after a token response with this body for the secret, and for the token if it is
/// the response's `access_token`: in another field it is text like any other.
pub(crate) fn assert_absent_from_the_end_of(body: &[u8], shown: &[String]) {
    let response: Value = serde_json::from_slice(body).unwrap_or_default();
    let is_token = response["access_token"] == TOKEN;
    let is_leak = |text: &&String| shows_secret(text) || (is_token && text.contains(TOKEN));
    let leak = shown.iter().find(is_leak);
    assert_eq!(leak, None);
}

/// Returns whether the text contains the secret: unchanged, percent-encoded in any part, form-encoded, or in
/// HTTP Basic.
fn shows_secret(text: &str) -> bool {
    let basic = BASIC.trim_end_matches('=');
    let stands_in = |text: &str| text.contains(SECRET) || text.contains(basic);
    stands_in(text)
        || (text.contains(['%', '+'])
            && (stands_in(&percent_decoded(text))
                || stands_in(&percent_decoded(&text.replace('+', " ")))))
}

fn percent_decoded(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let byte = (first == b'%').then(|| hex_byte(behind)).flatten();
        decoded.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex_byte(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
