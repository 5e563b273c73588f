//! The errors of edx-drf-extensions since 10.9, one format for all views that have switched to it.

use super::Row;
use super::protected::{CHALLENGE, detail, get_as};
use super::request::{Authorization, Content, Field, Request};
use super::response::RecordedResponse;
use super::tokens::Token;

/// Failed requests for views of the newest releases, and the responses.
#[rustfmt::skip] // read as a table
pub const ENVELOPE: &[Row] = &[
    Row::new("a scheme that the view does not take",
        get(ENROLLMENTS).authorization(Authorization::Token("Bearer ", Token::Issued)), detail(401,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Required","status":401,"detail":"Authentication credentials were not provided.","instance":"/api/enrollment/v2/enrollment/"}"#)
        .headers(CHALLENGE)),
    Row::new("a malformed token",
        get(ENROLLMENTS).authorization(Authorization::Literal("JWT garbage")), INVALID_TOKEN),
    Row::new("an expired token",
        get_as(Token::JustExpired).to(ENROLLMENTS), INVALID_TOKEN),
    Row::new("a malformed token, at drf-jwt's authentication", get("/v/"), detail(401,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","status":401,"detail":"Error decoding token.","instance":"/v/"}"#)
        .headers(CHALLENGE)).vector_only(DRF_JWT),
    Row::new("an expired token, at drf-jwt's authentication", get("/v/"), detail(401,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","status":401,"detail":"Token has expired.","instance":"/v/"}"#)
        .headers(CHALLENGE)).vector_only(DRF_JWT),
    Row::new("a rejected token, where the first authenticator names no scheme",
        get("/api/enrollment/v2/sessions-first/1/")
            .authorization(Authorization::Literal("JWT garbage")), detail(403,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","status":403,"detail":"Invalid token.","instance":"/api/enrollment/v2/sessions-first/1/"}"#)),
    Row::new("no permission", get("/api/enrollment/v2/staff-only/1/"), detail(403,
        r#"{"type":"https://docs.openedx.org/errors/authz","title":"Permission Denied","status":403,"detail":"You do not have permission to perform this action.","instance":"/api/enrollment/v2/staff-only/1/"}"#)),
    Row::new("an unknown object", get("/api/enrollment/v2/enrollment/1/"), detail(404,
        r#"{"type":"https://docs.openedx.org/errors/not-found","title":"Not Found","status":404,"detail":"Not found.","instance":"/api/enrollment/v2/enrollment/1/"}"#)),
    Row::new("an unknown object, at a view of stored objects",
        get("/api/enrollment/v2/stored/99/"), detail(404,
        r#"{"type":"https://docs.openedx.org/errors/internal","title":"Internal Server Error","status":404,"detail":"No Group matches the given query.","instance":"/api/enrollment/v2/stored/99/"}"#)),
    Row::new("an invalid field", post(&[("course_id", "unknown")]), detail(400,
        r#"{"type":"https://docs.openedx.org/errors/validation","title":"Validation Error","status":400,"detail":"{'course_id': [ErrorDetail(string='Invalid course id.', code='invalid')]}","instance":"/api/enrollment/v2/enrollment/","errors":{"course_id":["Invalid course id."]}}"#)),
    Row::new("a conflict", post(&[("course_id", "course-v1:edX+Demo+2026")]), detail(409,
        r#"{"type":"https://docs.openedx.org/errors/conflict","title":"Conflict","status":409,"detail":"A conflict occurred.","instance":"/api/enrollment/v2/enrollment/"}"#)),
    Row::new("too many requests", get("/api/enrollment/v2/throttled/1/"), detail(429,
        r#"{"type":"https://docs.openedx.org/errors/rate-limited","title":"Too Many Requests","status":429,"detail":"Request was throttled. Expected available in 60 seconds.","instance":"/api/enrollment/v2/throttled/1/"}"#)
        .headers(&[("retry-after", "60")])),
    Row::new("a request body that is not JSON",
        post(&[]).content(Content::FormLabelled("application/json", &[("a", "b")])), detail(400,
        r#"{"type":"https://docs.openedx.org/errors/internal","title":"Internal Server Error","status":400,"detail":"JSON parse error - Expecting value: line 1 column 1 (char 0)","instance":"/api/enrollment/v2/enrollment/"}"#)),
];

const INVALID_TOKEN: RecordedResponse = detail(
    401,
    r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","status":401,"detail":"Invalid token.","instance":"/api/enrollment/v2/enrollment/"}"#,
)
.headers(CHALLENGE);

const fn get(target: &'static str) -> Request {
    get_as(Token::Issued).to(target)
}

const fn post(fields: &'static [Field]) -> Request {
    Request::new("POST", ENROLLMENTS)
        .authorization(Authorization::Token("JWT ", Token::Issued))
        .content(Content::Json(fields))
}

const ENROLLMENTS: &str = "/api/enrollment/v2/enrollment/";
const DRF_JWT: &str = "needs drf-jwt's own class instead of edX's";
