//! Successes that are read with care.

use edx_auth_testkit::Reply;

use crate::scenarios::deed::Deed::{Ask, LookAtHealth};
use crate::scenarios::deed::Outcome::Token;
use crate::scenarios::deed::{line, nothing};
use crate::scenarios::row::{Row, row};
use crate::scenarios::sent::asked;

pub(super) fn rows() -> Vec<Row> {
    vec![
        held(
            "a life may be a string",
            r#""expires_in": "7200", "token_type": "JWT""#,
            "1h",
        ),
        held(
            "a life may be a fraction",
            r#""expires_in": 90.5, "token_type": "JWT""#,
            "1m",
        ),
        held(
            "a life may go without saying",
            r#""token_type": "JWT""#,
            "2m",
        ),
        held(
            "a type is known in any case",
            r#""expires_in": 7200, "token_type": "jwt""#,
            "1h",
        ),
        void(
            "a life of a second is over on arrival",
            NO_LIFE,
            Reply::json(200, ONE_SECOND),
        ),
        void(
            "an empty success holds no token",
            EMPTY,
            Reply::json(200, ""),
        ),
        void(
            "a success of some other JSON holds no token",
            NO_TOKEN,
            Reply::json(200, "{}"),
        ),
    ]
}

/// A token reply with these fields beside the token, which is held for so long.
fn held(name: &'static str, fields: &str, left: &str) -> Row {
    let body = format!(r#"{{"access_token": "e30.e30.c2ln", {fields}}}"#);
    let health = format!("fresh, {left} left, generation 1, issued 1, rejected 0");
    row(name)
        .answered([Reply::json(200, body).into()])
        .does([(Ask, Token(1)), (LookAtHealth, line(&health))])
        .sends([asked()])
}

/// A success without a usable token, which is no better the next time.
fn void(name: &'static str, told: &str, reply: Reply) -> Row {
    row(name)
        .answered([reply.into()])
        .does([(Ask, nothing(told)), (Ask, nothing(told))])
        .sends([asked()])
}

const ONE_SECOND: &str =
    r#"{"access_token": "e30.e30.c2ln", "expires_in": 1, "token_type": "JWT"}"#;

const NO_LIFE: &str = "issued a token that had already expired (status 200)";
const EMPTY: &str = "sent a response without a usable token: the body is empty (status 200)";
const NO_TOKEN: &str =
    "sent a response without a usable token: the access_token is missing (status 200)";
