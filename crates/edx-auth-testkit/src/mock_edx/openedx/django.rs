//! The responses of Django outside the views, and the headers of its middlewares.

use crate::mock_edx::http::response::MockResponse;

/// Adds the headers that edx-platform's middlewares add to every response.
pub(crate) fn through_middlewares(response: MockResponse) -> MockResponse {
    response
        .header("X-Frame-Options", "DENY")
        .header("Vary", "Accept-Language, Cookie")
        .header("Content-Language", "en")
}

pub(crate) fn bad_request() -> MockResponse {
    MockResponse::html(400, page("Bad Request (400)", ""))
}

pub(crate) fn not_found() -> MockResponse {
    let details = "The requested resource was not found on this server.";
    MockResponse::html(404, page("Not Found", details))
}

pub(crate) fn server_error() -> MockResponse {
    MockResponse::html(500, page("Server Error (500)", ""))
}

/// Returns the page of the LMS for a blocked request. It has no `Retry-After`.
pub(crate) fn rate_limited() -> MockResponse {
    let details = "Your request has been rate-limited. Please try again later.";
    MockResponse::html(429, page("Too Many Requests", details))
}

/// Redirects as `APPEND_SLASH` does: a `POST` gets a 301 as well, so its body is lost.
pub(crate) fn append_slash(path: &str, query: Option<&str>) -> MockResponse {
    let location = match query {
        Some(query) => format!("{path}/?{query}"),
        None => format!("{path}/"),
    };
    MockResponse::html(301, "")
        .header("Location", location)
        .header("Connection", "close")
}

/// Returns the `ERROR_PAGE_TEMPLATE` of `django/views/defaults.py`.
fn page(title: &str, details: &str) -> String {
    format!(
        r#"
<!doctype html>
<html lang="en">
<head>
  <title>{title}</title>
</head>
<body>
  <h1>{title}</h1><p>{details}</p>
</body>
</html>
"#
    )
}
