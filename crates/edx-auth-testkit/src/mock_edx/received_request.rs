use super::basic::Presented;
use super::fields::Fields;
use super::fingerprint::Fingerprint;
use super::request::Request;
use super::token_endpoint;

/// A request that the server got, kept without its secrets.
///
/// Tokens, client secrets and cookies are kept as [`Fingerprint`]s only, and of a body nothing but
/// the fields of a token request.
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
    order: usize,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    fields: Vec<(&'static str, String)>,
    client_secret: Option<Fingerprint>,
    token: Option<Fingerprint>,
}

impl ReceivedRequest {
    /// Its place among all requests of this server, counted from 1.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    /// The method, as sent.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first header of this name, in any case. What follows the scheme in `Authorization` is a
    /// fingerprint, as in `JWT sha256:1ec1c26b50d5d3c5`.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// `grant_type`, `client_id`, `token_type` or `scope` in a form; other fields are not kept.
    #[must_use]
    pub fn form_field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The client secret it carried, by HTTP Basic or else in a form.
    #[must_use]
    pub fn client_secret(&self) -> Option<Fingerprint> {
        self.client_secret
    }

    /// The token it carried, as `JWT` or as `Bearer`.
    #[must_use]
    pub fn token(&self) -> Option<Fingerprint> {
        self.token
    }

    pub(crate) fn asks_for_a_token(&self) -> bool {
        self.method == "POST" && token_endpoint::is_at(&self.path)
    }

    pub(crate) fn of(request: &Request, order: usize) -> Self {
        let authorization = request.header("authorization").unwrap_or_default();
        let form = Fields::of_body(request);
        Self {
            order,
            method: request.method().to_owned(),
            path: request.path().to_owned(),
            headers: request.headers().iter().map(without_secrets).collect(),
            fields: PUBLIC_FIELDS
                .into_iter()
                .filter_map(|name| Some((name, form.get(name)?.to_owned())))
                .collect(),
            client_secret: Presented::in_header(authorization)
                .map(|presented| Fingerprint::of(presented.client_secret))
                .or_else(|| form.get("client_secret").map(Fingerprint::of)),
            token: token_in(authorization).map(Fingerprint::of),
        }
    }
}

fn token_in(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    let carries_token = ["jwt", "bearer"].contains(&scheme.to_ascii_lowercase().as_str());
    carries_token.then_some(token.trim())
}

fn without_secrets((name, value): &(String, String)) -> (String, String) {
    let shown = match name.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => scheme_and_fingerprint(value),
        "cookie" => Fingerprint::of(value).to_string(),
        _ => value.clone(),
    };
    (name.clone(), shown)
}

/// A scheme is shown only where it is one: a token sent without any stands in its place.
fn scheme_and_fingerprint(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, credentials)) if is_scheme(scheme) => {
            format!("{scheme} {}", Fingerprint::of(credentials.trim()))
        }
        None if is_scheme(value) => value.to_owned(),
        _ => Fingerprint::of(value).to_string(),
    }
}

fn is_scheme(word: &str) -> bool {
    ["jwt", "bearer", "basic"].contains(&word.to_ascii_lowercase().as_str())
}

const PUBLIC_FIELDS: [&str; 4] = ["grant_type", "client_id", "token_type", "scope"];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Fingerprint, ReceivedRequest, Request};

    fn received(headers: &str, body: &str) -> ReceivedRequest {
        let head = format!(
            "POST /oauth2/access_token HTTP/1.1\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n{headers}\r\n"
        );
        let (request, _) = Request::parse_head(head.as_bytes()).unwrap().unwrap();
        ReceivedRequest::of(&request.with_body(body.into()), 1)
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
