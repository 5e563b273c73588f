//! Replies of a test's own, to the byte.

use edx_auth_testkit::{MockEdx, Reply};

use crate::wire::get;

fn wire(reply: &Reply) -> String {
    String::from_utf8(reply.to_bytes()).unwrap()
}

#[test]
fn a_redirect_is_a_status_and_a_place() {
    assert_eq!(
        wire(&Reply::redirect(307, "/there?a=b")),
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: /there?a=b\r\nContent-Length: 0\r\n\r\n"
    );
}

#[test]
fn invalid_token_has_the_error_message_of_an_api() {
    let edx = MockEdx::start().unwrap();
    edx.next_request("/here", Reply::invalid_token());
    let token = "Authorization: JWT a.b.c\r\n";

    let played = get(&edx, "/here", token);
    let model = get(&edx, MockEdx::CATALOGS_PATH, token);

    assert_eq!((played.status, &played.body), (401, &model.body));
    for name in ["Content-Type", "WWW-Authenticate"] {
        assert_eq!(played.header(name), model.header(name));
    }
}

#[test]
fn a_throttled_reply_says_how_long_to_wait() {
    for (seconds, header, words) in [
        (7, "Retry-After: 7\r\n", "7 seconds"),
        (1, "Retry-After: 1\r\n", "1 second"),
        (0, "", "0 seconds"),
    ] {
        let body =
            format!(r#"{{"detail":"Request was throttled. Expected available in {words}."}}"#);
        let length = body.len();

        assert_eq!(
            wire(&Reply::throttled(seconds)),
            format!(
                "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n\
                 {header}Content-Length: {length}\r\n\r\n{body}"
            )
        );
    }
}
