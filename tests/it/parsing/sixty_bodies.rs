//! Sixty bodies with status 200 and their results: JSON is read strictly, and ambiguous JSON is an
//! error.

use edx_auth_core::{Defect, ErrorKind, TokenType};
use edx_auth_tests::unified::differs;
use http::Response;

use super::{finish, request_for_both};

#[test]
fn each_of_sixty_bodies_is_what_the_table_says() {
    let table = table();
    assert_eq!(table.len(), 60);
    for (body, expected) in table {
        let response = Response::new(body.clone());
        let shown = body.escape_ascii().to_string();

        for _ in 0..2 {
            let read = finish(&request_for_both(), &response);
            match (&expected, read) {
                (Ok(token), Ok(issued)) => assert_eq!(issued.token().expose(), *token, "{shown}"),
                (Err(kind), Err(error)) => assert_eq!(error.kind(), *kind, "{shown}"),
                (expected, read) => panic!("{shown}: {read:?}, not {expected:?}"),
            }
        }
    }
}

#[test]
fn the_token_type_comes_from_the_response() {
    for (name, token_type) in [("JWT", TokenType::Jwt), ("bearer", TokenType::Bearer)] {
        let body = format!(r#"{{"access_token": "a.b", "token_type": "{name}"}}"#);
        let issued = finish(&request_for_both(), &Response::new(body.into_bytes())).unwrap();

        assert_eq!(issued.token().token_type(), token_type);
    }
}

type Expected = Result<&'static str, ErrorKind>;

#[rustfmt::skip] // read as a table
fn table() -> Vec<(Vec<u8>, Expected)> {
    use Defect::{Empty, NotJson, TokenCharacters, TokenMissing, WrongShape};
    use ErrorKind::{Malformed, Expiring, NoLifetime, Denied, Unavailable, UnexpectedTokenType};
    let good = r#""access_token": "a.b", "token_type": "JWT""#;
    let object = |fields: &str| format!("{{{good}, {fields}}}").into_bytes();
    let bytes = |text: &str| text.as_bytes().to_vec();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let nested = |open: &str, inner, close: &str| object(&format!("\"x\": {}{inner}{}", open.repeat(8000), close.repeat(8000)));
    let many: Vec<_> = (0..3000).map(|n| format!("\"k{n}\": {n}")).collect();
    let no = |defect| Err(Malformed(defect));
    vec![
        // Complete responses.
        (bytes(&format!("{{{good}}}")), Ok("a.b")),
        (bytes(&format!(" \r\n\t{{{good}}} \n")), Ok("a.b")),
        (bytes(r#"{"access_token":"\u0061\u002eb","token_type":"\u004aWT"}"#), Ok("a.b")),
        (bytes(r#"{"\u0061ccess_token":"a.b","token_type":"JWT"}"#), Ok("a.b")),
        (object(r#""expires_in": 3600"#), Ok("a.b")),
        (object(r#""expires_in": "3600""#), Ok("a.b")),
        (object(r#""expires_in": null"#), Ok("a.b")),
        (object(r#""scope": null, "refresh_token": {"a": [1]}"#), Ok("a.b")),
        (object(r#""scope": "\ud83d\ude00""#), Ok("a.b")),
        (object(&many.join(", ")), Ok("a.b")),
        (object(&format!("\"x\": \"{}\"", "y".repeat(60_000))), Ok("a.b")),
        (object(&format!("\"x\": {}", "9".repeat(50_000))), Ok("a.b")),
        (object(r#""x": 1e400, "y": -1e-400"#), Ok("a.b")),
        (nested("[", "", "]"), Ok("a.b")),
        (nested("{\"\":", "0", "}"), Ok("a.b")),
        // With a lifetime that is too short.
        (object(r#""expires_in": 0"#), Err(Expiring)),
        (object(r#""expires_in": -1"#), Err(NoLifetime)),
        (object(r#""expires_in": 1"#), Err(Expiring)),
        (object(r#""expires_in": "-1e400""#), Err(NoLifetime)),
        // With a field twice.
        (object(r#""access_token": "c.d""#), no(WrongShape)),
        (object(r#""access_token": "a.b""#), Ok("a.b")),
        (object(r#""token_type": "\u004aWT""#), Ok("a.b")),
        (object(r#""expires_in": 60, "expires_in": 3600"#), no(WrongShape)),
        (object(r#""scope": "a", "scope": "b""#), no(WrongShape)),
        (bytes(r#"{"access_token":"a.b","\u0061ccess_token":"c.d","token_type":"JWT"}"#), no(WrongShape)),
        // With a value of another type.
        (bytes(r#"{"access_token": 5, "token_type": "JWT"}"#), no(WrongShape)),
        (bytes(r#"{"access_token": null, "token_type": "JWT"}"#), no(WrongShape)),
        (bytes(r#"{"access_token": ["a.b"], "token_type": "JWT"}"#), no(WrongShape)),
        (bytes(r#"{"access_token": {"a": "b"}, "token_type": "JWT"}"#), no(WrongShape)),
        (bytes(r#"{"access_token": true, "token_type": "JWT"}"#), no(WrongShape)),
        (bytes(r#"{"access_token": "a.b", "token_type": 1}"#), no(WrongShape)),
        (bytes("[]"), no(WrongShape)),
        (bytes("\"a.b\""), no(WrongShape)),
        (bytes("null"), no(WrongShape)),
        (bytes("1e400"), no(if differs("serde_json", "1e400") { WrongShape } else { NotJson })),
        // Without a valid token.
        (bytes("{}"), no(TokenMissing)),
        (bytes(r#"{"access_token": "", "token_type": "JWT"}"#), no(TokenMissing)),
        (bytes(r#"{"Access_Token": "a.b", "token_type": "JWT"}"#), no(TokenMissing)),
        (bytes(r#"{"access_token": "a.b"}"#), Err(UnexpectedTokenType)),
        (bytes(r#"{"access_token": "a.b", "token_type": "mac"}"#), Err(UnexpectedTokenType)),
        (bytes(r#"{"access_token": "a b", "token_type": "JWT"}"#), no(TokenCharacters)),
        (bytes(r#"{"access_token": "a\r\nb: c", "token_type": "JWT"}"#), no(TokenCharacters)),
        (bytes(r#"{"access_token": "a\u0000b", "token_type": "JWT"}"#), no(TokenCharacters)),
        (bytes(r#"{"access_token": "ä.b", "token_type": "JWT"}"#), no(TokenCharacters)),
        // With an error code instead of a token.
        (bytes(r#"{"error": "invalid_client"}"#), Err(Denied)),
        (bytes(r#"{"error": "temporarily_unavailable"}"#), Err(Unavailable)),
        // Not JSON.
        (bytes(""), no(Empty)),
        (bytes(" \r\n "), no(Empty)),
        (bytes(&format!("\u{feff}{{{good}}}")), no(NotJson)),
        (utf16(&format!("{{{good}}}")), no(NotJson)),
        (bytes(&format!("{{{good}}}{{}}")), no(NotJson)),
        (bytes(&format!("{{{good}}}\0")), no(NotJson)),
        (bytes(&format!("{{{good},}}")), no(NotJson)),
        (bytes(&format!("{{{good}")), no(NotJson)),
        (bytes("{'access_token': 'a.b', 'token_type': 'JWT'}"), no(NotJson)),
        (object(r#""expires_in": NaN"#), no(NotJson)),
        (object(r#""expires_in": 0x10"#), no(NotJson)),
        (b"{\"access_token\": \"a.b\", \"token_type\": \"JWT\", \"x\": \"\xff\"}".to_vec(), no(NotJson)),
        (object("\"x\": [}"), no(NotJson)),
        (object("\"x\": 01"), no(NotJson)),
    ]
}
