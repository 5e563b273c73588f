//! Sites that say no, and mean it: asking again is put off, and costs nothing meanwhile.

use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdxBuilder, Reply};
use edx_auth_tests::openedx::{CLIENT, LOGIN_CLIENT, TestClient};

use crate::scenarios::deed::Deed::{Ask, AskWithin};
use crate::scenarios::deed::nothing;
use crate::scenarios::row::{Row, row};
use crate::scenarios::sent::asked_by;

pub(super) fn rows() -> Vec<Row> {
    vec![
        refusal("a wrong secret is refused once", UNKNOWN, WRONG_SECRET),
        refusal("an unknown client is refused once", UNKNOWN, NOBODY),
        refusal("a login pair is refused once", OTHER_GRANT, LOGIN_CLIENT)
            .site(|site| site.client_of_another_grant(LOGIN_CLIENT.id, LOGIN_CLIENT.secret)),
        refusal("an opaque token is no token", OPAQUE, CLIENT).site(MockEdxBuilder::opaque_tokens),
        refusal("a missing page is no endpoint", NO_PAGE, CLIENT).answered([Reply::html(
            404,
            "<h1>Page not found</h1>",
        )
        .into()]),
        refusal("a redirect is not followed", REDIRECT, CLIENT).answered([elsewhere()]),
    ]
}

/// A verdict on the first request by this client, shared by all who ask later.
fn refusal(name: &'static str, verdict: &str, client: TestClient) -> Row {
    let verdict = nothing(verdict);
    row(name)
        .by([client])
        .does([
            (Ask, verdict.clone()),
            (Ask, verdict.clone()),
            (AskWithin(Duration::ZERO), verdict),
        ])
        .sends([asked_by(client)])
}

/// A redirect to a place where tokens are issued indeed.
fn elsewhere() -> Behavior {
    let reply = Reply::new(301).header("Location", "/oauth2/v1/access_token");
    reply.into()
}

const WRONG_SECRET: TestClient = TestClient {
    secret: "wrong",
    ..CLIENT
};

const NOBODY: TestClient = TestClient {
    id: "nobody",
    ..CLIENT
};

const UNKNOWN: &str = "rejected the client credentials (invalid_client, status 401)";
const OTHER_GRANT: &str = "denied the token request (unauthorized_client, status 400)";
const OPAQUE: &str = "issued a token of an unexpected type: \"Bearer\" (status 200)";
const NO_PAGE: &str = "does not accept token requests (status 404)";
const REDIRECT: &str = "redirected the token request (status 301)";
