//! Every way in which Open edX says that it does not take this token: one more token, and one
//! replay.

use edx_auth_core::Verdict::TokenRejected;
use edx_auth_testkit::Reply;

use crate::calls::action::{fine, got};
use crate::calls::performance::TAKEN;
use crate::calls::row::{Row, get, row};
use crate::calls::sent::Sent::Mint;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let once = REFUSALS.into_iter().map(refused_once);
    let twice = REFUSALS.into_iter().map(refused_twice);
    once.chain(twice).collect()
}

type Refusal = (u16, &'static str);

fn refused_once((status, body): Refusal) -> Row {
    row(format!("a token that is over: {status} {body}"))
        .answered([refusal((status, body)).into()])
        .calls(get(), fine(200, TAKEN))
        .sends([Mint, sent("GET", 1), Mint, sent("GET", 2)])
}

fn refused_twice((status, body): Refusal) -> Row {
    row(format!("the second token is refused too: {status} {body}"))
        .answered([refusal((401, "")).into(), refusal((status, body)).into()])
        .calls(get(), got(status, TokenRejected, body))
        .sends([Mint, sent("GET", 1), Mint, sent("GET", 2)])
}

/// As REST framework says it: only a 401 has a challenge.
fn refusal((status, body): Refusal) -> Reply {
    let reply = Reply::json(status, body);
    match status {
        401 => reply.header("WWW-Authenticate", r#"JWT realm="api""#),
        _ => reply,
    }
}

const REFUSALS: [Refusal; 26] = [
    (401, r#"{"detail":"Invalid token."}"#),
    (401, r#"{"detail":"Ungültiges Token."}"#),
    (
        401,
        r#"{"detail":"JWT must include a preferred_username or username claim!"}"#,
    ),
    (401, r#"{"detail":"Token has expired."}"#),
    (401, r#"{"detail":"Error decoding token."}"#),
    (401, r#"{"detail":"Signature has expired."}"#),
    (401, r#"{"detail":"Error decoding signature."}"#),
    (401, r#"{"detail":"User account is disabled."}"#),
    (
        401,
        r#"{"developer_message":"x","error_code":"token_expired"}"#,
    ),
    (
        401,
        r#"{"developer_message":"x","error_code":"token_malformed"}"#,
    ),
    (
        401,
        r#"{"developer_message":"x","error_code":"token_nonexistent"}"#,
    ),
    (
        401,
        r#"{"developer_message":"x","error_code":"user_not_active"}"#,
    ),
    (
        401,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","detail":"Abgelaufen."}"#,
    ),
    (401, "<html>Sign in</html>"),
    (401, ""),
    (403, r#"{"detail":"Invalid token."}"#),
    (
        403,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","detail":"Abgelaufen."}"#,
    ),
    (403, r#"{"detail":"Token has expired."}"#),
    (403, r#"{"detail":"Error decoding token."}"#),
    (403, r#"{"detail":"Signature has expired."}"#),
    (403, r#"{"detail":"Error decoding signature."}"#),
    (403, r#"{"developer_message":"Invalid token."}"#),
    (403, r#"{"developer_message":{"detail":"Invalid token."}}"#),
    (
        403,
        r#"{"developer_message":"x","error_code":"token_expired"}"#,
    ),
    (
        403,
        r#"{"developer_message":{"error_code":"token_nonexistent","developer_message":"x"}}"#,
    ),
    (403, r#"{"error_code":"token_malformed"}"#),
];
