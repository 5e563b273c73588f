//! Every recorded response that a token client can get, read by the core and compared with the table
//! below.

use edx_auth_core::{ClientCredentials, ExchangeError, IssuedToken, TokenEndpoint, TokenRequest};
use edx_auth_tests::responses::{PLATFORM_ONLY, RATE_LIMIT, RecordedResponse, Row, TOKEN};
use http::Response;

#[test]
fn every_recorded_response_is_read_as_listed() {
    for row in rows() {
        let (_, expected) = EXPECTED
            .iter()
            .find(|(case, _)| *case == row.case)
            .unwrap_or_else(|| panic!("nothing is expected of {:?}", row.case));

        let read: Vec<_> = row.responses().map(meaning).collect();

        assert_eq!(read, *expected, "{}", row.case);
    }
}

#[test]
fn every_expectation_has_a_row() {
    let cases: Vec<_> = rows().map(|row| row.case).collect();
    let expected: Vec<_> = EXPECTED.iter().map(|(case, _)| *case).collect();

    assert_eq!(expected, cases);
}

fn rows() -> impl Iterator<Item = &'static Row> {
    let tables = [TOKEN, RATE_LIMIT, PLATFORM_ONLY].into_iter().flatten();
    tables.filter(|row| row.is_from_a_token_client())
}

/// Returns the results for a program that accepts only JWTs, and for one that also accepts opaque tokens.
fn meaning(response: &RecordedResponse) -> [String; 2] {
    let credentials = ClientCredentials::new("test-client", "test-secret").unwrap();
    let jwt_alone = TokenRequest::new(TokenEndpoint::edx(), credentials);
    let bearer_too = jwt_alone.clone().allow_bearer();
    [jwt_alone, bearer_too].map(|request| outcome(&request, response))
}

/// Returns the result of a token request in one line.
fn outcome(request: &TokenRequest, response: &RecordedResponse) -> String {
    let (head, body) = response.render().into_parts();
    let (_, exchange) = request.begin();
    match exchange.finish(Response::from_parts(head, &body)) {
        Ok(issued) => success(&issued),
        Err(error) => failure(&error),
    }
}

/// Returns token type, lifetime and scope.
fn success(issued: &IssuedToken) -> String {
    let token_type = issued.token().token_type();
    let seconds = issued.lifetime().as_secs_f64();
    let scope = issued.scope().expect("a scope in every recorded success");
    format!("{token_type} for {seconds} s: {scope}")
}

/// Returns status, kind, OAuth code in parentheses, and the wait.
fn failure(error: &ExchangeError) -> String {
    let status = error
        .status()
        .expect("every response has a status")
        .as_u16();
    let code = error.oauth_code().map(|code| format!(" ({code})"));
    let wait = error
        .retry_after()
        .map(|wait| format!(", wait {} s", wait.as_secs()));
    let [code, wait] = [code, wait].map(Option::unwrap_or_default);
    format!("{status} {:?}{code}{wait}", error.kind())
}

const fn same(outcome: &str) -> [&str; 2] {
    [outcome, outcome]
}

type Meaning = [&'static str; 2];

const JWT: Meaning = same("JWT for 3599 s: read write email profile");
const OPAQUE: Meaning = [
    "200 UnexpectedTokenType",
    "Bearer for 35999 s: read write email profile",
];
const EXPIRED_OPAQUE: Meaning = ["200 UnexpectedTokenType", "200 NoLifetime"];
const INVALID_CLIENT: Meaning = same("401 Denied (invalid_client)");
const INVALID_GRANT: Meaning = same("400 Denied (invalid_grant)");
const INVALID_SCOPE: Meaning = same("400 Denied (invalid_scope)");
const UNAUTHORIZED_CLIENT: Meaning = same("400 Denied (unauthorized_client)");
const UNSUPPORTED_GRANT_TYPE: Meaning = same("400 Denied (unsupported_grant_type)");
const UNAVAILABLE: Meaning = same("400 Unavailable");
const WRONG_URL: Meaning = same("404 WrongUrl");
const LIMITED: Meaning = same("429 Throttled, wait 60 s");

/// The results of each row: for the response of edx-platform's pins and, if it differs, the newest one.
#[rustfmt::skip] // read as a table
const EXPECTED: &[(&str, &[Meaning])] = &[
    ("success (form, client_secret_post, token_type=jwt)", &[JWT]),
    ("success, trailing slash", &[JWT]),
    ("success, /oauth2/v1/access_token", &[JWT]),
    ("wrong secret", &[INVALID_CLIENT]),
    ("unknown client", &[INVALID_CLIENT]),
    ("empty secret", &[INVALID_CLIENT]),
    ("no client_secret", &[INVALID_CLIENT]),
    ("no client_id", &[INVALID_CLIENT]),
    ("no credentials at all", &[INVALID_CLIENT]),
    ("missing grant_type", &[UNSUPPORTED_GRANT_TYPE]),
    ("unsupported grant_type=foo", &[UNSUPPORTED_GRANT_TYPE]),
    ("grant_type=password (client not registered for it)", &[INVALID_GRANT]),
    ("client registered for another grant", &[UNAUTHORIZED_CLIENT]),
    ("grant_type given twice", &[OPAQUE]),
    ("HTTP Basic credentials", &[JWT]),
    ("HTTP Basic, wrong secret", &[INVALID_CLIENT]),
    ("HTTP Basic wrong + body right", &[JWT]),
    ("HTTP Basic right + body wrong secret", &[JWT]),
    ("HTTP Basic, not base64", &[INVALID_CLIENT]),
    ("token_type absent", &[OPAQUE]),
    ("token_type 'jwt'", &[JWT]),
    ("token_type 'JWT'", &[JWT]),
    ("token_type 'bearer'", &[OPAQUE]),
    ("token_type 'nonsense'", &[OPAQUE]),
    ("token_type ''", &[OPAQUE]),
    ("X-Token-Type: jwt header, no token_type", &[JWT]),
    ("scope=read", &[same("JWT for 3599 s: read")]),
    ("scope=nonsense", &[INVALID_SCOPE]),
    ("expires_in=5 asked for", &[JWT]),
    ("special characters, form-encoded", &[JWT]),
    ("special characters, Basic raw utf-8", &[INVALID_CLIENT]),
    ("special characters, Basic with form-encoded parts (RFC 6749 2.3.1)", &[JWT]),
    ("unknown path", &[WRONG_URL]),
    ("wrong Host header", &[OPAQUE, UNAVAILABLE]),
    ("Accept: text/html", &[INVALID_CLIENT]),
    ("Accept-Encoding: gzip", &[JWT]),
    ("request 1", &[JWT]),
    ("request 2", &[JWT]),
    ("request 3", &[JWT]),
    ("request 4", &[LIMITED, LIMITED]),
    ("request 5", &[LIMITED, LIMITED]),
    ("restricted client, no token_type", &[EXPIRED_OPAQUE]),
    ("restricted client, token_type=jwt (RS512)", &[JWT]),
    ("scoped client (ApplicationAccess), jwt",
        &[same("JWT for 3599 s: read write email profile user_id")]),
    ("scoped client, scope=grades:read", &[same("JWT for 3599 s: grades:read")]),
    ("unscoped client asks grades:read", &[INVALID_SCOPE]),
    ("asymmetric_jwt=true", &[JWT]),
    ("JWT_AUTH_FORCE_CREATE_ASYMMETRIC", &[JWT]),
    ("X-Token-Type header", &[JWT]),
    ("refresh_token grant", &[INVALID_GRANT]),
    ("token_type twice", &[JWT]),
    ("client_secret twice", &[INVALID_CLIENT]),
    ("control characters", &[INVALID_CLIENT]),
    ("NUL in client_id", &[INVALID_CLIENT]),
    ("//oauth2//access_token", &[OPAQUE]),
    ("Authorization: JWT garbage on the token endpoint", &[JWT]),
    ("Authorization: Bearer x on the token endpoint", &[JWT]),
];
