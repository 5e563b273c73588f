//! The token endpoint: token responses and every error.

use crate::openedx::{AWKWARD_CLIENT, CLIENT, LOGIN_CLIENT, TestClient};

use super::Row;
use super::body::{Body, Grant};
use super::request::{Authorization, Content, Field, Request};
use super::response::RecordedResponse;

/// Requests to the token endpoint, and the responses.
#[rustfmt::skip] // read as a table
pub const TOKEN: &[Row] = &[
    Row::new("success (form, client_secret_post, token_type=jwt)", post(WHOLE_FORM), JWT_GRANTED),
    Row::new("success, trailing slash", post(WHOLE_FORM).to("/oauth2/access_token/"), JWT_GRANTED),
    Row::new("success, /oauth2/v1/access_token",
        post(WHOLE_FORM).to("/oauth2/v1/access_token"), JWT_GRANTED),
    Row::new("wrong secret", post(&[GRANT, ID, WRONG_SECRET, JWT]), INVALID_CLIENT),
    Row::new("unknown client",
        post(&[GRANT, ("client_id", "unknown"), SECRET, JWT]), INVALID_CLIENT),
    Row::new("empty secret", post(&[GRANT, ID, ("client_secret", ""), JWT]), INVALID_CLIENT),
    Row::new("no client_secret", post(&[GRANT, ID, JWT]), INVALID_CLIENT),
    Row::new("no client_id", post(&[GRANT, SECRET, JWT]), INVALID_CLIENT),
    Row::new("no credentials at all", post(&[GRANT, JWT]), INVALID_CLIENT),
    Row::new("missing grant_type", post(&[ID, SECRET, JWT]), UNSUPPORTED_GRANT_TYPE),
    Row::new("unsupported grant_type=foo",
        post(&[("grant_type", "foo"), ID, SECRET, JWT]), UNSUPPORTED_GRANT_TYPE),
    Row::new("grant_type=password (client not registered for it)",
        post(&[PASSWORD_GRANT, ("username", "ada"), ("password", "wrong"), ID, SECRET, JWT]),
        denied(r#"{"error": "invalid_grant", "error_description": "Invalid credentials given."}"#)),
    Row::new("client registered for another grant",
        post(&[GRANT, LOGIN_ID, LOGIN_SECRET, JWT]), denied(r#"{"error": "unauthorized_client"}"#)),
    Row::new("grant_type given twice", post(&[GRANT, GRANT, ID, SECRET]), OPAQUE_GRANTED),
    Row::new("GET", send("GET"), METHOD_NOT_ALLOWED),
    Row::new("HEAD", send("HEAD"), METHOD_NOT_ALLOWED),
    Row::new("PUT", send("PUT"), METHOD_NOT_ALLOWED),
    Row::new("OPTIONS",
        send("OPTIONS"), RecordedResponse::html(200, Body::Empty).headers(&[("allow", "POST, OPTIONS")])),
    Row::new("POST, no body", send("POST"), UNSUPPORTED_GRANT_TYPE),
    Row::new("POST, credentials in the query string only",
        send("POST").to(QUERY_WITH_EVERYTHING), RecordedResponse::html(500, Body::Html))
        .newest(RecordedResponse::html(400, Body::Exactly(QUERY_DENIED))),
    Row::new("JSON body", send("POST").content(Content::Json(WHOLE_FORM)), UNSUPPORTED_GRANT_TYPE),
    Row::new("multipart/form-data body",
        send("POST").content(Content::Multipart(WHOLE_FORM)), JWT_GRANTED),
    Row::new("Content-Type text/plain with a form body",
        send("POST").content(Content::FormLabelled("text/plain", WHOLE_FORM)),
        UNSUPPORTED_GRANT_TYPE),
    Row::new("Content-Type with charset",
        send("POST").content(Content::FormLabelled(FORM_LABEL_WITH_CHARSET, WHOLE_FORM)),
        JWT_GRANTED),
    Row::new("HTTP Basic credentials", basic(CLIENT, &[GRANT, JWT]), JWT_GRANTED),
    Row::new("HTTP Basic, wrong secret", basic(WRONG_CLIENT, &[GRANT, JWT]), INVALID_CLIENT),
    Row::new("HTTP Basic wrong + body right", basic(WRONG_CLIENT, WHOLE_FORM), JWT_GRANTED),
    Row::new("HTTP Basic right + body wrong secret",
        basic(CLIENT, &[GRANT, ID, WRONG_SECRET, JWT]), JWT_GRANTED),
    Row::new("HTTP Basic, not base64",
        post(&[GRANT, JWT]).authorization(Authorization::Literal("Basic not base64")),
        INVALID_CLIENT),
    Row::new("token_type absent", post(&[GRANT, ID, SECRET]), OPAQUE_GRANTED),
    Row::new("token_type 'jwt'", post(&[GRANT, ID, SECRET, ("token_type", "jwt")]), JWT_GRANTED),
    Row::new("token_type 'JWT'", post(&[GRANT, ID, SECRET, ("token_type", "JWT")]), JWT_GRANTED),
    Row::new("token_type 'bearer'", post(&[GRANT, ID, SECRET, BEARER]), OPAQUE_GRANTED),
    Row::new("token_type 'nonsense'",
        post(&[GRANT, ID, SECRET, ("token_type", "nonsense")]), OPAQUE_GRANTED),
    Row::new("token_type ''", post(&[GRANT, ID, SECRET, ("token_type", "")]), OPAQUE_GRANTED),
    Row::new("X-Token-Type: jwt header, no token_type",
        post(&[GRANT, ID, SECRET]).headers(&[("x-token-type", "jwt")]), JWT_GRANTED),
    Row::new("scope=read",
        post(&[GRANT, ID, SECRET, JWT, ("scope", "read")]), granted(Some("HS256"), "3600", "read")),
    Row::new("scope=nonsense",
        post(&[GRANT, ID, SECRET, JWT, ("scope", "nonsense")]), INVALID_SCOPE),
    Row::new("expires_in=5 asked for",
        post(&[GRANT, ID, SECRET, JWT, ("expires_in", "5")]), JWT_GRANTED),
    Row::new("special characters, form-encoded",
        post(&[GRANT, AWKWARD_ID, AWKWARD_SECRET, JWT]), JWT_GRANTED),
    Row::new("special characters, Basic raw utf-8",
        post(&[GRANT, JWT]).authorization(Authorization::BasicUnencoded(AWKWARD_CLIENT)),
        INVALID_CLIENT),
    Row::new("special characters, Basic with form-encoded parts (RFC 6749 2.3.1)",
        basic(AWKWARD_CLIENT, &[GRANT, JWT]), JWT_GRANTED),
    Row::new("unknown path", post(WHOLE_FORM).to("/oauth2/nowhere"), RecordedResponse::html(404, Body::Html)),
    Row::new("wrong Host header",
        post(&[GRANT, ID, SECRET]).headers(&[("host", "elsewhere.example")]), OPAQUE_GRANTED)
        .elsewhere(RecordedResponse::html(400, Body::Html).headers(&[("connection", "close")])),
    Row::new("body over 2.5 MB (one long field)",
        send("POST").content(Content::FormPadded(WHOLE_FORM, BEYOND_2_5_MB)),
        RecordedResponse::html(400, Body::Html)),
    Row::new("Accept: text/html",
        post(&[GRANT, ID, WRONG_SECRET, JWT]).headers(&[("accept", "text/html")]), INVALID_CLIENT),
    Row::new("Accept-Encoding: gzip",
        post(WHOLE_FORM).headers(&[("accept-encoding", "gzip")]), JWT_GRANTED),
];

pub(super) const fn granted(
    algorithm: Option<&'static str>,
    expires_in: &'static str,
    scope: &'static str,
) -> RecordedResponse {
    RecordedResponse::json(
        200,
        Body::Token(Grant {
            algorithm,
            expires_in,
            scope,
        }),
    )
    .headers(UNCACHED)
}

const fn denied(error: &'static str) -> RecordedResponse {
    RecordedResponse::json(400, Body::Exactly(error)).headers(UNCACHED)
}

pub(super) const fn post(fields: &'static [Field]) -> Request {
    send("POST").content(Content::Form(fields))
}

const fn basic(client: TestClient, fields: &'static [Field]) -> Request {
    post(fields).authorization(Authorization::Basic(client))
}

pub(super) const fn send(method: &'static str) -> Request {
    Request::new(method, TOKEN_PATH)
}

const TOKEN_PATH: &str = "/oauth2/access_token";

pub(super) const GRANT: Field = ("grant_type", "client_credentials");
pub(super) const ID: Field = ("client_id", CLIENT.id);
pub(super) const SECRET: Field = ("client_secret", CLIENT.secret);
pub(super) const WRONG_SECRET: Field = ("client_secret", "wrong");
pub(super) const JWT: Field = ("token_type", "jwt");
pub(super) const BEARER: Field = ("token_type", "bearer");
const PASSWORD_GRANT: Field = ("grant_type", "password");
const LOGIN_ID: Field = ("client_id", LOGIN_CLIENT.id);
const LOGIN_SECRET: Field = ("client_secret", LOGIN_CLIENT.secret);
const AWKWARD_ID: Field = ("client_id", AWKWARD_CLIENT.id);
const AWKWARD_SECRET: Field = ("client_secret", AWKWARD_CLIENT.secret);
const WRONG_CLIENT: TestClient = TestClient {
    id: CLIENT.id,
    secret: "wrong",
};

pub(super) const WHOLE_FORM: &[Field] = &[GRANT, ID, SECRET, JWT];
const QUERY_WITH_EVERYTHING: &str = "/oauth2/access_token?grant_type=client_credentials\
    &client_id=test-client&client_secret=test-secret&token_type=jwt";
const QUERY_DENIED: &str =
    r#"{"error": "invalid_request", "error_description": "URL query parameters are not allowed"}"#;
const FORM_LABEL_WITH_CHARSET: &str = "application/x-www-form-urlencoded; charset=UTF-8";
const BEYOND_2_5_MB: usize = 2_700_000;

const ALL_SCOPES: &str = "read write email profile";
/// The headers of every response of the OAuth view.
const UNCACHED: &[Field] = &[("cache-control", "no-store"), ("pragma", "no-cache")];

pub(super) const JWT_GRANTED: RecordedResponse = granted(Some("HS256"), "3600", ALL_SCOPES);
pub(super) const RS512_GRANTED: RecordedResponse = granted(Some("RS512"), "3600", ALL_SCOPES);
pub(super) const OPAQUE_GRANTED: RecordedResponse = granted(None, "36000", ALL_SCOPES);
pub(super) const INVALID_CLIENT: RecordedResponse =
    RecordedResponse::json(401, Body::Exactly(r#"{"error": "invalid_client"}"#)).headers(&[
        ("www-authenticate", r#"Bearer error="invalid_client""#),
        ("cache-control", "no-store"),
        ("pragma", "no-cache"),
    ]);
pub(super) const UNSUPPORTED_GRANT_TYPE: RecordedResponse =
    denied(r#"{"error": "unsupported_grant_type"}"#);
pub(super) const INVALID_SCOPE: RecordedResponse = denied(r#"{"error": "invalid_scope"}"#);
pub(super) const INVALID_GRANT: RecordedResponse = denied(r#"{"error": "invalid_grant"}"#);
pub(super) const METHOD_NOT_ALLOWED: RecordedResponse =
    RecordedResponse::html(405, Body::Empty).headers(&[("allow", "POST, OPTIONS")]);
