//! What the gateway of api.edx.org says on its own behalf. What it makes of others' replies is
//! [`Reply::through_gateway`].

use super::reply::Reply;
use super::request::Request;

/// A path without the slash at its end: the gateway does not see it.
pub(crate) fn trimmed(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

/// The reply to a path or method it does not know. A request that comes with an `Authorization`
/// header is taken for one of AWS's own, and gets its header told.
pub(crate) fn unknown_route(request: &Request) -> Reply {
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
    Reply::json(403, format!(r#"{{"message":{message}}}"#))
}
