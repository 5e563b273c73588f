//! A request that the site got, without what may differ between HTTP stacks.

use std::fmt;

use edx_auth_testkit::{Fingerprint, MockEdx, ReceivedRequest};
use edx_auth_tests::clients::HttpLibrary;

/// A request. Two requests with the same meaning are equal, whichever library sent them.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Sent {
    /// A token request.
    Issue,
    /// An API call.
    Call(Call),
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Call {
    line: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Fingerprint>,
}

/// Returns a call of [`API`](super::row::API) with the token of this generation.
pub(super) fn sent(method: &str, generation: u64) -> Sent {
    sent_to(method, super::row::API, generation)
}

/// Returns a call of another path and query.
pub(super) fn sent_to(method: &str, target: &str, generation: u64) -> Sent {
    let mut headers = vec![
        ("accept", "application/json".to_owned()),
        ("accept-language", "en".to_owned()),
        ("authorization", token_header(generation)),
        ("user-agent", LIBRARY.to_owned()),
    ];
    headers.sort();
    Sent::Call(Call {
        line: format!("{method} {target}"),
        headers,
        body: None,
    })
}

impl Sent {
    /// Sets this header.
    pub(super) fn header(self, name: &'static str, value: &str) -> Self {
        self.changed(|call| {
            call.headers.retain(|(known, _)| *known != name);
            call.headers.push((name, value.to_owned()));
            call.headers.sort();
        })
    }

    /// Sets this body and its length.
    pub(super) fn body(self, body: &str) -> Self {
        self.header("content-length", &body.len().to_string())
            .changed(|call| call.body = Some(Fingerprint::of(body)))
    }

    fn changed(self, change: impl FnOnce(&mut Call)) -> Self {
        match self {
            Self::Issue => self,
            Self::Call(mut call) => {
                change(&mut call);
                Self::Call(call)
            }
        }
    }

    /// Reads a request of this library; tokens are replaced by their generations.
    pub(super) fn of(request: &ReceivedRequest, library: HttpLibrary) -> Self {
        if request.path() == MockEdx::TOKEN_PATH {
            return Self::Issue;
        }
        let query = request.query().map(|query| format!("?{query}"));
        let target = request.path().to_owned() + &query.unwrap_or_default();
        let header = |name| Some((name, in_common(name, request, library)?));
        Self::Call(Call {
            line: format!("{} {target}", request.method()),
            headers: HEADERS.into_iter().filter_map(header).collect(),
            body: (request.body_len() > 0).then(|| request.body()),
        })
    }
}

/// Returns a header's value without the library's name, and with a token's generation.
fn in_common(name: &str, request: &ReceivedRequest, library: HttpLibrary) -> Option<String> {
    let value = request.header(name)?;
    Some(match name {
        "user-agent" => match value.strip_prefix(library.user_agent) {
            Some(rest) => LIBRARY.to_owned() + rest.trim_start_matches(is_of_a_version),
            None => value.to_owned(),
        },
        "authorization" => match (1..=9).find(|number| token_is(*number, request)) {
            Some(generation) => token_header(generation),
            None => value.to_owned(),
        },
        _ => value.to_owned(),
    })
}

fn is_of_a_version(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

fn token_is(generation: u64, request: &ReceivedRequest) -> bool {
    request.token() == Some(Fingerprint::of(token(generation)))
}

fn token_header(generation: u64) -> String {
    format!("JWT of generation {generation}")
}

/// Returns the token of this generation, as the site issues it.
pub(super) fn token(generation: u64) -> String {
    format!("e30.e30.{generation}")
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Call(call) = self else {
            return f.write_str("a request for a token");
        };
        f.write_str(&call.line)?;
        for (name, value) in &call.headers {
            write!(f, " {name}: {value}")?;
        }
        match call.body {
            Some(body) => write!(f, " body {body}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Replaces the names of both libraries.
const LIBRARY: &str = "edx-auth/";

/// The headers that are compared: those that a call may have, and those that no client may add.
const HEADERS: [&str; 12] = [
    "accept",
    "accept-language",
    "authorization",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "proxy-authorization",
    "referer",
    "transfer-encoding",
    "user-agent",
    "x-request-id",
];
