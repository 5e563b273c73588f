//! A server that echoes the secret or the token in any part of its response.

use edx_auth_core::TokenRequest;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Response};
use serde_json::{Value, json};

use super::canary::{SECRET_FORMS, TOKEN, piece_in, request};
use super::outcome;

#[test]
fn an_echoed_secret_is_not_shown() {
    let request = request();

    for form in SECRET_FORMS.iter() {
        let leaking = leaking_places(&request, SECRET_PLACES, form);

        assert!(leaking.is_empty(), "{form}: {leaking:#?}");
    }
}

#[test]
fn an_echoed_token_is_not_shown() {
    for request in [request(), request().allow_bearer()] {
        let leaking = leaking_places(&request, TOKEN_PLACES, TOKEN);

        assert!(leaking.is_empty(), "{leaking:#?}");
    }
}

/// Invalid scope names are left out of the error, which must not join the parts of an echo.
#[test]
fn an_echoed_secret_split_by_an_invalid_name_is_not_shown() {
    let request = request();
    let mut forms = SECRET_FORMS.iter();
    let (before, after) = forms.find_map(|form| form.split_once("%20")).unwrap();
    let scope = format!("{before} \u{1} {after}");

    let response = object(200, &granted("scope", &json!(scope)));

    let shown = outcome::shown(&request, &response).concat();
    assert_eq!(piece_in(&shown), None, "{shown}");
}

/// Returns the places where an echo is printed, in any context.
fn leaking_places<'a>(request: &TokenRequest, places: &[Place<'a>], echo: &str) -> Vec<&'a str> {
    let leaks = |response: fn(&str) -> Response<Vec<u8>>| {
        let responses = in_context(echo).map(|echo| response(&echo));
        let mut shown = responses
            .iter()
            .flat_map(|response| outcome::shown(request, response));
        shown.any(|text| piece_in(&text).is_some())
    };
    let leaking = places.iter().filter(|(_, response)| leaks(*response));
    leaking.map(|(place, _)| *place).collect()
}

/// Returns the echo alone, in a sentence, in a form, and where a long text is cut.
fn in_context(echo: &str) -> [String; 5] {
    [
        echo.to_owned(),
        format!("no client has the secret \"{echo}\"!"),
        format!("grant_type=client_credentials&client_secret={echo}&token_type=jwt"),
        "x".repeat(240) + echo,
        "x ".repeat(400) + echo,
    ]
}

type Place<'a> = (&'a str, fn(&str) -> Response<Vec<u8>>);

#[rustfmt::skip] // read as a table
const SECRET_PLACES: &[Place<'_>] = &[
    ("error", |echo| object(400, &json!({"error": echo}))),
    ("error of a success", |echo| object(200, &json!({"error": echo}))),
    ("error_description", |echo| object(401, &described(&json!(echo)))),
    ("error_description of a 503", |echo| object(503, &described(&json!(echo)))),
    ("error_uri", |echo| object(400, &json!({"error": "invalid_client", "error_uri": echo}))),
    ("message", |echo| object(403, &json!({"message": echo}))),
    ("message of a success", |echo| object(200, &json!({"message": echo}))),
    ("detail", |echo| object(401, &json!({"detail": echo}))),
    ("token_type", |echo| object(200, &json!({"access_token": TOKEN, "token_type": echo}))),
    ("token_type alone", |echo| object(200, &json!({"token_type": echo}))),
    ("access_token", |echo| object(200, &json!({"access_token": echo, "token_type": "JWT"}))),
    ("access_token of another type", |echo| object(200, &json!({"access_token": echo, "token_type": "x"}))),
    ("scope", |echo| object(200, &granted("scope", &json!(echo)))),
    ("expires_in", |echo| object(200, &granted("expires_in", &json!(echo)))),
    ("a key", |echo| object(400, &json!({"error": "invalid_client", echo: echo}))),
    ("a list", |echo| object(400, &json!([echo]))),
    ("a text", |echo| object(400, &json!(echo))),
    ("error as a list", |echo| object(400, &json!({"error": [echo]}))),
    ("error_description as an object", |echo| object(400, &described(&json!({echo: echo})))),
    ("access_token as a list", |echo| object(200, &json!({"access_token": [echo], "token_type": "JWT"}))),
    ("a page", |echo| response(500, &format!("<html><pre>{echo}</pre></html>"))),
    ("a page of a success", |echo| response(200, &format!("<html><pre>{echo}</pre></html>"))),
    ("plain text", |echo| response(400, echo)),
    ("plain text of a success", |echo| response(200, echo)),
    ("JSON cut short", |echo| response(200, &format!(r#"{{"access_token": "{echo}"#))),
    ("Location", |echo| headed(301, LOCATION, echo)),
    ("Location's host", |echo| headed(302, LOCATION, &format!("https://{echo}/oauth2"))),
    ("Location's user", |echo| headed(303, LOCATION, &format!("https://{echo}@lms.example/"))),
    ("Location's path", |echo| headed(307, LOCATION, &format!("https://lms.example/{echo}"))),
    ("Location's query", |echo| headed(308, LOCATION, &format!("https://lms.example/?{echo}"))),
    ("Content-Type", |echo| headed(200, CONTENT_TYPE, echo)),
    ("Retry-After", |echo| headed(429, RETRY_AFTER, echo)),
    ("WWW-Authenticate", |echo| headed(401, WWW_AUTHENTICATE, echo)),
];

#[rustfmt::skip] // read as a table
const TOKEN_PLACES: &[Place<'_>] = &[
    ("token_type", |echo| object(200, &granted("token_type", &json!(echo)))),
    ("token_type as a list", |echo| object(200, &granted("token_type", &json!([echo])))),
    ("scope", |echo| object(200, &granted("scope", &json!(echo)))),
    ("expires_in", |echo| object(200, &granted("expires_in", &json!(echo)))),
    ("a key", |echo| object(200, &granted(echo, &json!(echo)))),
    ("a page", |echo| response(200, &format!("<html>{echo}</html>"))),
    ("a header", |echo| headed(200, WWW_AUTHENTICATE, echo)),
    ("another status", |echo| object(302, &granted("scope", &json!(echo)))),
    ("error_description beside a token", |echo| object(400, &token_and_error(&json!("JWT"), echo))),
    ("error_description beside a broken token", |echo| object(200, &token_and_error(&json!(5), echo))),
];

fn described(description: &Value) -> Value {
    json!({"error": "invalid_client", "error_description": description})
}

/// Returns a success with one more field.
fn granted(name: &str, value: &Value) -> Value {
    let mut response = json!({
        "access_token": TOKEN, "expires_in": 3600, "token_type": "JWT", "scope": "read",
    });
    response[name] = value.clone();
    response
}

fn token_and_error(token_type: &Value, description: &str) -> Value {
    json!({
        "access_token": TOKEN,
        "token_type": token_type,
        "error": "invalid_client",
        "error_description": description,
    })
}

fn object(status: u16, body: &Value) -> Response<Vec<u8>> {
    response(status, &body.to_string())
}

fn response(status: u16, body: &str) -> Response<Vec<u8>> {
    let response = Response::builder().status(status);
    response.body(body.as_bytes().to_vec()).unwrap()
}

fn headed(status: u16, name: HeaderName, value: &str) -> Response<Vec<u8>> {
    let mut response = response(status, "");
    let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
    response.headers_mut().insert(name, value);
    response
}
