//! The token request: endpoint, client credentials and options.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, Request};
use zeroize::Zeroizing;

use super::form::{self, TokenForm};
use super::rules::DEADLINE;
use super::{ClientCredentials, FormBody, TokenEndpoint, TokenExchange, TransportRules};
use crate::error::Secrets;
use crate::token::{Scope, TokenType};

/// A token request for the client credentials grant
/// ([RFC 6749 section 4.4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2)). It adds edX's
/// `token_type=jwt`, which requests a token that every API of the site accepts.
///
/// Keep it and [begin](Self::begin) an exchange whenever a token is needed. It is encoded once, and
/// clones are cheap.
///
/// ```
/// use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
///
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
///
/// let (to_send, exchange) = request.begin();
/// assert_eq!(to_send.method(), "POST");
/// // .. send it by the `exchange.rules()`, then pass the response to `exchange.finish(..)`.
/// # drop(exchange);
/// # Ok::<(), edx_auth_core::CredentialsError>(())
/// ```
#[derive(Clone)]
pub struct TokenRequest(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    endpoint: TokenEndpoint,
    credentials: ClientCredentials,
    client_auth: ClientAuth,
    scope: Option<Scope>,
    accepted: Accepted,
    deadline: Duration,
    body: FormBody,
}

/// How the client authenticates (`token_endpoint_auth_method`, RFC 7591 section 2).
#[derive(Clone, Debug)]
enum ClientAuth {
    SecretPost,
    /// With this header, which is sensitive.
    SecretBasic(Box<HeaderValue>),
}

/// The token types that the program accepts.
#[derive(Clone, Copy, Debug)]
enum Accepted {
    JwtOnly,
    JwtOrBearer,
}

impl TokenRequest {
    /// Creates a request for a JWT with the application's default scope. The client credentials are
    /// sent in the body, because edX's gateway drops the `Authorization` header.
    #[must_use]
    pub fn new(endpoint: TokenEndpoint, credentials: ClientCredentials) -> Self {
        let client_auth = ClientAuth::SecretPost;
        Self(Arc::new(Inner {
            body: encoded(&credentials, &client_auth, None),
            endpoint,
            credentials,
            client_auth,
            scope: None,
            accepted: Accepted::JwtOnly,
            deadline: DEADLINE,
        }))
    }

    /// Requests only this scope, which must be part of the application's.
    ///
    /// ```
    /// # use edx_auth_core::{ClientCredentials, Scope, TokenEndpoint, TokenRequest};
    /// # let credentials = ClientCredentials::new("id", "secret")?;
    /// let request = TokenRequest::new(TokenEndpoint::edx(), credentials).scope(Scope::new("read")?);
    ///
    /// let (to_send, _) = request.begin();
    /// assert!(to_send.body().as_ref().ends_with(b"&scope=read"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn scope(self, scope: Scope) -> Self {
        self.with(|inner| inner.scope = Some(scope))
    }

    /// Sends the client credentials by HTTP Basic instead of in the body, both form-encoded
    /// ([RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
    /// An LMS accepts both ways; edX's gateway accepts only the body.
    ///
    /// ```
    /// # use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
    /// # let credentials = ClientCredentials::new("id", "secret")?;
    /// let site = TokenEndpoint::open_edx("https://courses.example.org")?;
    /// let (to_send, _) = TokenRequest::new(site, credentials).basic_auth().begin();
    /// assert!(to_send.headers()["authorization"].is_sensitive());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn basic_auth(self) -> Self {
        self.with(|inner| inner.client_auth = ClientAuth::basic(&inner.credentials))
    }

    /// Also accepts an opaque `Bearer` token, if the site issues no JWT. Only the LMS accepts such
    /// a token.
    #[doc(alias = "opaque")]
    #[must_use]
    pub fn allow_bearer(self) -> Self {
        self.with(|inner| inner.accepted = Accepted::JwtOrBearer)
    }

    /// Sets the deadline of one exchange, instead of 20 s.
    #[doc(alias = "timeout")]
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        self.with(|inner| inner.deadline = deadline)
    }

    /// Starts one exchange: returns the request to send, and the value that reads the response.
    ///
    /// The request is the same every time. Its body is shared, not copied.
    #[must_use = "no token is requested until the request is sent"]
    pub fn begin(&self) -> (Request<FormBody>, TokenExchange) {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = Method::POST;
        parts.uri = self.0.endpoint.uri().clone();
        let headers = self.0.endpoint.request_headers();
        parts.headers = match &self.0.client_auth {
            ClientAuth::SecretPost => headers.clone(),
            ClientAuth::SecretBasic(value) => with_authorization(headers, value),
        };
        let request = Request::from_parts(parts, self.0.body.clone());
        (request, TokenExchange::of(self.clone()))
    }

    /// Returns the same request with other client credentials.
    ///
    /// ```
    /// # use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
    /// # let old = ClientCredentials::new("id", "old secret")?;
    /// # let request = TokenRequest::new(TokenEndpoint::edx(), old);
    /// let regenerated = ClientCredentials::new("new-id", "new-secret")?;
    /// let request = request.with_credentials(regenerated);
    /// assert_eq!(request.credentials().client_id(), "new-id");
    /// # Ok::<(), edx_auth_core::CredentialsError>(())
    /// ```
    #[must_use]
    pub fn with_credentials(self, credentials: ClientCredentials) -> Self {
        self.with(|inner| {
            if let ClientAuth::SecretBasic(_) = inner.client_auth {
                inner.client_auth = ClientAuth::basic(&credentials);
            }
            inner.credentials = credentials;
        })
    }

    /// Returns the client credentials used for this request.
    #[must_use]
    pub fn credentials(&self) -> &ClientCredentials {
        &self.0.credentials
    }

    /// Returns the token endpoint that this request is sent to.
    #[must_use]
    pub fn endpoint(&self) -> &TokenEndpoint {
        &self.0.endpoint
    }

    /// Returns the rules for sending this request.
    #[must_use]
    pub fn rules(&self) -> TransportRules {
        TransportRules::new(self.0.deadline, self.0.endpoint.is_https())
    }

    pub(crate) fn accepts(&self, token_type: TokenType) -> bool {
        match self.0.accepted {
            Accepted::JwtOnly => token_type == TokenType::Jwt,
            Accepted::JwtOrBearer => true,
        }
    }

    pub(super) fn secrets(&self) -> Secrets<'_> {
        let credentials = &self.0.credentials;
        Secrets::of_client(credentials.client_id(), credentials.client_secret())
    }

    /// Reports whether the client secret is a hash: the admin page of newer django-oauth-toolkit
    /// versions shows the hash after saving.
    pub(super) fn has_hashed_secret(&self) -> bool {
        let hashes = ["pbkdf2_", "argon2", "bcrypt", "scrypt$"];
        let secret = self.0.credentials.client_secret();
        hashes.iter().any(|hash| secret.starts_with(hash))
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        change(inner);
        let scope = inner.scope.as_ref();
        inner.body = encoded(&inner.credentials, &inner.client_auth, scope);
        self
    }
}

impl ClientAuth {
    fn basic(credentials: &ClientCredentials) -> Self {
        let (id, secret) = (credentials.client_id(), credentials.client_secret());
        Self::SecretBasic(Box::new(basic_authorization(&form::basic(id, secret))))
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("endpoint", &self.0.endpoint)
            .field("credentials", &self.0.credentials)
            .field("client_auth", &self.0.client_auth)
            .field("scope", &self.0.scope)
            .field("accepted", &self.0.accepted)
            .field("deadline", &self.0.deadline)
            .finish_non_exhaustive()
    }
}

/// Encodes the body.
fn encoded(
    credentials: &ClientCredentials,
    client_auth: &ClientAuth,
    scope: Option<&Scope>,
) -> FormBody {
    let (client_id, client_secret) = match client_auth {
        ClientAuth::SecretPost => (
            Some(credentials.client_id()),
            Some(credentials.client_secret()),
        ),
        ClientAuth::SecretBasic(_) => (None, None),
    };
    let form = TokenForm {
        grant_type: "client_credentials",
        client_id,
        client_secret,
        token_type: "jwt",
        scope: scope.map(Scope::as_str),
    };
    form.encode()
}

/// Separate from the rest of a request, since most do without.
#[cold]
fn with_authorization(headers: &HeaderMap, value: &HeaderValue) -> HeaderMap {
    let mut headers = headers.clone();
    headers.insert(AUTHORIZATION, value.clone());
    headers
}

#[expect(
    clippy::expect_used,
    reason = "every base64 character is allowed in a header"
)]
fn basic_authorization(encoded: &str) -> HeaderValue {
    let mut value = Zeroizing::new(alloc::vec::Vec::with_capacity(encoded.len() + 6));
    value.extend_from_slice(b"Basic ");
    value.extend_from_slice(encoded.as_bytes());
    let value = HeaderValue::from_maybe_shared(Bytes::from_owner(value));
    let mut value = value.expect("base64 is ASCII");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;

    fn request() -> TokenRequest {
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        TokenRequest::new(TokenEndpoint::edx(), credentials)
    }

    fn body(request: &Request<FormBody>) -> String {
        String::from_utf8(request.body().as_ref().to_vec()).unwrap()
    }

    #[test]
    fn the_request_is_the_one_that_edxs_guides_show() {
        let (request, _) = request().begin();

        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.uri(), "https://api.edx.org/oauth2/v1/access_token");
        assert_eq!(
            request.headers()["content-type"],
            "application/x-www-form-urlencoded"
        );
        assert_eq!(
            body(&request),
            "grant_type=client_credentials&client_id=acme&client_secret=s3cret&token_type=jwt"
        );
    }

    #[test]
    fn basic_sends_the_credentials_only_in_the_header() {
        let (request, _) = request().basic_auth().begin();

        assert_eq!(request.headers()[AUTHORIZATION], "Basic YWNtZTpzM2NyZXQ=");
        assert_eq!(
            body(&request),
            "grant_type=client_credentials&token_type=jwt"
        );
    }

    #[test]
    fn every_exchange_of_one_request_shares_its_body() {
        let request = request();
        let (first, second) = (request.begin().0, request.begin().0);

        assert_eq!(
            first.body().as_ref().as_ptr(),
            second.body().as_ref().as_ptr()
        );
    }

    #[test]
    fn changing_a_clone_does_not_change_the_original() {
        let first = request();
        let second = first.clone().scope(Scope::new("read").unwrap());

        assert!(!body(&first.begin().0).contains("scope"));
        assert!(body(&second.begin().0).ends_with("&scope=read"));
    }

    #[test]
    fn the_rules_follow_the_endpoint_and_the_deadline() {
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let loopback = TokenEndpoint::open_edx("http://localhost:18000").unwrap();
        let request = TokenRequest::new(loopback, credentials).deadline(Duration::from_secs(2));

        let (_, exchange) = request.begin();
        assert_eq!(exchange.rules().deadline(), Duration::from_secs(2));
        assert_eq!(exchange.rules().connect_deadline(), Duration::from_secs(2));
        assert!(!exchange.rules().https_only());
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", request());

        assert!(shown.contains("acme"));
        assert!(!shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_request_with_other_credentials_differs_only_in_them() {
        let other = ClientCredentials::new("other", "secret").unwrap();

        let by_other = request()
            .scope(Scope::new("read").unwrap())
            .with_credentials(other);

        assert_eq!(by_other.credentials().client_id(), "other");
        assert_eq!(
            body(&by_other.begin().0),
            "grant_type=client_credentials&client_id=other&client_secret=secret\
             &token_type=jwt&scope=read"
        );
    }

    #[test]
    fn an_opaque_token_is_accepted_if_it_is_allowed() {
        assert!(!request().accepts(TokenType::Bearer));
        assert!(request().accepts(TokenType::Jwt));
        assert!(request().allow_bearer().accepts(TokenType::Bearer));
        assert!(request().allow_bearer().accepts(TokenType::Jwt));
    }
}
