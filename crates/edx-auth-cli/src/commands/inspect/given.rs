//! A token in a file, in one of the forms in which tokens are passed on.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use edx_auth_ureq::{AccessToken, AccessTokenError, TokenType};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Reads the token in a file, or on standard input if the file is `-`.
pub(super) fn read(file: &Path) -> Result<AccessToken, Failure> {
    let text = if file == Path::new("-") {
        text(io::stdin().lock())
    } else {
        File::open(file).and_then(text)
    };
    Ok(parse(&text.map_err(Failure::TokenFile)?)?)
}

fn text(reader: impl Read) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    reader.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// Finds the token: in JSON, in lines of NAME=value, or as the last word, with its scheme as the word before.
fn parse(text: &str) -> Result<AccessToken, AccessTokenError> {
    if let Ok(object) = serde_json::from_str::<Object<'_>>(text) {
        return AccessToken::new(token_type(object.token_type), object.access_token);
    }
    if let Some(token) = value_of("EDX_ACCESS_TOKEN", text) {
        return AccessToken::new(token_type(value_of("EDX_TOKEN_TYPE", text)), token);
    }
    let mut words = text
        .trim_end_matches(['"', '\n', '\r', ' '])
        .split_whitespace();
    let token = words.next_back().unwrap_or_default();
    AccessToken::new(token_type(words.next_back()), token)
}

/// Returns the value of a variable, as `edx-auth token --format env` writes it.
fn value_of<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.trim_end().strip_prefix(name)?.strip_prefix('='))
}

/// A token as JSON. `edx-auth token` and token endpoints write it.
#[derive(Deserialize)]
struct Object<'a> {
    access_token: &'a str,
    token_type: Option<&'a str>,
}

fn token_type(name: Option<&str>) -> TokenType {
    name.and_then(TokenType::named).unwrap_or(TokenType::Jwt)
}

/// More than any token has.
const LONGEST: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn a_token_is_found_in_each_of_its_forms() {
        for (text, scheme) in [
            ("a.b.c", "JWT"),
            ("a.b.c\n", "JWT"),
            ("Bearer a.b.c\r\n", "Bearer"),
            ("Authorization: JWT a.b.c", "JWT"),
            ("header = \"Authorization: JWT a.b.c\"\n", "JWT"),
            ("edx-auth-token/1 1000 3600000 Bearer a.b.c\n", "Bearer"),
            ("EDX_ACCESS_TOKEN=a.b.c\nEDX_TOKEN_TYPE=Bearer\n", "Bearer"),
            (
                r#"{"access_token":"a.b.c","token_type":"Bearer","expires_in":1}"#,
                "Bearer",
            ),
        ] {
            let token = parse(text).unwrap();
            assert_eq!(token.authorization(), &format!("{scheme} a.b.c"), "{text}");
        }
        assert!(parse("").is_err() && parse("{\"a\": 1}").is_err());
    }
}
