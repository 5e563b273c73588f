//! The error format of edx-drf-extensions since 10.9: `type`, `title`, `status`, `detail` and `instance`. All
//! views of a site that has enabled it use it.

use serde_json::{Map, Value};

/// Converts an error of Django REST framework into that format; `None` if its body is not a JSON object.
pub(crate) fn problem(status: u16, body: &[u8], instance: &str) -> Option<String> {
    let fields: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let detail = fields.get("detail").and_then(Value::as_str);
    let (slug, title) = kind(status, detail);
    let json = |text: &str| Value::from(text).to_string();
    let shown = detail.map_or_else(|| representation(&fields), str::to_owned);
    let errors = match detail {
        Some(_) => String::new(),
        None => format!(r#","errors":{}"#, Value::from(fields)),
    };
    Some(format!(
        r#"{{"type":"https://docs.openedx.org/errors/{slug}","title":"{title}","status":{status},"detail":{},"instance":{}{errors}}}"#,
        json(&shown),
        json(instance),
    ))
}

/// Returns the slug and the title. A real site calls a body that it cannot parse, and an object that is
/// not in its database, internal too: the first is a 400 with a `detail`.
fn kind(status: u16, detail: Option<&str>) -> (&'static str, &'static str) {
    match (status, detail) {
        (401, Some(NO_CREDENTIALS)) => ("authn", "Authentication Required"),
        (401, _) => ("authn", "Authentication Failed"),
        (403, Some(detail)) if BAD_TOKENS.contains(&detail) => ("authn", "Authentication Failed"),
        (403, _) => ("authz", "Permission Denied"),
        (404, Some(detail)) if detail.ends_with(NOT_IN_DATABASE) => INTERNAL,
        (404, _) => ("not-found", "Not Found"),
        (409, _) => ("conflict", "Conflict"),
        (429, _) => ("rate-limited", "Too Many Requests"),
        (400, None) => ("validation", "Validation Error"),
        _ => INTERNAL,
    }
}

/// Returns the error messages of all fields in the notation of Python, as the real site does.
fn representation(fields: &Map<String, Value>) -> String {
    let fields = fields.iter().map(|(name, messages)| {
        let messages = messages.as_array().into_iter().flatten();
        let messages = messages.filter_map(Value::as_str);
        let errors = messages.map(|text| format!("ErrorDetail(string='{text}', code='invalid')"));
        format!("'{name}': [{}]", errors.collect::<Vec<_>>().join(", "))
    });
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}

const INTERNAL: (&str, &str) = ("internal", "Internal Server Error");

/// The end of the `detail` of Django's `get_object_or_404`.
const NOT_IN_DATABASE: &str = "matches the given query.";

const NO_CREDENTIALS: &str = "Authentication credentials were not provided.";

const BAD_TOKENS: [&str; 3] = [
    "Invalid token.",
    "Token has expired.",
    "Error decoding token.",
];
