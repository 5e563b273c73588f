//! Responses with ambiguous framing and a second response after them, which a client must not take for
//! the response to its next request.

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, Setup as ClientSetup};
use edx_auth_tests::timeout::within_timeout;

use super::{ask, exchange_error, over_every_stack, setup};

#[test]
fn an_ambiguously_framed_token_response_is_never_the_smuggled_token() {
    over_every_stack(|stack| {
        for (framing, body) in framings(TOKEN) {
            let edx = MockEdx::start().unwrap();
            let response = [&*framing, &*body, &*smuggled(SMUGGLED_TOKEN)].concat();
            edx.next_request(MockEdx::TOKEN_PATH, Behavior::bytes(response));

            let case = format!("{} {framing}", stack.name);
            match ask(stack, setup(&edx)) {
                Ok(token) => assert_eq!(token.token().expose(), "agreed.by.all", "{case}"),
                Err(error) => assert!(!exchange_error(&error).advice().is_empty(), "{case}"),
            }
            let next = ask(stack, setup(&edx)).unwrap();

            assert!(next.token().expose().starts_with("eyJ"), "{case}");
            let sent = edx.requests();
            assert_eq!(sent.len(), 2, "{case}");
            assert_ne!(sent[0].connection(), sent[1].connection(), "{case}");
        }
    });
}

#[test]
fn the_call_after_an_ambiguously_framed_response_gets_its_own_response() {
    for library in CLIENTS {
        for (framing, body) in framings("[]") {
            within_timeout(move || {
                let case = format!("{} {framing}", library.name);
                let edx = MockEdx::start().unwrap();
                edx.on("GET", "/own/", MockResponse::json(200, r#""own""#));
                let response = [&*framing, &*body, &*smuggled(r#""smuggled""#)].concat();
                edx.next_request("/api/", kept_open(response));
                let client = (library.new_client)(ClientSetup::of(&edx));
                let url = |path| format!("{}{path}", edx.url());

                let first = client.call(Call::get(url("/api/")).timeout(super::DEADLINE));
                if let Ok(first) = first {
                    assert!(!first.body.starts_with(b"\"smuggled"), "{case}");
                }
                for _ in 0..3 {
                    let own = client.call(Call::get(url("/own/"))).unwrap();
                    assert_eq!(own.body, b"\"own\"", "{case}");
                }
            });
        }
    }
}

/// Sends this and keeps the connection open for the next request.
fn kept_open(response: String) -> Behavior {
    Behavior::endless(response, "")
}

/// Returns heads whose headers about the body's length are conflicting or malformed, each with a body that
/// fits one of them.
fn framings(content: &str) -> Vec<(String, String)> {
    let length = content.len();
    let chunked = format!("{length:x}\r\n{content}\r\n0\r\n\r\n");
    let plain = content.to_owned();
    let own = format!("Content-Length: {length}");
    let headers = [
        (format!("{own}\r\nTransfer-Encoding: chunked"), &chunked),
        (format!("Transfer-Encoding: chunked\r\n{own}"), &chunked),
        (
            "Content-Length: 4\r\nTransfer-Encoding: chunked".to_owned(),
            &chunked,
        ),
        (
            format!("{own}\r\nTransfer-Encoding: chunked, identity"),
            &plain,
        ),
        (format!("{own}\r\nTransfer-Encoding: xchunked"), &plain),
        (format!("{own}\r\nTransfer-Encoding : chunked"), &plain),
        (format!("{own}\r\nTransfer-Encoding:\r\n chunked"), &chunked),
        (format!("{own}\r\n{own}"), &plain),
        (format!("{own}, {length}"), &plain),
        (format!("{own}\r\nContent-Length: 2000"), &plain),
        (format!("Content-Length: +{length}"), &plain),
        (format!("Content-Length: 0x{length:x}"), &plain),
        (own, &plain),
    ];
    let framed = headers.map(|(headers, body)| {
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{headers}\r\n\r\n");
        (head, body.clone())
    });
    framed.into()
}

fn smuggled(body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

const TOKEN: &str = r#"{"access_token": "agreed.by.all", "expires_in": 3600, "token_type": "JWT"}"#;
const SMUGGLED_TOKEN: &str =
    r#"{"access_token": "smug.gl.ed", "expires_in": 3600, "token_type": "JWT"}"#;
