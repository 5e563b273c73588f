//! The token endpoint (RFC 6749 sections 4.4 and 5). Checks a request in the order of
//! edx-platform's `oauth_dispatch/views.py` and oauthlib.

pub(crate) mod clients;
pub(crate) mod rate_limit;

use std::net::IpAddr;
use std::time::Instant;

use super::django;
use super::issuer::Issuer;
use super::random::random_bytes;
use crate::mock_edx::http::basic_auth::BasicCredentials;
use crate::mock_edx::http::form::FormFields;
use crate::mock_edx::http::request::Request;
use crate::mock_edx::http::response::MockResponse;
use clients::{Client, Clients, RegisteredGrant};
use rate_limit::RateLimit;

/// The path of the token endpoint of an LMS: edx-platform's `^oauth2/access_token/?$`.
pub(crate) const LMS_PATH: &str = "/oauth2/access_token";

/// The path of the token endpoint at the gateway of api.edx.org.
pub(crate) const GATEWAY_PATH: &str = "/oauth2/v1/access_token";

/// Returns whether tokens are issued at this path. It may end with a slash.
pub(crate) fn is_token_path(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    path == LMS_PATH || path == GATEWAY_PATH
}

/// The registered clients, the rate limit and the token format of the endpoint.
#[derive(Debug)]
pub(crate) struct TokenEndpoint {
    pub(crate) clients: Clients,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) format: TokenFormat,
}

/// The format of the token for a client that requests a JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFormat {
    Jwt,
    Opaque,
}

impl TokenEndpoint {
    pub(crate) fn respond(&self, request: &Request, issuer: &Issuer, from: IpAddr) -> MockResponse {
        let limit = self.rate_limit.as_ref();
        if limit.is_some_and(|limit| !limit.admits(from, Instant::now())) {
            return django::rate_limited();
        }
        match request.method() {
            "POST" => self
                .issue(request, issuer)
                .unwrap_or_else(OAuthError::response),
            "OPTIONS" => without_content(200),
            _ => without_content(405),
        }
    }

    fn issue(&self, request: &Request, issuer: &Issuer) -> Result<MockResponse, OAuthError> {
        if request.query().is_some() {
            return Err(OAuthError::QueryParameters);
        }
        let form = FormFields::of_body(request);
        let grant_type = form.get("grant_type").unwrap_or_default();
        if !GRANT_TYPES.contains(&grant_type) {
            return Err(OAuthError::UnsupportedGrantType);
        }
        let client = self
            .authenticate(request, &form)
            .ok_or(OAuthError::InvalidClient)?;
        may_use(&client, grant_type)?;
        let scope = granted_scope(form.get("scope").unwrap_or_default())?;
        let knows_jwt = self.format == TokenFormat::Jwt;
        let token = if knows_jwt && wants_jwt(request, &form) {
            Issued::jwt(issuer, &client, scope)
        } else {
            Issued::opaque()
        };
        Ok(token.response(scope))
    }

    /// Returns the client of the header, or else of the form. One valid combination of ID and secret is
    /// enough.
    fn authenticate(&self, request: &Request, form: &FormFields) -> Option<Client> {
        let header = request.header("authorization").unwrap_or_default();
        let by_header = BasicCredentials::from_header(header).and_then(|basic| {
            self.clients
                .authenticate(&basic.client_id, &basic.client_secret)
        });
        by_header.or_else(|| {
            self.clients
                .authenticate(form.get("client_id")?, form.get("client_secret")?)
        })
    }
}

/// The reason why a token request is rejected.
#[derive(Clone, Copy, Debug)]
enum OAuthError {
    QueryParameters,
    UnsupportedGrantType,
    InvalidClient,
    UnauthorizedClient,
    InvalidUser,
    InvalidGrant,
    InvalidScope,
}

impl OAuthError {
    fn response(self) -> MockResponse {
        match self {
            // oauthlib raises this error outside the code that turns errors into responses.
            Self::QueryParameters => django::server_error(),
            Self::UnsupportedGrantType => oauth(400, r#"{"error": "unsupported_grant_type"}"#),
            Self::InvalidClient => oauth(401, r#"{"error": "invalid_client"}"#)
                .header("WWW-Authenticate", r#"Bearer error="invalid_client""#),
            Self::UnauthorizedClient => oauth(400, r#"{"error": "unauthorized_client"}"#),
            Self::InvalidUser => oauth(
                400,
                r#"{"error": "invalid_grant", "error_description": "Invalid credentials given."}"#,
            ),
            Self::InvalidGrant => oauth(400, r#"{"error": "invalid_grant"}"#),
            Self::InvalidScope => oauth(400, r#"{"error": "invalid_scope"}"#),
        }
    }
}

/// Checks the grant of the client. The site has no passwords and no refresh tokens: those grants
/// fail because of the user, before the grant of the client is checked.
fn may_use(client: &Client, grant_type: &str) -> Result<(), OAuthError> {
    match (grant_type, client.grant()) {
        ("password", _) => Err(OAuthError::InvalidUser),
        ("refresh_token", _) => Err(OAuthError::InvalidGrant),
        (_, RegisteredGrant::Another) => Err(OAuthError::UnauthorizedClient),
        (_, RegisteredGrant::ClientCredentials) => Ok(()),
    }
}

fn granted_scope(requested: &str) -> Result<&str, OAuthError> {
    match requested.trim() {
        "" => Ok(DEFAULT_SCOPE),
        scope if scope.split(' ').all(is_allowed_scope) => Ok(scope),
        _ => Err(OAuthError::InvalidScope),
    }
}

fn is_allowed_scope(scope: &str) -> bool {
    DEFAULT_SCOPE.split(' ').any(|allowed| allowed == scope)
}

/// Returns whether the client requests a JWT. The form takes precedence over the header
/// `X-Token-Type`. Any value but `jwt` requests an opaque token.
fn wants_jwt(request: &Request, form: &FormFields) -> bool {
    form.get("token_type")
        .or_else(|| request.header("x-token-type"))
        .is_some_and(|token_type| token_type.eq_ignore_ascii_case("jwt"))
}

/// The fields of a successful token response (RFC 6749 section 5.1).
struct Issued {
    access_token: String,
    expires_in: u64,
    token_type: &'static str,
}

impl Issued {
    fn jwt(issuer: &Issuer, client: &Client, scope: &str) -> Self {
        let scopes: Vec<_> = scope.split(' ').collect();
        Self {
            access_token: issuer.issue(client.id(), &scopes),
            expires_in: issuer.lifetime_seconds(),
            token_type: "JWT",
        }
    }

    fn opaque() -> Self {
        Self {
            access_token: opaque_token(),
            expires_in: OPAQUE_SECONDS,
            token_type: "Bearer",
        }
    }

    fn response(&self, scope: &str) -> MockResponse {
        let (token, expires_in) = (&self.access_token, self.expires_in);
        let token_type = self.token_type;
        let body = format!(
            r#"{{"access_token": "{token}", "expires_in": {expires_in}, "token_type": "{token_type}", "scope": "{scope}"}}"#
        );
        oauth(200, &body)
    }
}

/// Creates a token of 30 letters and digits.
fn opaque_token() -> String {
    random_bytes::<30>()
        .into_iter()
        .map(|byte| usize::from(byte) % ALPHANUMERIC.len())
        .filter_map(|index| ALPHANUMERIC.chars().nth(index))
        .collect()
}

/// Creates a response of oauthlib, success or error. RFC 6749 section 5.1 forbids storing it.
fn oauth(status: u16, body: &str) -> MockResponse {
    MockResponse::json(status, body)
        .header("Cache-Control", "no-store")
        .header("Pragma", "no-cache")
}

fn without_content(status: u16) -> MockResponse {
    MockResponse::html(status, "").header("Allow", "POST, OPTIONS")
}

const GRANT_TYPES: [&str; 3] = ["client_credentials", "password", "refresh_token"];
const DEFAULT_SCOPE: &str = "read write email profile";

/// django-oauth-toolkit's `ACCESS_TOKEN_EXPIRE_SECONDS`, which edX leaves as it is.
const OPAQUE_SECONDS: u64 = 36_000;
const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[cfg(test)]
mod tests {
    use super::{granted_scope, is_token_path, opaque_token};

    #[test]
    fn the_endpoint_is_at_four_paths() {
        for (path, found) in [
            ("/oauth2/access_token", true),
            ("/oauth2/access_token/", true),
            ("/oauth2/v1/access_token", true),
            ("/oauth2/v1/access_token/", true),
            ("/oauth2/access_token//", false),
            ("/oauth2/v2/access_token", false),
            ("/access_token", false),
        ] {
            assert_eq!(is_token_path(path), found, "{path}");
        }
    }

    #[test]
    fn scopes_are_granted_as_requested_or_not_at_all() {
        for (requested, granted) in [
            ("", Some("read write email profile")),
            ("read", Some("read")),
            ("profile read", Some("profile read")),
            ("read nonsense", None),
            ("grades:read", None),
        ] {
            assert_eq!(granted_scope(requested).ok(), granted, "{requested}");
        }
    }

    #[test]
    fn an_opaque_token_is_30_letters_and_digits() {
        let token = opaque_token();

        assert_eq!(token.len(), 30);
        assert!(token.chars().all(|char| char.is_ascii_alphanumeric()));
        assert_ne!(token, opaque_token());
    }
}
