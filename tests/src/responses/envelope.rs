//! The errors of edx-drf-extensions since 10.9: one format for all views of a site that has enabled it.

use super::Row;
use super::protected::{CHALLENGE, detail, get_as};
use super::response::RecordedResponse;
use super::tokens::Token;

/// Failed requests for views of the newer release, and the responses.
#[rustfmt::skip] // read as a table
pub const ENVELOPE: &[Row] = &[
    row("a scheme that the view does not take", detail(401,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Required","status":401,"detail":"Authentication credentials were not provided.","instance":"/v/"}"#)
        .headers(CHALLENGE)),
    row("a malformed token", detail(401,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","status":401,"detail":"Error decoding token.","instance":"/v/"}"#)
        .headers(CHALLENGE)),
    row("an expired token", detail(401,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","status":401,"detail":"Token has expired.","instance":"/v/"}"#)
        .headers(CHALLENGE)),
    row("a rejected token, where the first authenticator names no scheme", detail(403,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","status":403,"detail":"Invalid token.","instance":"/af/"}"#)),
    row("no permission", detail(403,
        r#"{"type":"https://docs.openedx.org/errors/authz","title":"Permission Denied","status":403,"detail":"You do not have permission to perform this action.","instance":"/p/"}"#)),
    row("an unknown object", detail(404,
        r#"{"type":"https://docs.openedx.org/errors/not-found","title":"Not Found","status":404,"detail":"Not found.","instance":"/n/"}"#)),
    row("an invalid field", detail(400,
        r#"{"type":"https://docs.openedx.org/errors/validation","title":"Validation Error","status":400,"detail":"{'course_id': [ErrorDetail(string='Invalid course id.', code='invalid')]}","instance":"/val/","errors":{"course_id":["Invalid course id."]}}"#)),
    row("a conflict", detail(409,
        r#"{"type":"https://docs.openedx.org/errors/conflict","title":"Conflict","status":409,"detail":"A conflict occurred.","instance":"/c/"}"#)),
    row("too many requests", detail(429,
        r#"{"type":"https://docs.openedx.org/errors/rate-limited","title":"Too Many Requests","status":429,"detail":"Request was throttled. Expected available in 60 seconds.","instance":"/t/"}"#)
        .headers(&[("retry-after", "60")])),
    row("a request body that is not JSON", detail(400,
        r#"{"type":"https://docs.openedx.org/errors/internal","title":"Internal Server Error","status":400,"detail":"Malformed request.","instance":"/b/"}"#)),
];

const fn row(case: &'static str, response: RecordedResponse) -> Row {
    Row::new(case, get_as(Token::Issued), response).vector_only(NEWER)
}

const NEWER: &str = "edx-drf-extensions 10.9, which is newer than the site's";
