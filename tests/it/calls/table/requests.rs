//! The requests that the clients send: their defaults, what the program changes, and what is never sent.

use edx_auth_core::ClientName;
use edx_auth_testkit::MockResponse;
use edx_auth_tests::clients::{Call, Setup};
use http::Method;
use serde_json::json;

use crate::calls::action::Action::{Authorize, Execute, Send};
use crate::calls::action::Outcome::Token;
use crate::calls::action::{failed, success};
use crate::calls::row::{API, Row, get, post, row};
use crate::calls::run::TAKEN;
use crate::calls::sent::Sent::Issue;
use crate::calls::sent::{Sent, sent, sent_to};

pub(super) fn rows() -> Vec<Row> {
    let without_a_body = METHODS.map(|method| {
        let name = method.as_str();
        takes(
            &format!("{name} without a body"),
            Call::new(method.clone(), API),
            says_its_length(name, sent(name, 1)),
        )
    });
    let with_a_body = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].map(|method| {
        let name = method.as_str();
        takes(
            &format!("{name} with a body"),
            Call::new(method.clone(), API).body(BODY),
            sent(name, 1).body(BODY),
        )
    });
    let parts = [
        Vec::from(without_a_body),
        Vec::from(with_a_body),
        on_request(),
    ];
    parts.into_iter().flatten().collect()
}

fn on_request() -> Vec<Row> {
    vec![
        takes(
            "an upload that is not repeatable",
            post().body_once(BODY),
            sent("POST", 1).body(BODY),
        ),
        takes("an empty body is none", get().body(""), sent("GET", 1)),
        takes(
            "a header of the program",
            get().header("X-Request-ID", "42"),
            sent("GET", 1).header("x-request-id", "42"),
        ),
        takes(
            "the program's Accept headers",
            get()
                .header("Accept-Language", "es-419")
                .header("accept", "text/csv"),
            sent("GET", 1)
                .header("accept-language", "es-419")
                .header("accept", "text/csv"),
        ),
        takes(
            "the program's User-Agent",
            get().header("User-Agent", "acme/1.0"),
            sent("GET", 1).header("user-agent", "acme/1.0"),
        ),
        takes(
            "the program's authorization is replaced",
            get().header("Authorization", "Bearer of-another-client"),
            sent("GET", 1),
        ),
        takes(
            "two authorizations are replaced by one",
            get()
                .header("Authorization", "Bearer a")
                .header("authorization", "Bearer b"),
            sent("GET", 1),
        ),
        takes(
            "query parameters",
            get().query("limit", "5").query("q", "a b&ü+"),
            sent_to("GET", "/api/?limit=5&q=a+b%26%C3%BC%2B", 1),
        ),
        takes(
            "query parameters after others",
            Call::get("/api/?key=course-v1:X%2BY").query("limit", "5"),
            sent_to("GET", "/api/?key=course-v1:X%2BY&limit=5", 1),
        ),
        takes(
            "a JSON body",
            post().json(json!({"user": "ada"})),
            sent("POST", 1)
                .body(r#"{"user":"ada"}"#)
                .header("content-type", "application/json"),
        ),
        takes(
            "JSON of a type that the program names",
            post()
                .header("Content-Type", "application/merge-patch+json")
                .json(json!(null)),
            sent("POST", 1)
                .body("null")
                .header("content-type", "application/merge-patch+json"),
        ),
        a_form(),
        takes(
            "an extension method",
            Call::new(Method::OPTIONS, API),
            sent("OPTIONS", 1),
        )
        .responds([MockResponse::json(200, TAKEN).into()]),
        client_name(),
        a_cookie_is_not_sent_back(),
        executed("a request of the library", get(), sent("GET", 1)),
        executed(
            "a request of the library with a body, a header and an authorization",
            post()
                .body(BODY)
                .header("X-Request-ID", "42")
                .header("Authorization", "Basic YTpi"),
            sent("POST", 1).body(BODY).header("x-request-id", "42"),
        ),
        executed(
            "a request of the library without a body",
            Call::new(Method::PUT, API),
            sent("PUT", 1).header("content-length", "0"),
        ),
        unbuildable("an invalid header name", get().header("no name", "x")),
        unbuildable("an invalid header value", get().header("x", "a\r\nb: c")),
        unbuildable(
            "JSON after an invalid header",
            get().header("x", "\0").json(json!(1)),
        ),
        row("authorize returns the header after one token request")
            .does([
                (Authorize("/api/"), Token(1)),
                (Authorize("/elsewhere/?a=b"), Token(1)),
            ])
            .sends([Issue]),
    ]
}

fn a_form() -> Row {
    takes(
        "a form",
        post().form(&[("user", "ada & bob"), ("course", "course-v1:X+Y")]),
        sent("POST", 1)
            .body("user=ada+%26+bob&course=course-v1%3AX%2BY")
            .header("content-type", "application/x-www-form-urlencoded"),
    )
}

/// Returns a row with a call that the API accepts, and the request that it gets.
fn takes(name: &str, call: Call, sent: Sent) -> Row {
    let body = if call.method == Method::HEAD {
        ""
    } else {
        TAKEN
    };
    row(name)
        .calls(call, success(200, body))
        .sends([Issue, sent])
}

fn unbuildable(name: &str, call: Call) -> Row {
    row(name).calls(call, failed("could not build the request"))
}

fn executed(name: &str, call: Call, sent: Sent) -> Row {
    row(name)
        .does([(Execute(call), success(200, TAKEN))])
        .sends([Issue, sent])
}

fn client_name() -> Row {
    row("the client's name ends the user agent")
        .with_setup(|setup| Setup {
            name: Some(ClientName::new("acme-nightly").unwrap()),
            ..setup
        })
        .calls(get(), success(200, TAKEN))
        .sends([
            Issue,
            sent("GET", 1).header("user-agent", "edx-auth/ acme-nightly"),
        ])
}

fn a_cookie_is_not_sent_back() -> Row {
    let session = MockResponse::json(200, TAKEN).header("Set-Cookie", "sessionid=1; Path=/");
    row("a cookie is not sent back")
        .responds([session.into()])
        .does([
            (Send(get()), success(200, TAKEN)),
            (Send(get()), success(200, TAKEN)),
        ])
        .sends([Issue, sent("GET", 1), sent("GET", 1)])
}

/// Expects `Content-Length: 0` for methods that usually have a body: a server may wait for a body otherwise.
fn says_its_length(method: &str, sent: Sent) -> Sent {
    if ["POST", "PUT", "PATCH"].contains(&method) {
        sent.header("content-length", "0")
    } else {
        sent
    }
}

const METHODS: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

const BODY: &str = r#"{"user":"ada"}"#;
