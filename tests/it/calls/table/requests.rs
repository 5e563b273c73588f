//! What is sent: by default, on request, and never.

use edx_auth_core::ClientName;
use edx_auth_testkit::Reply;
use edx_auth_tests::clients::{Call, Setup};
use http::Method;
use serde_json::json;

use crate::calls::deed::Deed::{Authorize, Execute, Send};
use crate::calls::deed::Outcome::Token;
use crate::calls::deed::{failed, fine};
use crate::calls::performance::TAKEN;
use crate::calls::row::{API, Row, get, post, row};
use crate::calls::sent::Sent::Mint;
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
        asked_for(),
    ];
    parts.into_iter().flatten().collect()
}

fn asked_for() -> Vec<Row> {
    vec![
        takes(
            "an upload that is read once",
            post().body_once(BODY),
            sent("POST", 1).body(BODY),
        ),
        takes("an empty body is none", get().body(""), sent("GET", 1)),
        takes(
            "a header of the program's own",
            get().header("X-Request-ID", "42"),
            sent("GET", 1).header("x-request-id", "42"),
        ),
        takes(
            "a language and a type that the program prefers",
            get()
                .header("Accept-Language", "es-419")
                .header("accept", "text/csv"),
            sent("GET", 1)
                .header("accept-language", "es-419")
                .header("accept", "text/csv"),
        ),
        takes(
            "a name that the program gives itself",
            get().header("User-Agent", "acme/1.0"),
            sent("GET", 1).header("user-agent", "acme/1.0"),
        ),
        takes(
            "an authorization of the program's own is replaced",
            get().header("Authorization", "Bearer of-somebody-else"),
            sent("GET", 1),
        ),
        takes(
            "two of them are replaced by one",
            get()
                .header("Authorization", "Bearer a")
                .header("authorization", "Bearer b"),
            sent("GET", 1),
        ),
        takes(
            "a query",
            get().query("limit", "5").query("q", "a b&ü+"),
            sent_to("GET", "/api/?limit=5&q=a+b%26%C3%BC%2B", 1),
        ),
        takes(
            "a query behind another",
            Call::get("/api/?key=course-v1:X%2BY").query("limit", "5"),
            sent_to("GET", "/api/?key=course-v1:X%2BY&limit=5", 1),
        ),
        takes(
            "a value as JSON",
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
        takes(
            "a method that few know",
            Call::new(Method::OPTIONS, API),
            sent("OPTIONS", 1),
        )
        .answered([Reply::json(200, TAKEN).into()]),
        named_takes_its_name(),
        a_cookie_is_not_sent_back(),
        executed("a request built elsewhere", get(), sent("GET", 1)),
        executed(
            "the same with a body, a header and another's authorization",
            post()
                .body(BODY)
                .header("X-Request-ID", "42")
                .header("Authorization", "Basic YTpi"),
            sent("POST", 1).body(BODY).header("x-request-id", "42"),
        ),
        executed(
            "the same without a body",
            Call::new(Method::PUT, API),
            sent("PUT", 1).header("content-length", "0"),
        ),
        unbuildable("a header's name that is none", get().header("no name", "x")),
        unbuildable(
            "a header's value that is none",
            get().header("x", "a\r\nb: c"),
        ),
        unbuildable("JSON behind it", get().header("x", "\0").json(json!(1))),
        row("a foreign client is given the header, and one request fetches it")
            .does([
                (Authorize("/api/"), Token(1)),
                (Authorize("/elsewhere/?a=b"), Token(1)),
            ])
            .sends([Mint]),
    ]
}

fn takes(name: &str, call: Call, sent: Sent) -> Row {
    let body = if call.method == Method::HEAD {
        ""
    } else {
        TAKEN
    };
    row(name).calls(call, fine(200, body)).sends([Mint, sent])
}

fn unbuildable(name: &str, call: Call) -> Row {
    row(name).calls(call, failed("could not build the request"))
}

fn executed(name: &str, call: Call, sent: Sent) -> Row {
    row(name)
        .does([(Execute(call), fine(200, TAKEN))])
        .sends([Mint, sent])
}

fn named_takes_its_name() -> Row {
    row("the client's name is the last word of its user agent")
        .by(|setup| Setup {
            name: Some(ClientName::new("acme-nightly").unwrap()),
            ..setup
        })
        .calls(get(), fine(200, TAKEN))
        .sends([
            Mint,
            sent("GET", 1).header("user-agent", "edx-auth/ acme-nightly"),
        ])
}

fn a_cookie_is_not_sent_back() -> Row {
    let session = Reply::json(200, TAKEN).header("Set-Cookie", "sessionid=1; Path=/");
    row("a cookie is not sent back")
        .answered([session.into()])
        .does([
            (Send(get()), fine(200, TAKEN)),
            (Send(get()), fine(200, TAKEN)),
        ])
        .sends([Mint, sent("GET", 1), sent("GET", 1)])
}

/// A server may wait for the body of these, unless it is told that there is none.
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
