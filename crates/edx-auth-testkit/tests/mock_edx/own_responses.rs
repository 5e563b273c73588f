//! Responses that a test defines, byte for byte.

use edx_auth_testkit::{MockEdx, MockResponse};

use crate::wire::get;

fn wire(response: &MockResponse) -> String {
    String::from_utf8(response.to_bytes()).unwrap()
}

#[test]
fn a_redirect_is_a_status_and_a_location() {
    assert_eq!(
        wire(&MockResponse::redirect(307, "/there?a=b")),
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: /there?a=b\r\nContent-Length: 0\r\n\r\n"
    );
}

#[test]
fn invalid_token_has_the_error_message_of_an_api() {
    let edx = MockEdx::start().unwrap();
    edx.next_request("/here", MockResponse::invalid_token());
    let token = "Authorization: JWT a.b.c\r\n";

    let played = get(&edx, "/here", token);
    let model = get(&edx, MockEdx::CATALOGS_PATH, token);

    assert_eq!((played.status, &played.body), (401, &model.body));
    for name in ["Content-Type", "WWW-Authenticate"] {
        assert_eq!(played.header(name), model.header(name));
    }
}

#[test]
fn a_throttled_response_says_how_long_to_wait() {
    for (seconds, header, words) in [
        (7, "Retry-After: 7\r\n", "7 seconds"),
        (1, "Retry-After: 1\r\n", "1 second"),
        (0, "", "0 seconds"),
    ] {
        let body =
            format!(r#"{{"detail":"Request was throttled. Expected available in {words}."}}"#);
        let length = body.len();

        assert_eq!(
            wire(&MockResponse::throttled(seconds)),
            format!(
                "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n\
                 {header}Content-Length: {length}\r\n\r\n{body}"
            )
        );
    }
}
