//! Too many token requests from one address: five where three are allowed.

use super::Row;
use super::body::Body;
use super::response::RecordedResponse;
use super::token::{JWT_GRANTED, WHOLE_FORM, post};

/// Five requests, in the order in which they are sent.
pub const RATE_LIMIT: &[Row] = &[
    allowed("request 1"),
    allowed("request 2"),
    allowed("request 3"),
    limited("request 4"),
    limited("request 5"),
];

const fn allowed(case: &'static str) -> Row {
    Row::new(case, post(WHOLE_FORM), JWT_GRANTED)
}

/// Returns a row with a 429. It has no `Retry-After`: the client must know that the limit is per minute.
const fn limited(case: &'static str) -> Row {
    Row::new(case, post(WHOLE_FORM), LMS_PAGE).elsewhere(ANOTHER_PAGE)
}

const LMS_PAGE: RecordedResponse = RecordedResponse::html(429, Body::Exactly("<html>429</html>"));
const ANOTHER_PAGE: RecordedResponse = RecordedResponse::html(
    429,
    Body::Exactly("<html><body><h1>Too Many Requests</h1></body></html>"),
);
