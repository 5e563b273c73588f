//! Responses to a token request, and what they mean.

use edx_auth_core::{
    ClientCredentials, ErrorKind, ExchangeError, IssuedToken, TokenEndpoint, TokenRequest,
};
use edx_auth_tests::responses::{Body, Grant, PLATFORM_ONLY, RATE_LIMIT, RecordedResponse, TOKEN};
use serde::{Deserialize, Serialize};

use super::odd_bodies::odd_bodies;
use super::recorded::{Response, responses};
use super::table::{Vector, name_of};

/// A response, and the token types that the client accepts.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    accepts: Vec<String>,
    response: Response,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Meaning {
    Token {
        token: String,
        token_type: String,
        /// In seconds.
        lifetime: f64,
        scope: Option<String>,
    },
    Error {
        error: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        defect: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        oauth_code: Option<String>,
        retryable: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
}

impl Vector for Input {
    const FILE: &'static str = "token_responses.json";

    type Meaning = Meaning;

    fn rows() -> Vec<(String, Self)> {
        let tables = [
            ("token", TOKEN),
            ("rate limit", RATE_LIMIT),
            ("platform", PLATFORM_ONLY),
        ];
        let recorded = tables.into_iter().flat_map(|(name, rows)| {
            responses(name, rows.iter().filter(|row| row.is_from_a_token_client()))
        });
        let recorded: Vec<_> = recorded.collect();
        let opaque = recorded.iter().filter(|(_, response)| is_opaque(response));
        let for_jwt_alone = opaque.map(|(name, response)| {
            (
                format!("{name}, for a client that accepts only JWT"),
                Self::of(&["JWT"], *response),
            )
        });
        let for_both = recorded
            .iter()
            .map(|(name, response)| (name.clone(), Self::of(&BOTH, *response)));
        let others = odd_bodies().chain(others());
        let others = others.map(|(name, response)| (name, Self::of(&BOTH, response)));
        for_both.chain(for_jwt_alone).chain(others).collect()
    }

    fn meaning(&self) -> Meaning {
        let credentials = ClientCredentials::new("test-client", "test-secret").unwrap();
        let mut request = TokenRequest::new(TokenEndpoint::edx(), credentials);
        if self.accepts.iter().any(|name| name == "Bearer") {
            request = request.allow_bearer();
        }
        let (head, body) = self.response.render().into_parts();
        let (_, exchange) = request.begin();
        match exchange.finish(http::Response::from_parts(head, &body)) {
            Ok(issued) => Meaning::of(&issued),
            Err(error) => Meaning::of_error(&error),
        }
    }
}

impl Input {
    fn of(accepts: &[&str], response: impl Into<Response>) -> Self {
        Self {
            accepts: accepts.iter().map(ToString::to_string).collect(),
            response: response.into(),
        }
    }
}

impl Meaning {
    fn of(issued: &IssuedToken) -> Self {
        Self::Token {
            token: issued.token().expose().to_owned(),
            token_type: issued.token().token_type().to_string(),
            lifetime: issued.lifetime().as_secs_f64(),
            scope: issued.scope().map(ToString::to_string),
        }
    }

    fn of_error(error: &ExchangeError) -> Self {
        let kind = error.kind();
        let defect = match kind {
            ErrorKind::Malformed(defect) => Some(name_of(&defect)),
            _ => None,
        };
        Self::Error {
            error: name_of(&kind),
            defect,
            oauth_code: error.oauth_code().map(ToString::to_string),
            retryable: error.is_retryable(),
            retry_after: error.retry_after().map(|wait| wait.as_secs()),
        }
    }
}

fn is_opaque(response: &RecordedResponse) -> bool {
    matches!(
        response.body,
        Body::Token(Grant {
            algorithm: None,
            ..
        })
    )
}

/// Returns responses of proxies and other servers, and lifetimes.
fn others() -> impl Iterator<Item = (String, Response)> {
    let statuses = STATUSES.into_iter().flat_map(|status| {
        BODIES.map(|(name, body)| {
            (
                format!("status {status}, {name}"),
                Response::new(status, body),
            )
        })
    });
    let waits = WAITS.into_iter().flat_map(|wait| {
        [429, 503, 401].map(|status| {
            let response = Response::new(status, "").header("date", NOW);
            let name = format!("status {status}, Retry-After: {wait}");
            (name, response.header("retry-after", wait))
        })
    });
    let undated = Response::new(503, "").header("retry-after", WAITS[6]);
    let compressed = issued(r#""expires_in": 60"#).header("content-encoding", "gzip");
    let alone = [
        ("a date in Retry-After without a Date".to_owned(), undated),
        (
            "a body that says that it is compressed".to_owned(),
            compressed,
        ),
    ];
    let fields = FIELDS.map(|fields| (format!("issued with {fields}"), issued(fields)));
    let claims = CLAIMS.map(|(name, token)| (format!("a JWT {name}"), issued_as(token)));
    let claims = claims.into_iter();
    statuses
        .chain(waits)
        .chain(alone)
        .chain(fields)
        .chain(claims)
}

/// Returns a response with an opaque token and these fields.
fn issued(fields: &str) -> Response {
    let token = r#""access_token": "opaque", "token_type": "JWT""#;
    Response::new(200, format!("{{{token}, {fields}}}"))
}

fn issued_as(token: &str) -> Response {
    let body = format!(r#"{{"access_token": "{token}", "token_type": "JWT", "expires_in": 3600}}"#);
    Response::new(200, body)
}

const BOTH: [&str; 2] = ["JWT", "Bearer"];

const NOW: &str = "Sat, 21 Nov 2026 10:00:00 GMT";

const STATUSES: [u16; 31] = [
    200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 407, 408,
    410, 413, 414, 421, 425, 426, 429, 431, 500, 502, 503, 511,
];

const BODIES: [(&str, &str); 5] = [
    ("no body", ""),
    ("a page", "<html><body>Sorry</body></html>"),
    ("an OAuth error", r#"{"error": "invalid_client"}"#),
    (
        "a temporary OAuth error",
        r#"{"error": "temporarily_unavailable"}"#,
    ),
    (
        "a message of a gateway",
        r#"{"message": "Missing Authentication Token"}"#,
    ),
];

const WAITS: [&str; 9] = [
    "0",
    "17",
    "3600",
    "3601",
    "99999999999999999999999999",
    "-1",
    "Sat, 21 Nov 2026 10:00:30 GMT",
    "Sat, 21 Nov 2026 09:59:00 GMT",
    "soon",
];

#[rustfmt::skip] // read as a list
const FIELDS: [&str; 19] = [
    r#""expires_in": 2"#,
    r#""expires_in": 1.9"#,
    r#""expires_in": 2.5"#,
    r#""expires_in": 3.6e3"#,
    r#""expires_in": "3600""#,
    r#""expires_in": " 180 ""#,
    r#""expires_in": "soon""#,
    r#""expires_in": "inf""#,
    r#""expires_in": true"#,
    r#""expires_in": 31536001"#,
    r#""expires_in": 1e400"#,
    r#""expires_in": 60, "scope": "re\u0061d""#,
    r#""expires_in": 60, "scope": """#,
    r#""expires_in": 60, "scope": ["read"]"#,
    r#""expires_in": 60, "scope": "read  \u001b[31m write""#,
    r#""expires_in": 60, "scope": "read opaque""#,
    r#""expires_in": 60, "scope": "read test-secret""#,
    r#""expires_in": 60, "scope": "read test%2Dsecret""#,
    r#""expires_in": 60, "scope": "read dGVzdC1jbGllbnQ6dGVzdC1zZWNyZXQ""#,
];

/// Tokens whose claims are, in order: a lifetime of a minute, of zero, and none that can be read.
const CLAIMS: [(&str, &str); 3] = [
    (
        "that lasts a minute",
        "e30.eyJpYXQiOjEwMDAsImV4cCI6MTA2MH0.c2ln",
    ),
    (
        "that was never valid",
        "e30.eyJpYXQiOjEwMDAsImV4cCI6MTAwMH0.c2ln",
    ),
    ("without claims", "e30.e30.c2ln"),
];
