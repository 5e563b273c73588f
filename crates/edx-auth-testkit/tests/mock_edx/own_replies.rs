//! Replies of a test's own, to the byte.

use edx_auth_testkit::Reply;

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
fn a_throttled_request_is_told_when_to_come_back() {
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
