//! Bodies with status 200 that are whole, ambiguous or damaged: JSON is read strictly.

use super::recorded::Response;

/// Returns a response with each body, and the body as its name.
pub(super) fn odd_bodies() -> impl Iterator<Item = (String, Response)> {
    bodies().into_iter().map(|body| {
        let name = format!("body {}", body.escape_ascii());
        (name, Response::new(200, body))
    })
}

#[rustfmt::skip] // read as a table
fn bodies() -> Vec<Vec<u8>> {
    let good = r#""access_token": "a.b", "token_type": "JWT""#;
    let object = |fields: &str| format!("{{{good}, {fields}}}").into_bytes();
    let bytes = |text: &str| text.as_bytes().to_vec();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    vec![
        // Complete responses.
        bytes(&format!("{{{good}}}")),
        bytes(&format!(" \r\n\t{{{good}}} \n")),
        bytes(r#"{"access_token":"\u0061\u002eb","token_type":"\u004aWT"}"#),
        bytes(r#"{"\u0061ccess_token":"a.b","token_type":"JWT"}"#),
        object(r#""expires_in": 3600"#),
        object(r#""expires_in": "3600""#),
        object(r#""expires_in": null"#),
        object(r#""scope": null, "refresh_token": {"a": [1]}"#),
        object(r#""scope": "\ud83d\ude00""#),
        object(r#""x": 1e400, "y": -1e-400"#),
        // With a lifetime that is too short.
        object(r#""expires_in": 0"#),
        object(r#""expires_in": -1"#),
        object(r#""expires_in": 1"#),
        object(r#""expires_in": "-1e400""#),
        // With a field twice.
        object(r#""access_token": "c.d""#),
        object(r#""access_token": "a.b""#),
        object(r#""token_type": "\u004aWT""#),
        object(r#""expires_in": 60, "expires_in": 3600"#),
        object(r#""scope": "a", "scope": "b""#),
        bytes(r#"{"access_token":"a.b","\u0061ccess_token":"c.d","token_type":"JWT"}"#),
        // With a value of another type.
        bytes(r#"{"access_token": 5, "token_type": "JWT"}"#),
        bytes(r#"{"access_token": null, "token_type": "JWT"}"#),
        bytes(r#"{"access_token": ["a.b"], "token_type": "JWT"}"#),
        bytes(r#"{"access_token": {"a": "b"}, "token_type": "JWT"}"#),
        bytes(r#"{"access_token": true, "token_type": "JWT"}"#),
        bytes(r#"{"access_token": "a.b", "token_type": 1}"#),
        bytes("[]"),
        bytes("\"a.b\""),
        bytes("null"),
        // Without a valid token.
        bytes("{}"),
        bytes(r#"{"access_token": "", "token_type": "JWT"}"#),
        bytes(r#"{"Access_Token": "a.b", "token_type": "JWT"}"#),
        bytes(r#"{"access_token": "a.b"}"#),
        bytes(r#"{"access_token": "a.b", "token_type": "mac"}"#),
        bytes(r#"{"access_token": "a b", "token_type": "JWT"}"#),
        bytes(r#"{"access_token": "a\r\nb: c", "token_type": "JWT"}"#),
        bytes(r#"{"access_token": "a\u0000b", "token_type": "JWT"}"#),
        bytes(r#"{"access_token": "ä.b", "token_type": "JWT"}"#),
        // With an error code instead of a token.
        bytes(r#"{"error": "invalid_client"}"#),
        bytes(r#"{"error": "temporarily_unavailable"}"#),
        // Not JSON.
        bytes(""),
        bytes(" \r\n "),
        bytes(&format!("\u{feff}{{{good}}}")),
        utf16(&format!("{{{good}}}")),
        bytes(&format!("{{{good}}}{{}}")),
        bytes(&format!("{{{good}}}\0")),
        bytes(&format!("{{{good},}}")),
        bytes(&format!("{{{good}")),
        bytes("{'access_token': 'a.b', 'token_type': 'JWT'}"),
        object(r#""expires_in": NaN"#),
        object(r#""expires_in": 0x10"#),
        b"{\"access_token\": \"a.b\", \"token_type\": \"JWT\", \"x\": \"\xff\"}".to_vec(),
        object("\"x\": [}"),
        object("\"x\": 01"),
    ]
}
