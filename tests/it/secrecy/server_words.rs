//! Server text in an error is limited to one short line without control characters, because an
//! operator reads it in a terminal.

use edx_auth_core::{ErrorCode, ExchangeError};
use http::Response;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::canary::request;

#[test]
fn no_terminal_control_sequence_is_shown() {
    for sequence in STEERING {
        for place in PLACES {
            let error = told(place, &format!("before{sequence}after"));

            assert!(is_one_harmless_line(&error), "{sequence:?} {error}");
        }
    }
}

#[test]
fn a_server_is_quoted_with_at_most_256_characters() {
    for place in PLACES {
        let short = told(place, "ä").to_string().chars().count();
        for length in [255, 256, 257, 10_000] {
            let shown = told(place, &"ä".repeat(length)).to_string();

            let quoted = shown.chars().count() - short + 1;
            assert!(quoted <= 256, "{quoted}: {shown}");
        }
    }
}

proptest! {
    #[test]
    fn any_server_text_is_shown_as_one_harmless_line(
        place in select(&PLACES[..]),
        words in words(),
    ) {
        let error = told(place, &words);

        prop_assert!(is_one_harmless_line(&error), "{}", error);
        if let Some(ErrorCode::Other(text)) = error.oauth_code() {
            prop_assert!(text.as_str().chars().count() <= 256);
        }
    }
}

fn is_one_harmless_line(error: &ExchangeError) -> bool {
    let shown = error.to_string();
    let steers = |c: char| c.is_control() || INVISIBLE.contains(&c);
    !shown.contains(steers) && shown.chars().count() < 700
}

/// A part of a response that gets into an error.
type Place = fn(&str) -> Response<Vec<u8>>;

const PLACES: [Place; 4] = [
    |words| response(400, &json!({"error": words})),
    |words| {
        response(
            401,
            &json!({"error": "invalid_client", "error_description": words}),
        )
    },
    |words| {
        response(
            503,
            &json!({"error": "server_error", "error_description": words}),
        )
    },
    |words| response(200, &json!({"access_token": "a.b.c", "token_type": words})),
];

fn told(place: Place, words: &str) -> ExchangeError {
    let (_, exchange) = request().begin();
    let response = place(words);
    let (head, body) = response.into_parts();
    let finished = exchange.finish(Response::from_parts(head, &*body));
    finished.expect_err("none of these brings a token")
}

fn response(status: u16, body: &serde_json::Value) -> Response<Vec<u8>> {
    let response = Response::builder().status(status);
    response.body(body.to_string().into_bytes()).unwrap()
}

fn words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(&STEERING[..]).prop_map(str::to_owned),
        3 => any::<char>().prop_map(String::from),
        1 => "[ -~]{1,80}",
    ];
    // The `!` makes it no accepted token type.
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat() + "!")
}

/// Colours, titles, links, the clipboard, a bell, a cleared screen, in seven bits and in eight; line
/// ends and lookalikes; what reverses or hides text.
const STEERING: [&str; 22] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}[2J\u{1b}[1;1H",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]8;;https://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\",
    "\u{1b}]52;c;ZXZpbA==\u{7}",
    "\u{1b}P+q544e\u{1b}\\",
    "\u{1b}[8mhidden",
    "\u{1b}c",
    "\u{9b}31m",
    "\u{9d}0;title\u{9c}",
    "\r\n2026-11-22T10:00:00Z  INFO edx_auth: token renewed",
    "\rover",
    "\u{8}\u{8}\u{8}over",
    "\u{b}\u{c}",
    "\u{85}next",
    "\u{2028}next\u{2029}",
    "\0",
    "\u{7f}",
    "\u{202e}txet\u{202c}",
    "\u{2066}isolated\u{2069}",
    "\u{200b}\u{200e}\u{2060}\u{feff}",
    "\u{e0001}\u{e0041}",
];

/// Characters that have no use in a log line.
const INVISIBLE: [char; 16] = [
    '\u{200b}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{2069}',
    '\u{feff}',
    '\u{e0001}',
    '\u{e0041}',
];
