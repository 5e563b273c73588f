//! Requests that were sent only to edx-platform's own code: its kinds of client and of signature, and
//! forms that no careful client sends.

use super::Row;
use super::protected::{detail, get_as};
use super::request::{Authorization, Content, Request};
use super::response::RecordedResponse;
use super::token::{
    BEARER, GRANT, ID, INVALID_CLIENT, INVALID_GRANT, INVALID_SCOPE, JWT, JWT_GRANTED,
    METHOD_NOT_ALLOWED, OPAQUE_GRANTED, RS512_GRANTED, SECRET, UNSUPPORTED_GRANT_TYPE, WHOLE_FORM,
    WRONG_SECRET, granted, post, send,
};
use super::tokens::Token;

/// Requests to edx-platform's own code, and the responses.
#[rustfmt::skip] // read as a table
pub const PLATFORM_ONLY: &[Row] = &[
    Row::new("restricted client, no token_type",
        post(&[GRANT, ID, SECRET]), granted(None, "-1795280513.68418", "read write email profile"))
        .vector_only(RESTRICTED),
    Row::new("restricted client, token_type=jwt (RS512)",
        post(WHOLE_FORM), RS512_GRANTED).vector_only(RESTRICTED),
    Row::new("scoped client (ApplicationAccess), jwt",
        post(WHOLE_FORM), granted(Some("HS256"), "3600", SCOPES_AND_USER_ID)).vector_only(SCOPED),
    Row::new("scoped client, scope=grades:read",
        post(&[GRANT, ID, SECRET, JWT, ("scope", "grades:read")]),
        granted(Some("HS256"), "3600", "grades:read"))
        .vector_only(SCOPED),
    Row::new("unscoped client asks grades:read",
        post(&[GRANT, ID, SECRET, JWT, ("scope", "grades:read")]), INVALID_SCOPE),
    Row::new("asymmetric_jwt=true",
        post(&[GRANT, ID, SECRET, JWT, ("asymmetric_jwt", "true")]), RS512_GRANTED)
        .vector_only(ASYMMETRIC),
    Row::new("JWT_AUTH_FORCE_CREATE_ASYMMETRIC",
        post(WHOLE_FORM), RS512_GRANTED).vector_only(ASYMMETRIC),
    Row::new("X-Token-Type header",
        post(&[GRANT, ID, SECRET]).headers(&[("x-token-type", "jwt")]), JWT_GRANTED),
    Row::new("refresh_token grant",
        post(&[("grant_type", "refresh_token"), ("refresh_token", "none"), ID, SECRET]),
        INVALID_GRANT),
    Row::new("token_type twice", post(&[GRANT, ID, SECRET, BEARER, JWT]), JWT_GRANTED),
    Row::new("client_secret twice", post(&[GRANT, ID, SECRET, WRONG_SECRET, JWT]), INVALID_CLIENT),
    Row::new("bad percent-encoding", post_raw(BAD_PERCENT), INVALID_CLIENT),
    Row::new("control characters",
        post(&[GRANT, ID, ("client_secret", "test-secret\u{1}\r\n"), JWT]), INVALID_CLIENT),
    Row::new("body with a space and raw utf-8", post_raw(UNENCODED), INVALID_CLIENT),
    Row::new("semicolons", post_raw(SEMICOLONS), UNSUPPORTED_GRANT_TYPE),
    Row::new("NUL in client_id",
        post(&[GRANT, ("client_id", "test-client\0"), SECRET, JWT]), INVALID_CLIENT),
    Row::new("non-utf8 bytes %ff in secret", post_raw(NOT_UTF_8), INVALID_CLIENT),
    Row::new("GET with query",
        send("GET").to("/oauth2/access_token?grant_type=client_credentials"), METHOD_NOT_ALLOWED),
    Row::new("//oauth2//access_token",
        post(&[GRANT, ID, SECRET]).to("//oauth2//access_token"), OPAQUE_GRANTED)
        .vector_only(MERGED_SLASHES),
    Row::new("Authorization: JWT garbage on the token endpoint",
        post(WHOLE_FORM).authorization(Authorization::Literal("JWT garbage")), JWT_GRANTED),
    Row::new("Authorization: Bearer x on the token endpoint",
        post(WHOLE_FORM).authorization(Authorization::Literal("Bearer x")), JWT_GRANTED),
    Row::new("restricted JWT at a protected view",
        get_as(Token::Issued), FORBIDDEN).vector_only(RESTRICTED),
];

const fn post_raw(form: &'static str) -> Request {
    send("POST").content(Content::Raw(form))
}

const RESTRICTED: &str = "needs edx-platform's restricted applications";
const SCOPED: &str = "needs edx-platform's application access";
const ASYMMETRIC: &str = "needs edx-platform's asymmetric signing";
const MERGED_SLASHES: &str = "needs a front end that merges slashes: Django alone responds 404";

const BAD_PERCENT: &str =
    "grant_type=client_credentials&client_id=test-client&client_secret=test-secret%zz";
const NOT_UTF_8: &str =
    "grant_type=client_credentials&client_id=test-client&client_secret=test-secret%ff";
const UNENCODED: &str =
    "grant_type=client_credentials&client_id=test-client&client_secret=test sécret";
const SEMICOLONS: &str =
    "grant_type=client_credentials;client_id=test-client;client_secret=test-secret";

const SCOPES_AND_USER_ID: &str = "read write email profile user_id";
const FORBIDDEN: RecordedResponse = detail(
    403,
    r#"{"detail":"You do not have permission to perform this action."}"#,
);
