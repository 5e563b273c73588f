//! The replies of Django outside the views, and the headers of its middlewares.

use crate::mock_edx::http::reply::Reply;

/// Adds the headers that edx-platform's middlewares add to every reply.
pub(crate) fn through_middlewares(reply: Reply) -> Reply {
    reply
        .header("X-Frame-Options", "DENY")
        .header("Vary", "Accept-Language, Cookie")
        .header("Content-Language", "en")
}

pub(crate) fn bad_request() -> Reply {
    Reply::html(400, page("Bad Request (400)", ""))
}

pub(crate) fn not_found() -> Reply {
    let details = "The requested resource was not found on this server.";
    Reply::html(404, page("Not Found", details))
}

pub(crate) fn server_error() -> Reply {
    Reply::html(500, page("Server Error (500)", ""))
}

/// Returns the page of the LMS for a blocked request. It has no `Retry-After`.
pub(crate) fn rate_limited() -> Reply {
    let details = "Your request has been rate-limited. Please try again later.";
    Reply::html(429, page("Too Many Requests", details))
}

/// Redirects as `APPEND_SLASH` does: a `POST` gets a 301 as well, so its body is lost.
pub(crate) fn append_slash(path: &str, query: Option<&str>) -> Reply {
    let location = match query {
        Some(query) => format!("{path}/?{query}"),
        None => format!("{path}/"),
    };
    Reply::html(301, "")
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
