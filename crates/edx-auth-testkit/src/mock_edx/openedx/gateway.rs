//! The responses that the gateway of api.edx.org creates itself. How it rewrites the responses of the
//! site is [`MockResponse::through_gateway`].

use crate::mock_edx::http::request::Request;
use crate::mock_edx::http::response::MockResponse;

/// Returns a path without the slash at its end, which the gateway ignores.
pub(crate) fn without_slash(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

/// Returns the response to an unknown path or method. The gateway takes an `Authorization` header for
/// an AWS signature and repeats the header in the message.
pub(crate) fn unknown_route(request: &Request) -> MockResponse {
    let message = match request.header("authorization") {
        None => "Missing Authentication Token".to_owned(),
        Some(header) => {
            let credentials = header.split_once(' ').map_or(header, |(_, rest)| rest);
            format!(
                "'{credentials}' not a valid key=value pair (missing equal-sign) in \
                 Authorization header: '{header}'."
            )
        }
    };
    let message = serde_json::Value::from(message);
    MockResponse::json(403, format!(r#"{{"message":{message}}}"#))
}
