//! Too many token requests from one address: five in a row where three are allowed.

use super::Row;
use super::body::Body;
use super::reply::Reply;
use super::token::{JWT_GRANTED, WHOLE_FORM, post};

/// Five requests, in the order of sending.
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

/// There is no `Retry-After`: a limited client has to know how long a minute is.
const fn limited(case: &'static str) -> Row {
    Row::new(case, post(WHOLE_FORM), LMS_PAGE).newest(ANOTHER_PAGE)
}

const LMS_PAGE: Reply = Reply::html(429, Body::Exactly("<html>429</html>"));
const ANOTHER_PAGE: Reply = Reply::html(
    429,
    Body::Exactly("<html><body><h1>Too Many Requests</h1></body></html>"),
);
