//! Every response by which Open edX says that it received no token. A newer token would get lost too, and
//! none is requested.

use edx_auth_core::Verdict::TokenNotReceived;
use edx_auth_testkit::MockResponse;

use crate::calls::action::got;
use crate::calls::row::{Row, get, row};
use crate::calls::sent::Sent::Issue;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let rows = [401, 403].into_iter().flat_map(|status| {
        UNSEEN.map(|body| {
            let response =
                MockResponse::json(status, body).header("WWW-Authenticate", r#"JWT realm="api""#);
            row(format!("no token was received: {status} {body}"))
                .responds([response.into()])
                .calls(get(), got(status, TokenNotReceived, body))
                .sends([Issue, sent("GET", 1)])
        })
    });
    rows.collect()
}

const UNSEEN: [&str; 3] = [
    r#"{"detail":"Authentication credentials were not provided."}"#,
    r#"{"developer_message":"x","error_code":"token_not_provided"}"#,
    r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Required","detail":"Fehlt."}"#,
];
