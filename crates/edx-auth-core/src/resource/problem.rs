//! What an API says about a failed call.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use http::StatusCode;
use serde_json::Value;

use crate::error::ServerText;
use crate::json::{Members, readable};

/// What an API says about a failed call, read from the body of its response.
///
/// Three formats are known, and a site may send all of them, view by view:
///
/// | format | members |
/// |---|---|
/// | Open edX since late 2026, close to [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) | `type`, `title`, `detail`, `instance`, `user_message`, `errors` |
/// | Django REST framework | `detail`, or the messages of each field: `{"name": ["This field is required."]}` |
/// | the LMS's older views | `developer_message`, `user_message`, `error_code` |
///
/// Any other body gives a problem with nothing but its status. What to do next is said by the
/// [`Verdict`](crate::Verdict).
///
/// **The texts may contain personal data**, such as names and email addresses, so `Debug` shows none of
/// them. Each is safe to show: cut to 256 characters, escaped, and `[redacted]` if it contains a JWT.
///
/// ```
/// use edx_auth_core::Problem;
/// use http::StatusCode;
///
/// let body = br#"{"type": "https://docs.openedx.org/errors/validation", "title": "Validation Error",
///     "status": 400, "detail": "..", "instance": "/api/enrollment/v2/enrollment/",
///     "errors": {"course_id": ["Invalid course id."]}}"#;
/// let problem = Problem::of(StatusCode::BAD_REQUEST, body);
///
/// assert_eq!(problem.slug(), Some("validation"));
/// assert!(problem.errors().eq([("course_id", "Invalid course id.")]));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    slug: Option<Box<str>>,
    error_code: Option<Box<str>>,
    title: Option<ServerText>,
    detail: Option<ServerText>,
    instance: Option<ServerText>,
    user_message: Option<ServerText>,
    errors: Vec<FieldError>,
}

/// The path of a field, and what is wrong with it.
type FieldError = (ServerText, ServerText);

impl Problem {
    /// Reads the body of a response that is not a success. A `status` in the body is ignored, since
    /// proxies change the status of a response. A body of more than 64 KiB is not read.
    #[must_use]
    pub fn of(status: StatusCode, body: &[u8]) -> Self {
        let body = if body.len() > LONGEST { &[] } else { body };
        let body = readable(body);
        let outer = Members::of(body.as_bytes()).unwrap_or_default();
        // The LMS's decorators put the whole error into the message of another one.
        let members = outer.object("developer_message").unwrap_or(outer);
        Self {
            status,
            slug: code(&members, "type", SLUGS),
            error_code: code(&members, "error_code", ""),
            title: text(&members, "title"),
            detail: text(&members, "detail").or_else(|| text(&members, "developer_message")),
            instance: text(&members, "instance"),
            user_message: text(&members, "user_message"),
            errors: field_errors(&members),
        }
    }

    /// Returns the status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the last part of a `type` under `https://docs.openedx.org/errors/`, such as `authn`,
    /// `authz`, `not-found`, `validation`, `conflict`, `rate-limited` or `internal`. Sites may
    /// register more. `internal` comes with a 400 too: the status counts.
    #[must_use]
    pub fn slug(&self) -> Option<&str> {
        self.slug.as_deref()
    }

    /// Returns the `error_code` of the LMS's older views, such as `token_expired`.
    #[must_use]
    pub fn error_code(&self) -> Option<&str> {
        self.error_code.as_deref()
    }

    /// Returns the short name of this kind of problem.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_ref().map(ServerText::as_str)
    }

    /// Returns what went wrong, for developers. If there are [errors](Self::errors), show those
    /// instead: this may be their representation in Python.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_ref().map(ServerText::as_str)
    }

    /// Returns the path or URL at which it went wrong.
    #[must_use]
    pub fn instance(&self) -> Option<&str> {
        self.instance.as_ref().map(ServerText::as_str)
    }

    /// Returns what to tell the user of the program.
    #[must_use]
    pub fn user_message(&self) -> Option<&str> {
        self.user_message.as_ref().map(ServerText::as_str)
    }

    /// Returns the rejected fields, each with a message. A field inside another one is named by its
    /// path, such as `address.city` or `seats.0.email`; a message without a field has an empty name.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &str)> {
        let errors = self.errors.iter();
        errors.map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

/// Without the texts: they may contain personal data.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("status", &self.status)
            .field("slug", &self.slug)
            .field("error_code", &self.error_code)
            .finish_non_exhaustive()
    }
}

/// Returns a member without this prefix, if the rest looks like a name: 1 to 64 ASCII letters, digits, `-` or
/// `_`. It is safe to show.
fn code(members: &Members<'_>, name: &str, prefix: &str) -> Option<Box<str>> {
    let text: String = members.get(name)?;
    let code = text.strip_prefix(prefix)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_name = (1..=LONGEST_NAME).contains(&code.len()) && code.bytes().all(is_plain);
    is_name.then(|| code.into())
}

fn text(members: &Members<'_>, name: &str) -> Option<ServerText> {
    let text: String = members.get(name)?;
    Some(ServerText::of_api(&text))
}

/// Reads `errors`. REST framework has the fields in place of that member.
fn field_errors(members: &Members<'_>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if let Some(fields) = members.get("errors") {
        collect(&mut errors, "", &fields);
        return errors;
    }
    for name in members.names() {
        if let Some(messages @ (Value::Array(_) | Value::Object(_))) = members.get(name) {
            collect(&mut errors, &inside("", name), &messages);
        }
    }
    errors
}

/// Collects the messages in a value, at any depth.
fn collect(errors: &mut Vec<FieldError>, field: &str, value: &Value) {
    match value {
        Value::String(message) => {
            errors.push((ServerText::of_api(field), ServerText::of_api(message)));
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                match value {
                    Value::String(_) => collect(errors, field, value),
                    _ => collect(errors, &inside(field, &index.to_string()), value),
                }
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                collect(errors, &inside(field, name), value);
            }
        }
        _ => {}
    }
}

/// Returns the path of a field inside another one. It is cut at each level, since a long name could
/// have many fields inside.
fn inside(field: &str, name: &str) -> String {
    let path = if field.is_empty() {
        name.to_owned()
    } else {
        format!("{field}.{name}")
    };
    path.chars().take(LONGEST_PATH).collect()
}

/// What `edx-drf-extensions` puts in front of a slug.
const SLUGS: &str = "https://docs.openedx.org/errors/";

const LONGEST: usize = 64 * 1024;

const LONGEST_NAME: usize = 64;

/// More than is shown of a text, so that the cut is visible.
const LONGEST_PATH: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(body: &str) -> Problem {
        Problem::of(StatusCode::BAD_REQUEST, body.as_bytes())
    }

    fn errors(body: &str) -> Vec<(String, String)> {
        let problem = problem(body);
        let errors = problem.errors();
        errors
            .map(|(field, message)| (field.to_owned(), message.to_owned()))
            .collect()
    }

    /// Returns the detail and the error code; empty if there are none.
    fn detail_and_code(body: &str) -> (String, String) {
        let problem = problem(body);
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        (owned(problem.detail()), owned(problem.error_code()))
    }

    #[test]
    fn the_older_formats_are_read() {
        for (body, detail, error_code) in [
            (r#"{"detail":"Invalid token."}"#, "Invalid token.", ""),
            (
                r#"{"developer_message":"Invalid token."}"#,
                "Invalid token.",
                "",
            ),
            (
                r#"{"developer_message":"expired","error_code":"token_expired"}"#,
                "expired",
                "token_expired",
            ),
            (
                r#"{"developer_message":{"error_code":"token_expired","developer_message":"x"}}"#,
                "x",
                "token_expired",
            ),
            (
                r#"{"developer_message":{"detail":"Invalid token."}}"#,
                "Invalid token.",
                "",
            ),
            (r#"{"detail":["Invalid token."]}"#, "", ""),
            (r#"{"detail":5,"error_code":"x"}"#, "", "x"),
            (r#"{"error":{"detail":"Invalid token."}}"#, "", ""),
            (r#"{"message":"Forbidden"}"#, "", ""),
            (r#"{"detail":"Invalid tok"#, "", ""),
            ("<html>", "", ""),
            ("[]", "", ""),
            ("", "", ""),
        ] {
            let expected = (detail.to_owned(), error_code.to_owned());
            assert_eq!(detail_and_code(body), expected, "{body}");
        }
    }

    #[test]
    fn the_message_for_users_is_told_from_the_one_for_developers() {
        let problem = problem(
            r#"{"developer_message":"no mode","user_message":"Not open yet.","error_code":"x"}"#,
        );

        assert_eq!(problem.detail(), Some("no mode"));
        assert_eq!(problem.user_message(), Some("Not open yet."));
    }

    #[test]
    fn a_slug_is_a_short_name_under_the_documentation_of_open_edx() {
        let long = format!("{SLUGS}{}", "a".repeat(10 * 1024));
        for (uri, slug) in [
            (
                "https://docs.openedx.org/errors/rate-limited",
                Some("rate-limited"),
            ),
            ("https://docs.openedx.org/errors/acme_7", Some("acme_7")),
            ("https://docs.openedx.org/errors/", None),
            ("https://docs.openedx.org/errors/authn/x", None),
            ("https://docs.openedx.org/errors/a b", None),
            ("http://docs.openedx.org/errors/authn", None),
            ("https://docs.openedx.org.evil.example/errors/authn", None),
            ("https://evil.example/errors/authn", None),
            ("about:blank", None),
            ("authn", None),
            (&long, None),
        ] {
            let problem = problem(&format!(r#"{{"type":"{uri}","title":"T"}}"#));
            assert_eq!(
                (problem.slug(), problem.title()),
                (slug, Some("T")),
                "{uri}"
            );
        }
    }

    #[test]
    fn the_messages_of_every_field_are_collected() {
        let fields = |fields: &[(&str, &str)]| -> Vec<_> {
            let fields = fields.iter();
            fields
                .map(|(field, message)| ((*field).to_owned(), (*message).to_owned()))
                .collect()
        };
        for (body, expected) in [
            (
                r#"{"name":["Required.","Too short."],"non_field_errors":["No."]}"#,
                fields(&[
                    ("name", "Required."),
                    ("name", "Too short."),
                    ("non_field_errors", "No."),
                ]),
            ),
            (
                r#"{"errors":{"a":{"b":["1"]},"c":"2"},"detail":"x","list":["3"]}"#,
                fields(&[("a.b", "1"), ("c", "2")]),
            ),
            (
                r#"{"seats":[{},{"email":["Invalid."]}]}"#,
                fields(&[("seats.1.email", "Invalid.")]),
            ),
            (r#"{"errors":["a"]}"#, fields(&[("", "a")])),
            (r#"{"errors":7,"name":["a"]}"#, fields(&[])),
            (r#"{"detail":"a","code":7}"#, fields(&[])),
        ] {
            assert_eq!(errors(body), expected, "{body}");
        }
    }

    #[test]
    fn errors_nested_200_deep_are_left_out_and_hide_nothing() {
        let (open, close) = (r#"{"a":"#.repeat(200), "}".repeat(200));
        let body = format!(r#"{{"type":"{SLUGS}validation","errors":{open}1{close}}}"#);

        assert_eq!(problem(&body).slug(), Some("validation"));
        assert_eq!(problem(&body).errors().count(), 0);
    }

    #[test]
    fn a_long_name_is_cut_in_the_path_of_each_field_inside_it() {
        // Miri takes a tenth of a second for each.
        let count = if cfg!(miri) { 50 } else { 5000 };
        let fields: Vec<_> = (0..count).map(|name| format!(r#""{name}":"x""#)).collect();
        let body = format!(r#"{{"{}":{{{}}}}}"#, "n".repeat(1000), fields.join(","));

        let errors = errors(&body);

        assert_eq!(errors.len(), count);
        assert!(errors.iter().all(|(field, _)| field.ends_with('…')));
    }

    #[test]
    fn the_status_line_outranks_the_body() {
        let problem = problem(r#"{"status":503,"title":"T"}"#);

        assert_eq!(problem.status(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn texts_are_cut_and_escaped_and_hide_a_token() {
        let long = "ä".repeat(300);
        let body = format!(
            r#"{{"title":"a\u001b[31m","detail":"JWT eyJ0.e30.x is bad","instance":"{long}"}}"#
        );
        let problem = problem(&body);

        assert_eq!(problem.title(), Some("a\\u{1b}[31m"));
        assert_eq!(problem.detail(), Some("[redacted]"));
        assert_eq!(
            problem.instance().map(|text| text.chars().count()),
            Some(256)
        );
    }

    #[test]
    fn a_body_of_more_than_64_kib_is_not_read() {
        let padded = |length: usize| {
            let body = r#"{"detail":"x"}"#;
            " ".repeat(length - body.len()) + body
        };

        assert_eq!(problem(&padded(65_536)).detail(), Some("x"));
        assert_eq!(problem(&padded(65_537)).detail(), None);
    }

    #[test]
    fn debug_shows_no_text() {
        let body = format!(
            r#"{{"type":"{SLUGS}validation","title":"planted","detail":"planted","instance":"planted",
            "user_message":"planted","errors":{{"planted":["planted"]}}}}"#
        );

        assert_eq!(
            format!("{:?}", problem(&body)),
            "Problem { status: 400, slug: Some(\"validation\"), error_code: None, .. }"
        );
    }
}
