//! Every way in which Open edX says that it knows the caller and refuses: a newer token would
//! change nothing, and costs nothing.

use edx_auth_core::Verdict::Forbidden;
use edx_auth_testkit::Reply;

use crate::calls::action::got;
use crate::calls::row::{Row, get, row};
use crate::calls::sent::Sent::Mint;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let refusals = REFUSALS.map(|body| {
        row(format!("no permission: {body}"))
            .answered([Reply::json(403, body).into()])
            .calls(get(), got(403, Forbidden, body))
            .sends([Mint, sent("GET", 1)])
    });
    let gates = CHALLENGES.map(|challenges| {
        let reply = challenges
            .iter()
            .fold(Reply::html(401, GATE), |reply, one| {
                reply.header("WWW-Authenticate", *one)
            });
        row(format!("a gate that no token opens: {challenges:?}"))
            .answered([reply.into()])
            .calls(get(), got(401, Forbidden, GATE))
            .sends([Mint, sent("GET", 1)])
    });
    refusals.into_iter().chain(gates).collect()
}

const REFUSALS: [&str; 13] = [
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

/// Of whoever asks for something else than a token.
const CHALLENGES: [&[&str]; 4] = [
    &[r#"Basic realm="stage""#],
    &[r#"Basic realm="jwt, bearer""#],
    &["Negotiate", "NTLM"],
    &[r#"Digest realm="stage", nonce="Bearer x""#],
];

const GATE: &str = "<html>Who are you?</html>";
