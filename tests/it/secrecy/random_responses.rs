//! JSON responses of several statuses with canaries, which are planted secrets, at random places.

use http::Response;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::canary::{SECRET_FORMS, TOKEN, piece_in, request};
use super::outcome;

proptest! {
    #[test]
    fn no_canary_is_shown_wherever_it_was_planted(
        status in select(STATUSES),
        document in document(),
    ) {
        let response = response(status, &document);

        for request in [request(), request().allow_bearer()] {
            for text in outcome::shown(&request, &response) {
                prop_assert_eq!(piece_in(&text), None, "{}", text);
            }
        }
    }
}

fn response(status: u16, document: &str) -> Response<Vec<u8>> {
    let response = Response::builder().status(status);
    response.body(document.as_bytes().to_vec()).unwrap()
}

/// Generates an object with the token, and with canaries in other keys and values.
fn document() -> impl Strategy<Value = String> {
    let field = (key(), value()).prop_map(|(key, value)| format!("{key}: {value}"));
    let token = format!(r#""access_token": "{TOKEN}""#);
    (vec(field, 0..5), any::<prop::sample::Index>()).prop_map(move |(mut fields, place)| {
        fields.insert(place.index(fields.len() + 1), token.clone());
        format!("{{{}}}", fields.join(", "))
    })
}

fn key() -> impl Strategy<Value = String> {
    let known = select(KEYS).prop_map(|key| format!("\"{key}\""));
    prop_oneof![6 => known, 1 => planted()]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => select(VALUES).prop_map(str::to_owned),
        3 => planted(),
        1 => vec(planted(), 0..3).prop_map(|planted| format!("[{}]", planted.join(", "))),
        1 => (planted(), planted()).prop_map(|(key, value)| format!("{{{key}: {value}}}")),
    ]
}

/// Generates a JSON string with a canary in it.
fn planted() -> impl Strategy<Value = String> {
    let forms: Vec<_> = SECRET_FORMS
        .iter()
        .cloned()
        .chain([TOKEN.to_owned()])
        .collect();
    (select(AROUND), select(forms), select(AROUND)).prop_map(|(before, form, after)| {
        serde_json::to_string(&format!("{before}{form}{after}")).unwrap()
    })
}

const STATUSES: &[u16] = &[200, 200, 200, 201, 302, 400, 401, 403, 404, 429, 500, 503];
const KEYS: &[&str] = &[
    "token_type",
    "expires_in",
    "scope",
    "error",
    "error_description",
    "error_uri",
    "message",
    "detail",
];
const VALUES: &[&str] = &[
    "null",
    "3600",
    "\"JWT\"",
    "\"Bearer\"",
    "\"invalid_client\"",
    "\"read\"",
];
const AROUND: &[&str] = &[
    "",
    " ",
    "&",
    "=",
    "client_secret=",
    "\"",
    "\u{1b}[31m",
    "%",
    "ü",
];
