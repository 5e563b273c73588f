//! The token endpoint (RFC 6749 sections 4.4 and 5), after edx-platform's `oauth_dispatch/views.py`
//! and oauthlib, which check a request in the order found here.

use std::net::IpAddr;
use std::time::Instant;

use super::basic::Presented;
use super::chance::random_bytes;
use super::clients::{Client, Clients, RegisteredGrant};
use super::django;
use super::fields::Fields;
use super::issuer::Issuer;
use super::rate_limit::RateLimit;
use super::reply::Reply;
use super::request::Request;

/// Who may ask for tokens, how often, and what of.
#[derive(Debug)]
pub(crate) struct TokenEndpoint {
    pub(crate) clients: Clients,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) format: TokenFormat,
}

/// What a client gets that asks for a JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFormat {
    Jwt,
    Opaque,
}

impl TokenEndpoint {
    pub(crate) fn answer(&self, request: &Request, issuer: &Issuer, from: IpAddr) -> Reply {
        let limit = self.rate_limit.as_ref();
        if limit.is_some_and(|limit| !limit.admits(from, Instant::now())) {
            return django::rate_limited();
        }
        match request.method() {
            "POST" => self.issue(request, issuer).unwrap_or_else(Refusal::reply),
            "OPTIONS" => without_content(200),
            _ => without_content(405),
        }
    }

    fn issue(&self, request: &Request, issuer: &Issuer) -> Result<Reply, Refusal> {
        if request.query().is_some() {
            return Err(Refusal::QueryParameters);
        }
        let form = Fields::of_body(request);
        let grant_type = form.get("grant_type").unwrap_or_default();
        if !GRANT_TYPES.contains(&grant_type) {
            return Err(Refusal::UnsupportedGrantType);
        }
        let client = self
            .authenticate(request, &form)
            .ok_or(Refusal::InvalidClient)?;
        may_use(client, grant_type)?;
        let scope = granted_scope(form.get("scope").unwrap_or_default())?;
        let knows_jwt = self.format == TokenFormat::Jwt;
        let token = if knows_jwt && wants_jwt(request, &form) {
            Issued::jwt(issuer, client, scope)
        } else {
            Issued::opaque()
        };
        Ok(token.reply(scope))
    }

    /// The client by its header or else by its form: one right pair is enough.
    fn authenticate(&self, request: &Request, form: &Fields) -> Option<&Client> {
        let header = request.header("authorization").unwrap_or_default();
        let by_header = Presented::in_header(header).and_then(|presented| {
            self.clients
                .authenticate(&presented.client_id, &presented.client_secret)
        });
        by_header.or_else(|| {
            self.clients
                .authenticate(form.get("client_id")?, form.get("client_secret")?)
        })
    }
}

/// Why a request for a token is refused.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    QueryParameters,
    UnsupportedGrantType,
    InvalidClient,
    UnauthorizedClient,
    InvalidUser,
    InvalidGrant,
    InvalidScope,
}

impl Refusal {
    fn reply(self) -> Reply {
        match self {
            // oauthlib raises this one outside of the code that turns errors into replies.
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

/// Nobody here has a password or a refresh token, so those grants find the user wanting before
/// they look at the client's.
fn may_use(client: &Client, grant_type: &str) -> Result<(), Refusal> {
    match (grant_type, client.grant()) {
        ("password", _) => Err(Refusal::InvalidUser),
        ("refresh_token", _) => Err(Refusal::InvalidGrant),
        (_, RegisteredGrant::Another) => Err(Refusal::UnauthorizedClient),
        (_, RegisteredGrant::ClientCredentials) => Ok(()),
    }
}

fn granted_scope(asked: &str) -> Result<&str, Refusal> {
    match asked.trim() {
        "" => Ok(DEFAULT_SCOPE),
        asked if asked.split(' ').all(is_allowed_scope) => Ok(asked),
        _ => Err(Refusal::InvalidScope),
    }
}

fn is_allowed_scope(scope: &str) -> bool {
    DEFAULT_SCOPE.split(' ').any(|allowed| allowed == scope)
}

/// The form has the first word and the header `X-Token-Type` is asked only where it is silent; any
/// word but `jwt` stands for an opaque token.
fn wants_jwt(request: &Request, form: &Fields) -> bool {
    form.get("token_type")
        .or_else(|| request.header("x-token-type"))
        .is_some_and(|token_type| token_type.eq_ignore_ascii_case("jwt"))
}

/// A token as a success tells of it (RFC 6749 section 5.1).
struct Issued {
    access_token: String,
    expires_in: u64,
    token_type: &'static str,
}

impl Issued {
    fn jwt(issuer: &Issuer, client: &Client, scope: &str) -> Self {
        let scopes: Vec<_> = scope.split(' ').collect();
        Self {
            access_token: issuer.issue(client, &scopes),
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

    fn reply(&self, scope: &str) -> Reply {
        let (token, expires_in) = (&self.access_token, self.expires_in);
        let token_type = self.token_type;
        let body = format!(
            r#"{{"access_token": "{token}", "expires_in": {expires_in}, "token_type": "{token_type}", "scope": "{scope}"}}"#
        );
        oauth(200, &body)
    }
}

/// 30 letters and digits.
fn opaque_token() -> String {
    random_bytes::<30>()
        .into_iter()
        .map(|byte| usize::from(byte) % ALPHANUMERIC.len())
        .filter_map(|index| ALPHANUMERIC.chars().nth(index))
        .collect()
}

/// A reply of oauthlib, success or error (RFC 6749 section 5.1: never to be stored).
fn oauth(status: u16, body: &str) -> Reply {
    Reply::json(status, body)
        .header("Cache-Control", "no-store")
        .header("Pragma", "no-cache")
}

fn without_content(status: u16) -> Reply {
    Reply::html(status, "").header("Allow", "POST, OPTIONS")
}

const GRANT_TYPES: [&str; 3] = ["client_credentials", "password", "refresh_token"];
const DEFAULT_SCOPE: &str = "read write email profile";

/// django-oauth-toolkit's `ACCESS_TOKEN_EXPIRE_SECONDS`, which edX leaves as it is.
const OPAQUE_SECONDS: u64 = 36_000;
const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[cfg(test)]
mod tests {
    use super::{granted_scope, opaque_token};

    #[test]
    fn scopes_are_granted_as_asked_or_not_at_all() {
        for (asked, granted) in [
            ("", Some("read write email profile")),
            ("read", Some("read")),
            ("profile read", Some("profile read")),
            ("read nonsense", None),
            ("grades:read", None),
        ] {
            assert_eq!(granted_scope(asked).ok(), granted, "{asked}");
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
