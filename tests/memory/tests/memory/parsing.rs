//! Reading any response takes memory in proportion to its length.

use edx_auth_memory::Watching;
use http::Response;

use crate::request;

#[test]
fn a_response_takes_memory_in_proportion_to_its_length() {
    let request = request("https://lms.example/oauth2/access_token");
    for (name, body) in BODIES {
        for length in [1 << 10, 1 << 12, 1 << 14, LIMIT] {
            let body = body(length);
            let rounds = (0..3).map(|_| {
                let (_, exchange) = request.begin();
                let watching = Watching::for_any_of(&[]);
                drop(exchange.finish(Response::new(&body)));
                watching.given()
            });
            // Other threads of the process can only add to it.
            let given = rounds.min().unwrap();

            let allowed = TIMES * body.len() + SOME;
            assert!(given <= allowed, "{name} {}: {given}", body.len());
        }
    }
}

/// Returns a body of about this length.
type Body = fn(usize) -> Vec<u8>;

#[rustfmt::skip] // read as a table
const BODIES: [(&str, Body); 16] = [
    ("arrays in arrays", |length| around("[", "", "]", length)),
    ("objects in objects", |length| around(r#"{"":"#, "0", "}", length)),
    ("arrays without an end", |length| "[".repeat(length).into()),
    ("objects without an end", |length| r#"{"a":"#.repeat(length / 5).into()),
    ("a life of arrays", |length| field("expires_in", &around("[", "", "]", length))),
    ("a scope of arrays", |length| field("scope", &around("[", "", "]", length))),
    ("a long number", |length| field("expires_in", "9".repeat(length).as_bytes())),
    ("a small number", |length| field("expires_in", format!("0.{}", "0".repeat(length)).as_bytes())),
    ("a long token", |length| field("scope", format!("\"{}\"", "a ".repeat(length / 2)).as_bytes())),
    ("an escaped scope", |length| field("scope", format!("\"{}\"", r"\u0061 ".repeat(length / 7)).as_bytes())),
    ("an escaped key", |length| field(&r"\u0061".repeat(length / 6), b"1")),
    ("many keys", many_keys),
    ("an escaped error", |length| format!(r#"{{"error":"{}"}}"#, r"\u00e4".repeat(length / 6)).into()),
    ("a description", |length| format!(r#"{{"error":"x","error_description":"{}"}}"#, "%41+".repeat(length / 4)).into()),
    ("a page", |length| format!("<html>{}", "<p>".repeat(length / 3)).into()),
    ("white space", |length| " ".repeat(length).into()),
];

/// Returns `inner` in as many levels of `open` and `close` as fit into this length.
fn around(open: &str, inner: &str, close: &str, length: usize) -> Vec<u8> {
    let depth = length / (open.len() + close.len());
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth)).into()
}

fn many_keys(length: usize) -> Vec<u8> {
    let keys: Vec<_> = (0..length / 12).map(|n| format!(r#""k{n}":1"#)).collect();
    format!("{{{}}}", keys.join(",")).into()
}

/// Returns a token response with one more field.
fn field(name: &str, value: &[u8]) -> Vec<u8> {
    let head = format!(r#"{{"access_token":"a.b","token_type":"JWT","{name}":"#);
    [head.as_bytes(), value, b"}"].concat()
}

const LIMIT: usize = 64 * 1024;

/// How many times its length a body may take: for copies of unescaped text, and of every decoding that is
/// searched for secrets.
const TIMES: usize = 16;
/// What any response may take in addition.
const SOME: usize = 4096;
