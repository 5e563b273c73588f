use super::body_text::body_text;
use super::fingerprint::Fingerprint;
use super::redaction::{Redacted, token_in, without_secrets};
use crate::mock_edx::http::basic_auth::BasicCredentials;
use crate::mock_edx::http::form::FormFields;
use crate::mock_edx::http::request::Request;

/// A request that the server received, without its secrets.
///
/// Tokens, client secrets and cookies are stored as [`Fingerprint`]s only. Of a token request, the
/// public fields are stored as well; of other requests, the [text](Self::body_text) of JSON and forms.
///
/// ```
/// use edx_auth_testkit::{Fingerprint, MockEdx};
///
/// fn sent_its_secret_once(edx: &MockEdx) -> bool {
///     let secret = Fingerprint::of(edx.client_secret());
///     let requests = edx.requests();
///     requests.iter().filter(|request| request.client_secret() == Some(secret)).count() == 1
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ReceivedRequest {
    entry: Entry,
    method: String,
    path: String,
    query: Option<Redacted>,
    headers: Vec<(String, String)>,
    fields: Vec<(&'static str, String)>,
    client_secret: Option<Fingerprint>,
    token: Option<Fingerprint>,
    body_len: usize,
    body: Fingerprint,
    body_text: Option<Redacted>,
}

/// What the server adds to a request when it records it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) order: usize,
    pub(crate) status: Option<u16>,
    pub(crate) connection: usize,
    pub(crate) concurrent: usize,
}

impl ReceivedRequest {
    /// Returns the number of the request among all requests of this server, counted from 1.
    #[must_use]
    pub fn order(&self) -> usize {
        self.entry.order
    }

    /// Returns the status of the response that the server decided on, or `None` if it sends none or other
    /// bytes than a [`MockResponse`](crate::MockResponse).
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// fn was_rejected_once(edx: &MockEdx) -> bool {
    ///     let requests = edx.requests();
    ///     requests.iter().filter(|request| request.status() == Some(401)).count() == 1
    /// }
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.entry.status
    }

    /// Returns the number of its connection, counted from 1 in the order of acceptance. All
    /// requests of one connection have the same number. A connection without a request leaves a
    /// gap.
    ///
    /// ```
    /// use std::collections::HashSet;
    /// use edx_auth_testkit::{MockEdx, ReceivedRequest};
    ///
    /// fn kept_one_connection(edx: &MockEdx) -> bool {
    ///     let requests = edx.requests();
    ///     let connections: HashSet<_> = requests.iter().map(ReceivedRequest::connection).collect();
    ///     connections.len() == 1
    /// }
    /// ```
    #[must_use]
    pub fn connection(&self) -> usize {
        self.entry.connection
    }

    /// Returns how many requests, itself included, the server was handling when it had read this
    /// one: 1 for every request of a program that sends one request at a time.
    ///
    /// A request stops counting just before the server writes the last bytes of the response. If the
    /// client gives up, it counts until the server notices.
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// fn asked_for_one_token_at_a_time(edx: &MockEdx) -> bool {
    ///     let requests = edx.requests();
    ///     let mut for_tokens = requests.iter().filter(|request| request.path() == MockEdx::TOKEN_PATH);
    ///     for_tokens.all(|request| request.concurrent() == 1)
    /// }
    /// ```
    #[must_use]
    pub fn concurrent(&self) -> usize {
        self.entry.concurrent
    }

    /// Returns the method, as sent.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query as sent, or `None` without a question mark. `Debug` shows only its
    /// fingerprint; this method shows it all, even a secret that the program put there.
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// fn asked_for_pages(edx: &MockEdx) -> Vec<String> {
    ///     let requests = edx.requests();
    ///     requests.iter().filter_map(|request| request.query()).map(str::to_owned).collect()
    /// }
    /// ```
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.as_ref().map(|query| query.0.as_str())
    }

    /// Returns the first header of this name. The case of the name is ignored. In `Authorization`,
    /// a fingerprint replaces the credentials, as in `JWT sha256:1ec1c26b50d5d3c5`.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header_values(name).next()
    }

    /// Returns all headers of this name, in the order in which they were sent.
    pub(crate) fn header_values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .filter(named)
            .map(|(_, value)| value.as_str())
    }

    /// Returns `grant_type`, `client_id`, `token_type` or `scope` of a form. Other fields are not
    /// stored.
    #[must_use]
    pub fn form_field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the client secret of HTTP Basic, or else of the form.
    #[must_use]
    pub fn client_secret(&self) -> Option<Fingerprint> {
        self.client_secret
    }

    /// Returns the token of a `JWT` or `Bearer` header.
    #[must_use]
    pub fn token(&self) -> Option<Fingerprint> {
        self.token
    }

    /// Returns the length of the body in bytes.
    ///
    /// ```
    /// # let edx = edx_auth_testkit::MockEdx::start()?;
    /// assert!(edx.requests().iter().all(|request| request.body_len() < 1_000_000));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn body_len(&self) -> usize {
        self.body_len
    }

    /// Returns the fingerprint of the whole body.
    ///
    /// ```
    /// use edx_auth_testkit::{Fingerprint, MockEdx};
    ///
    /// fn sent_twice(edx: &MockEdx, body: &str) -> bool {
    ///     let requests = edx.requests();
    ///     let sent = requests.iter().filter(|request| request.body() == Fingerprint::of(body));
    ///     sent.count() == 2
    /// }
    /// ```
    #[must_use]
    pub fn body(&self) -> Fingerprint {
        self.body
    }

    /// Returns the body if it is JSON or a URL-encoded form, and `None` for others and at the token
    /// endpoint.
    ///
    /// The text is as it was sent, unless it has a secret: a JWT, or a value whose name contains `token`,
    /// `secret`, `password`, `passphrase` or `api_key`. Then it is serialized again, with fingerprints
    /// in place of the secrets. `Debug` shows only the fingerprint of the text.
    ///
    /// ```
    /// use edx_auth_testkit::{Fingerprint, MockEdx};
    ///
    /// fn enrolled_ada(edx: &MockEdx) -> bool {
    ///     let requests = edx.requests();
    ///     let mut texts = requests.iter().filter_map(|request| request.body_text());
    ///     texts.any(|text| text.contains(r#""user": "ada""#))
    /// }
    ///
    /// fn registered_ada(edx: &MockEdx) -> bool {
    ///     let password = Fingerprint::of("correct horse");
    ///     let expected = format!(r#"{{"password":"{password}","username":"ada"}}"#);
    ///     edx.requests().iter().any(|request| request.body_text() == Some(&expected))
    /// }
    /// ```
    #[must_use]
    pub fn body_text(&self) -> Option<&str> {
        self.body_text.as_ref().map(|text| text.0.as_str())
    }

    pub(crate) fn of(request: &Request, entry: Entry) -> Self {
        let authorization = request.header("authorization").unwrap_or_default();
        let form = FormFields::of_body(request);
        Self {
            entry,
            method: request.method().to_owned(),
            path: request.path().to_owned(),
            query: request
                .query_as_sent()
                .map(|query| Redacted(query.to_owned())),
            headers: request.headers().iter().map(without_secrets).collect(),
            fields: PUBLIC_FIELDS
                .into_iter()
                .filter_map(|name| Some((name, form.get(name)?.to_owned())))
                .collect(),
            client_secret: BasicCredentials::from_header(authorization)
                .map(|basic| Fingerprint::of(basic.client_secret))
                .or_else(|| form.get("client_secret").map(Fingerprint::of)),
            token: token_in(authorization).map(Fingerprint::of),
            body_len: request.body().len(),
            body: Fingerprint::of(request.body()),
            body_text: body_text(request).map(Redacted),
        }
    }
}

const PUBLIC_FIELDS: [&str; 4] = ["grant_type", "client_id", "token_type", "scope"];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Entry, Fingerprint, ReceivedRequest, Request};

    const ENTRY: Entry = Entry {
        order: 1,
        status: None,
        connection: 1,
        concurrent: 1,
    };

    fn received(headers: &str, body: &str) -> ReceivedRequest {
        let head = format!(
            "POST /oauth2/access_token?token=planted HTTP/1.1\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n{headers}\r\n"
        );
        let (request, _) = Request::parse_head(head.as_bytes()).unwrap().unwrap();
        ReceivedRequest::of(&request.with_body(body.into()), ENTRY)
    }

    #[test]
    fn no_planted_secret_is_kept() {
        for (headers, body) in [
            ("Authorization: JWT planted\r\n", ""),
            ("Authorization: JWT  planted\r\n", ""),
            ("Authorization: planted\r\n", ""),
            ("Authorization: planted too\r\n", ""),
            ("Authorization: Basic YTpwbGFudGVk\r\n", ""),
            ("Proxy-Authorization: Basic planted\r\n", ""),
            ("Cookie: session=planted\r\n", ""),
            (
                "",
                "client_id=a&client_secret=planted&refresh_token=planted",
            ),
            ("", "client_secret=x&planted"),
            ("", "{\"client_secret\": \"planted\"}"),
        ] {
            let shown = format!("{:?}", received(headers, body));

            assert!(!shown.contains("planted"), "{shown}");
            assert!(!shown.contains("YTpwbGFudGVk"), "{shown}");
        }
    }

    #[test]
    fn secrets_can_be_compared() {
        let by_form = received("", "client_id=an-id&client_secret=s%26t");
        let by_basic = received("Authorization: Basic YTpi\r\n", "client_secret=other");
        let by_token = received("Authorization: jwt a.b.c\r\n", "");

        assert_eq!(by_form.form_field("client_id"), Some("an-id"));
        assert_eq!(by_form.client_secret(), Some(Fingerprint::of("s&t")));
        assert_eq!(by_basic.client_secret(), Some(Fingerprint::of("b")));
        assert_eq!(by_basic.token(), None);
        assert_eq!(by_token.token(), Some(Fingerprint::of("a.b.c")));
        let shown = format!("jwt {}", Fingerprint::of("a.b.c"));
        assert_eq!(by_token.header("AUTHORIZATION"), Some(shown.as_str()));
    }
}
