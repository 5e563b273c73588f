//! Error codes and tokens in damaged bodies, and error responses of other servers.

use edx_auth_core::{ErrorCode, ErrorKind};
use edx_auth_testkit::MockResponse;

use super::exchange_with;

#[test]
fn an_error_code_is_read_from_a_damaged_body() {
    for body in [
        &b"\xEF\xBB\xBF{\"error\":\"invalid_client\"}"[..],
        b"{\"error\":\"invalid_client\",\"error_description\":\"r\xE9essayez\"}",
        b"{\"error\":\"invalid_client\",\"error\":\"invalid_client\"}",
        b"{\"error\":\"invalid_client\",\"error_description\":\"two\r\nlines\"}",
        b"{\"error\":\"invalid_client\"}\0",
        b"{\"error\":\"invalid_client\",\"error_descr",
    ] {
        for status in [400, 401] {
            let response = MockResponse::new(status).header("Content-Type", "application/json");
            let error = exchange_with(response.body(body)).unwrap_err();

            let shown = body.escape_ascii();
            assert_eq!(error.kind(), ErrorKind::Denied, "{status} {shown}");
            assert_eq!(
                error.oauth_code(),
                Some(&ErrorCode::InvalidClient),
                "{shown}"
            );
        }
    }
}

#[test]
fn no_token_is_read_from_a_damaged_body() {
    for body in [
        &b"\xEF\xBB\xBF{\"access_token\":\"a.b.c\",\"token_type\":\"JWT\"}"[..],
        b"{\"access_token\":\"a.b.c\",\"token_type\":\"JWT\",\"x\":\"\xE9\"}",
        b"{\"access_token\":\"a.b.c\",\"token_type\":\"JWT\",\"access_token\":\"d.e.f\"}",
        b"{\"access_token\":\"a.b.c\",\"token_type\":\"JWT\"}\0",
        b"[\"a.b.c\",\"JWT\",3600,\"read\"]",
    ] {
        let error = exchange_with(MockResponse::new(200).body(body)).unwrap_err();

        assert!(
            matches!(error.kind(), ErrorKind::Malformed(_)),
            "{}",
            body.escape_ascii()
        );
    }
}

#[test]
fn a_bad_request_of_another_server_is_not_sent_again() {
    let tls_port = "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title>\
        </head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>";
    let certificate = "<html>\r\n<head><title>400 No required SSL certificate was sent</title>\
        </head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>";
    for body in [
        tls_port,
        certificate,
        "<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body></html>",
        "Client sent an HTTP request to an HTTPS server.\n",
        r#"{"detail":"There was an error parsing the body"}"#,
        r#"{"message":"The plain HTTP request was sent to HTTPS port"}"#,
    ] {
        let error = exchange_with(MockResponse::html(400, body)).unwrap_err();

        assert_eq!(error.kind(), ErrorKind::WrongUrl, "{body}");
        assert!(!error.is_retryable());
        for word in ["scheme", "port", "client certificate"] {
            assert!(error.advice().contains(word), "{body}: {}", error.advice());
        }
    }
}

#[test]
fn a_400_of_a_gateway_is_retryable() {
    for body in ["", "<html><body><h1>502 Bad Gateway</h1></body></html>"] {
        let error = exchange_with(MockResponse::html(400, body)).unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Unavailable, "{body}");
        assert!(error.is_retryable());
    }
}

#[test]
#[rustfmt::skip] // read as a table
fn an_error_says_no_more_than_is_known() {
    let page = |status| MockResponse::html(status, "<h1>No</h1>");
    for (response, what, to_do) in [
        (page(401), "denied the token request", "not an OAuth error"),
        (page(403), "rejected the token request", "older Open edX sites limit requests"),
        (page(407), "a proxy requires a login", "proxy's user and password"),
        (page(413), "too large", "accept larger requests"),
        (page(511), "the network requires a login", "Log in to this network"),
        (page(429), "throttled the token request", "share one token"),
        (page(503), "temporarily unavailable", "Try again later"),
        (MockResponse::json(400, r#"{"error":"invalid_grant"}"#), "invalid_grant", "client credentials grant"),
        (MockResponse::json(400, r#"{"error":"slow_down"}"#), "slow_down", "RFC 6749 section 5.2"),
    ] {
        let error = exchange_with(response).unwrap_err();

        assert!(error.to_string().contains(what), "{error}");
        assert!(error.advice().contains(to_do), "{error}: {}", error.advice());
        assert!(!error.advice().contains("minute"), "{error}: {}", error.advice());
    }
}
