//! Every constructor accepts any text and returns a value that can be printed, or an error with advice.

use edx_auth_core::{
    AccessToken, ApiUrl, ClientCredentials, EnvConfig, PlaintextHosts, Scope, TokenEndpoint,
    TokenType,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

proptest! {
    #[test]
    fn any_text_is_a_url_or_not(text in prop_oneof![text(), urlish()], host in text()) {
        let plaintext = PlaintextHosts::dangerously_allow([host]);

        shown(TokenEndpoint::open_edx(&text));
        shown(TokenEndpoint::exact_with(&text, &plaintext));
        shown(TokenEndpoint::open_edx_with(&text, &plaintext));
        shown(ApiUrl::new(&text, &plaintext));
    }

    #[test]
    fn any_text_is_a_credential_or_not(id in text(), secret in text()) {
        let credentials = ClientCredentials::new(id.as_str(), secret);

        if let Ok(credentials) = &credentials {
            prop_assert_eq!(credentials.client_id(), id);
        }
        shown(credentials);
    }

    #[test]
    fn any_text_is_a_scope_or_not(text in text()) {
        let scope = Scope::new(&text);

        if let Ok(scope) = &scope {
            prop_assert!(scope.iter().eq(text.split(' ').filter(|name| !name.is_empty())));
        }
        shown(scope);
    }

    #[test]
    fn a_text_is_a_token_if_a_header_can_carry_it(
        text in prop_oneof![text(), "[!-~]{0,8}", "[a-zA-Z0-9._~+/-]{0,8}={0,3}"],
    ) {
        let token = AccessToken::new(TokenType::Bearer, &text);

        prop_assert_eq!(token.is_ok(), is_b64token(&text));
        if let Ok(token) = &token {
            prop_assert_eq!(token.expose(), text);
        }
        shown(token);
    }

    #[test]
    fn any_bytes_are_an_environment_or_not(
        values in vec(option::weighted(0.7, bytes()), VARIABLES.len()),
        content in option::of(bytes()),
    ) {
        let variable = |name: &str| {
            let index = VARIABLES.iter().position(|known| *known == name)?;
            values[index].clone()
        };

        shown(EnvConfig::read(variable, |_| content.clone().ok_or("no such file")));
    }
}

/// Checks that the result can be printed.
fn shown<T: std::fmt::Debug, E: std::error::Error>(result: Result<T, E>) {
    match result {
        Ok(value) => assert!(!format!("{value:?}").is_empty()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Returns whether the text is a `b64token` (RFC 6750 section 2.1).
fn is_b64token(text: &str) -> bool {
    let unpadded = text.trim_end_matches('=');
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    !unpadded.is_empty() && unpadded.chars().all(allowed)
}

fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![any::<char>(), (0_u8..0x80).prop_map(char::from)];
    vec(character, 0..24).prop_map(String::from_iter)
}

fn urlish() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..8).prop_map(|pieces| pieces.concat())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..16),
        vec(b' '..=b'~', 1..16),
        urlish().prop_map(String::into_bytes),
    ]
}

const PIECES: &[&str] = &[
    "https://",
    "http://",
    "HTTP:",
    "//",
    "/",
    "\\",
    "@",
    ":",
    "?",
    "#",
    "%",
    "%40",
    "[::1]",
    "[",
    "]",
    ".",
    "..",
    "localhost",
    "127.0.0.1",
    "api.edx.org",
    "lms",
    "0",
    "443",
    "65536",
    "oauth2",
    "/access_token",
    "v1",
    "ü",
    "\t",
];

const VARIABLES: [&str; 6] = [
    "EDX_CLIENT_ID",
    "EDX_CLIENT_ID_FILE",
    "EDX_CLIENT_SECRET",
    "EDX_CLIENT_SECRET_FILE",
    "EDX_TOKEN_URL",
    "EDX_ALLOW_PLAINTEXT_HTTP",
];
