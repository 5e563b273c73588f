//! Responses of APIs, and whether they mean that the token was rejected.

use edx_auth_core::Verdict;
use edx_auth_tests::responses::{ENVELOPE, PROTECTED};
use serde::{Deserialize, Serialize};

use super::recorded::{Response, responses};
use super::table::{Vector, name_of};

/// A response of an API.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Input(Response);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning {
    verdict: String,
    is_token_rejected: bool,
    retryable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

impl Vector for Input {
    const FILE: &'static str = "verdicts.json";

    type Meaning = Meaning;

    fn rows() -> Vec<(String, Self)> {
        let recorded = responses("protected", PROTECTED).chain(responses("envelope", ENVELOPE));
        let recorded = recorded.map(|(name, response)| (name, Response::from(response)));
        let rows = recorded
            .chain(denials())
            .chain(statuses())
            .chain(challenges())
            .chain(waits());
        rows.map(|(name, response)| (name, Self(response)))
            .collect()
    }

    fn meaning(&self) -> Meaning {
        let (head, body) = self.0.render().into_parts();
        let verdict = Verdict::of(head.status, &head.headers, &body);
        Meaning {
            verdict: name_of(&verdict),
            is_token_rejected: verdict == Verdict::TokenRejected,
            retryable: verdict.is_retryable(),
            retry_after: verdict.retry_after().map(|wait| wait.as_secs()),
        }
    }
}

/// Returns every denial with each status of one.
fn denials() -> impl Iterator<Item = (String, Response)> {
    let slugs = SLUGS.into_iter().map(|(slug, title)| {
        format!(r#"{{"type":"https://docs.openedx.org/errors/{slug}","title":"{title}","status":200,"detail":"Das ging nicht.","instance":"/v/"}}"#)
    });
    let bodies = DENIALS.map(|text| text.as_bytes().to_vec()).into_iter();
    let damaged = DAMAGED.into_iter().map(<[u8]>::to_vec);
    let bodies = bodies.chain(slugs.map(String::into_bytes)).chain(damaged);
    bodies.flat_map(|body| {
        [401, 403].map(|status| {
            let name = format!("{status} {}", body.escape_ascii());
            (name, Response::new(status, body.clone()))
        })
    })
}

/// Returns every status with bodies that are the same for all of them.
fn statuses() -> impl Iterator<Item = (String, Response)> {
    STATUSES.into_iter().flat_map(|status| {
        let bodies = BODIES.into_iter();
        bodies.map(move |(name, body)| {
            (
                format!("status {status}, {name}"),
                Response::new(status, body),
            )
        })
    })
}

/// Returns denials with the challenge of another login.
fn challenges() -> impl Iterator<Item = (String, Response)> {
    CHALLENGES.into_iter().flat_map(|challenge| {
        [401, 403].map(|status| {
            let response = Response::new(status, PAGE).header("www-authenticate", challenge);
            (format!("{status}, WWW-Authenticate: {challenge}"), response)
        })
    })
}

/// Returns responses that ask for a wait: in a header, in their text, in both or in neither.
fn waits() -> impl Iterator<Item = (String, Response)> {
    [429, 503, 403, 400].into_iter().flat_map(|status| {
        [None, Some("7"), Some("7200"), Some("soon")]
            .into_iter()
            .flat_map(move |wait| {
                THROTTLES.map(|text| {
                    let name = format!(
                        "{status}, Retry-After: {}, {text:?}",
                        wait.unwrap_or("none")
                    );
                    let body = format!(r#"{{"detail":"{text}"}}"#);
                    let response = Response::new(status, body);
                    let waiting = wait.map(|wait| response.clone().header("retry-after", wait));
                    (name, waiting.unwrap_or(response))
                })
            })
    })
}

const PAGE: &str = "<html><body>Sorry</body></html>";

#[rustfmt::skip] // read as a list
const DENIALS: [&str; 25] = [
    r#"{"detail":"Invalid token."}"#,
    r#"{"detail":"invalid token."}"#,
    r#"{"detail":"Invalid token. Really."}"#,
    r#"{"detail":"Ung\u00fcltiges Token."}"#,
    r#"{"detail":"Token has expired."}"#,
    r#"{"detail":"Error decoding token."}"#,
    r#"{"detail":"Signature has expired."}"#,
    r#"{"detail":"Error decoding signature."}"#,
    r#"{"detail":"Authentication credentials were not provided."}"#,
    r#"{"detail":"JWT must include a preferred_username or username claim!"}"#,
    r#"{"detail":"User account is disabled."}"#,
    r#"{"detail":"JWT missing required scopes."}"#,
    r#"{"detail":"JWT missing required content_org filter."}"#,
    r#"{"detail":"JWT missing required user filter."}"#,
    r#"{"detail":"Not a Restricted JWT Application."}"#,
    r#"{"detail":"You do not have permission to perform this action."}"#,
    r#"{"developer_message":"Invalid token."}"#,
    r#"{"developer_message":"x","error_code":"token_expired"}"#,
    r#"{"developer_message":"x","error_code":"token_malformed"}"#,
    r#"{"developer_message":"x","error_code":"token_not_provided"}"#,
    r#"{"developer_message":"x","error_code":"user_not_active"}"#,
    r#"{"developer_message":{"error_code":"token_nonexistent"}}"#,
    r#"{"developer_message":{"detail":"Invalid token."}}"#,
    r#"{"type":"https://docs.openedx.org/errors/authz","error_code":"token_expired"}"#,
    r#"{"type":"https://evil.example/errors/authz"}"#,
];

const DAMAGED: [&[u8]; 4] = [
    b"\xEF\xBB\xBF{\"detail\":\"Invalid token.\"}",
    b"{\"detail\":\"Invalid token.\",\"title\":\"refus\xE9\"}",
    b"{\"detail\":\"Invalid token.\",\"hint\":\"two\nlines\"}",
    b"{\"detail\":\"Invalid token.\",\"detail\":\"Invalid token.\"}",
];

const SLUGS: [(&str, &str); 7] = [
    ("authn", "Authentication Failed"),
    ("authn", "Authentication Required"),
    ("authn", "Anmeldung erforderlich"),
    ("authz", "Permission Denied"),
    ("rate-limited", "Too Many Requests"),
    ("internal", "Internal Server Error"),
    ("acme", "Authentication Failed"),
];

const STATUSES: [u16; 34] = [
    101, 200, 201, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407,
    408, 409, 410, 413, 414, 422, 425, 429, 431, 500, 502, 503, 504, 511, 600,
];

const BODIES: [(&str, &str); 5] = [
    ("no body", ""),
    ("a page", PAGE),
    ("Django's own page", "<h1>Bad Request (400)</h1>"),
    (
        "a message of a gateway",
        r#"{"message":"Missing Authentication Token"}"#,
    ),
    (
        "an error of a form",
        r#"{"name":["This field is required."]}"#,
    ),
];

const CHALLENGES: [&str; 5] = [
    "JWT realm=\"api\"",
    "Bearer realm=\"api\", error=\"invalid_token\"",
    "Basic realm=\"stage\"",
    "Basic realm=\"stage\", Digest realm=\"stage\"",
    "Basic realm=\"stage\", JWT realm=\"api\"",
];

const THROTTLES: [&str; 4] = [
    "Request was throttled. Expected available in 57 seconds.",
    "Request was throttled. Expected available in 1 second.",
    "Request was throttled. Expected available in 86400 seconds.",
    "Request was throttled.",
];
