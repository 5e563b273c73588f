//! Every response by which Open edX denies permission to a valid token: a newer token would not help,
//! and none is requested.

use edx_auth_core::Verdict::{Forbidden, SiteLogin};
use edx_auth_testkit::MockResponse;

use crate::calls::action::got;
use crate::calls::row::{Row, get, row};
use crate::calls::sent::Sent::Issue;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let denials = DENIALS.map(|body| {
        row(format!("no permission: {body}"))
            .responds([MockResponse::json(403, body).into()])
            .calls(get(), got(403, Forbidden, body))
            .sends([Issue, sent("GET", 1)])
    });
    let gates = CHALLENGES.map(|challenges| {
        let response = challenges
            .iter()
            .fold(MockResponse::html(401, GATE), |response, one| {
                response.header("WWW-Authenticate", *one)
            });
        row(format!("another authentication scheme: {challenges:?}"))
            .responds([response.into()])
            .calls(get(), got(401, SiteLogin, GATE))
            .sends([Issue, sent("GET", 1)])
    });
    denials.into_iter().chain(gates).collect()
}

const DENIALS: [&str; 13] = [
    r#"{"detail":"You do not have permission to perform this action."}"#,
    r#"{"detail":"JWT missing required scopes."}"#,
    r#"{"detail":"JWT missing required content_org filter."}"#,
    r#"{"detail":"JWT missing required user filter."}"#,
    r#"{"detail":"Not a Restricted JWT Application."}"#,
    r#"{"detail":"User account is disabled."}"#,
    r#"{"detail":"Invalid token. Really."}"#,
    r#"{"developer_message":"x","error_code":"user_not_active"}"#,
    r#"{"type":"https://docs.openedx.org/errors/authz","title":"Permission Denied","detail":"Invalid token."}"#,
    r#"{"message":"Missing Authentication Token"}"#,
    r#"{"detail":["Invalid token."]}"#,
    "<html>403 Forbidden</html>",
    "",
];

/// Challenges that do not ask for a token.
const CHALLENGES: [&[&str]; 4] = [
    &[r#"Basic realm="fixture""#],
    &[r#"Basic realm="jwt, bearer""#],
    &["Negotiate", "NTLM"],
    &[r#"Digest realm="fixture", nonce="Bearer x""#],
];

const GATE: &str = "<html>Sign in</html>";
