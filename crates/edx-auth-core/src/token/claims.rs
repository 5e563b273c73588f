//! The claims of a JWT, read without verification.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;
use core::{fmt, str};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use memchr::memchr_iter;
use serde::Deserialize;
use thiserror::Error;
use zeroize::Zeroizing;

/// How every JWT begins: its header is a JSON object, in base64url.
pub(crate) const JWT_BEGINNING: &str = "eyJ";

/// The claims of a JWT, **unverified**. Show them to people, but base no decision on them.
///
/// Only the servers of Open edX have the signing key (`oauth_dispatch/jwt.py`), so a client cannot
/// detect a forged token. `Debug` omits personal data: names, addresses and identifiers.
#[derive(Clone, Deserialize)]
pub struct UnverifiedClaims {
    preferred_username: Option<String>,
    username: Option<String>,
    sub: Option<String>,
    user_id: Option<u64>,
    email: Option<String>,
    email_verified: Option<bool>,
    name: Option<String>,
    iss: Option<String>,
    iat: Option<f64>,
    exp: Option<f64>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    filters: Vec<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    administrator: bool,
    #[serde(default)]
    superuser: bool,
    #[serde(default)]
    is_restricted: bool,
}

/// When a token was issued and when it expires, in seconds since the Unix epoch (RFC 7519 section
/// 4.1).
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Validity {
    iat: Option<f64>,
    exp: Option<f64>,
}

/// The error for a token without readable claims: it is opaque, or another kind of JWT.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the token is not a JWT with readable claims")]
#[non_exhaustive]
pub struct ClaimsError;

impl ClaimsError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        "Use the token without its claims: only the server that issued an opaque token can read \
         them."
    }
}

impl UnverifiedClaims {
    pub(crate) fn decode(token: &str) -> Result<Self, ClaimsError> {
        decode(token).ok_or(ClaimsError)
    }

    /// Returns the user that the application acts as. The application has this user's permissions.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        let username = self.preferred_username.as_ref().or(self.username.as_ref());
        username.map(String::as_str)
    }

    /// Returns the user's anonymous ID at this site.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.sub.as_deref()
    }

    /// Returns the user's numeric ID at this site; only with the scope `user_id`.
    #[must_use]
    pub fn user_id(&self) -> Option<u64> {
        self.user_id
    }

    /// Returns the user's email address; only with the scope `email`.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Reports whether the user's account is activated. Open edX issues tokens in both cases.
    #[must_use]
    pub fn is_email_verified(&self) -> Option<bool> {
        self.email_verified
    }

    /// Returns the user's full name; only with the scope `profile`, and it may still be missing.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the issuer of the token: `<lms>/oauth2`.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.iss.as_deref()
    }

    /// Returns when the token was issued, since the Unix epoch, rounded down to whole seconds.
    #[must_use]
    pub fn issued_at(&self) -> Option<Duration> {
        since_epoch(self.iat)
    }

    /// Returns when the token expires, since the Unix epoch. Use it for display only:
    /// [`IssuedToken::lifetime`](super::IssuedToken::lifetime) does not depend on the server's
    /// clock.
    #[must_use]
    pub fn expires_at(&self) -> Option<Duration> {
        since_epoch(self.exp)
    }

    /// Returns the scopes of the token.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Returns the filters that restrict the token, as `type:value`, such as `content_org:MITx`.
    #[must_use]
    pub fn filters(&self) -> &[String] {
        &self.filters
    }

    /// Returns the roles of the user, as `role` or `role:context`.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// Reports whether the user is a member of the site's staff.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// Reports whether the user is a superuser of the site.
    #[must_use]
    pub fn is_superuser(&self) -> bool {
        self.superuser
    }

    /// Reports whether the application is restricted: only views that opt in accept its tokens.
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        self.is_restricted
    }
}

impl fmt::Debug for UnverifiedClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedClaims")
            .field("issuer", &self.iss)
            .field("issued_at", &self.issued_at())
            .field("expires_at", &self.expires_at())
            .field("scopes", &self.scopes)
            .field("filters", &self.filters)
            .field("is_administrator", &self.administrator)
            .field("is_restricted", &self.is_restricted)
            .finish_non_exhaustive()
    }
}

impl Validity {
    /// Reads the claims of a token; none if it is opaque.
    pub(crate) fn of(token: &str) -> Self {
        decode(token).unwrap_or_default()
    }

    /// Returns the seconds from issue to expiry; zero or less if the token was never valid.
    pub(crate) fn seconds(self) -> Option<f64> {
        Some(self.exp? - self.iat?).filter(|seconds| seconds.is_finite())
    }

    /// Returns the time until expiry, counted from this time since the Unix epoch and never more than
    /// from issue to expiry; `None` if the token does not say when it expires.
    pub(crate) fn left(self, now: Duration) -> Option<Duration> {
        let left = self.exp? - now.as_secs_f64();
        let left = self.seconds().map_or(left, |whole| whole.min(left));
        Some(Duration::try_from_secs_f64(left.max(0.0)).unwrap_or(Duration::MAX))
    }
}

/// Decodes the payload of a compact JWT: the second of three parts, base64url of a JSON object in UTF-8 (RFC
/// 7519 section 7.2).
fn decode<T: for<'de> Deserialize<'de>>(token: &str) -> Option<T> {
    let mut dots = memchr_iter(b'.', token.as_bytes());
    let (first, second) = (dots.next()?, dots.next()?);
    if dots.next().is_some() {
        return None;
    }
    let payload = token.get(first + 1..second)?;
    let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    // As bytes, each name would be checked to be UTF-8 by itself, which costs more than all at once.
    serde_json::from_str(str::from_utf8(&payload).ok()?).ok()
}

fn since_epoch(seconds: Option<f64>) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds?).ok()
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    /// Returns a token with this payload.
    fn token(payload: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
    }

    fn claims(payload: &str) -> UnverifiedClaims {
        UnverifiedClaims::decode(&token(payload)).unwrap()
    }

    #[test]
    fn every_claim_is_read_as_the_lms_writes_it() {
        let claims = claims(
            r#"{"preferred_username": "staff", "username": "other", "sub": "f00", "user_id": 7,
            "email": "a@b.test", "email_verified": true, "name": "A B", "iss": "https://lms.test",
            "iat": 1000, "exp": 1060.5, "scopes": ["read"], "filters": ["user:me"],
            "roles": ["r:*"], "administrator": true, "superuser": true, "is_restricted": true}"#,
        );

        assert_eq!(claims.username(), Some("staff"));
        assert_eq!((claims.subject(), claims.user_id()), (Some("f00"), Some(7)));
        assert_eq!(claims.email(), Some("a@b.test"));
        assert_eq!(claims.is_email_verified(), Some(true));
        assert_eq!(claims.name(), Some("A B"));
        assert_eq!(claims.issuer(), Some("https://lms.test"));
        assert_eq!(claims.issued_at(), Some(Duration::from_secs(1000)));
        assert_eq!(claims.expires_at(), Some(Duration::from_millis(1_060_500)));
        assert_eq!(claims.scopes(), ["read"]);
        assert_eq!(claims.filters(), ["user:me"]);
        assert_eq!(claims.roles(), ["r:*"]);
        assert!(claims.is_administrator() && claims.is_superuser() && claims.is_restricted());
    }

    #[test]
    fn a_missing_claim_is_none() {
        let claims = claims(r#"{"username": "other", "iat": -1, "exp": 1e300}"#);

        assert_eq!(claims.username(), Some("other"));
        assert_eq!((claims.subject(), claims.user_id()), (None, None));
        assert_eq!((claims.email(), claims.is_email_verified()), (None, None));
        assert_eq!((claims.name(), claims.issuer()), (None, None));
        assert_eq!((claims.issued_at(), claims.expires_at()), (None, None));
        assert!(claims.scopes().is_empty() && claims.filters().is_empty());
        assert!(claims.roles().is_empty());
        assert!(!claims.is_administrator() && !claims.is_superuser() && !claims.is_restricted());
    }

    #[test]
    fn the_time_left_is_never_more_than_the_whole_lifetime() {
        let left = |payload: &str, now| {
            let left = Validity::of(&token(payload)).left(Duration::from_secs(now));
            left.map(|left| left.as_secs())
        };
        let hour = r#"{"iat": 10000, "exp": 13600}"#;

        assert_eq!(left(hour, 10_000), Some(3_600));
        assert_eq!(left(hour, 13_599), Some(1));
        assert_eq!(left(hour, 13_600), Some(0));
        assert_eq!(left(hour, 40_000_000), Some(0));
        assert_eq!(left(hour, 0), Some(3_600), "a clock that was never set");
        assert_eq!(left(r#"{"exp": 13600}"#, 10_000), Some(3_600));
        assert_eq!(left(r#"{"exp": 1e300}"#, 0), Some(u64::MAX));
        assert_eq!(left(r#"{"iat": 10000}"#, 10_000), None);
    }

    #[test]
    fn a_payload_that_is_not_utf_8_has_no_claims() {
        let payload = URL_SAFE_NO_PAD.encode(b"{\"exp\": 60, \"iat\": 0, \"name\": \"\xff\"}");
        let token = format!("e30.{payload}.c2ln");

        assert_eq!(UnverifiedClaims::decode(&token).err(), Some(ClaimsError));
        assert_eq!(Validity::of(&token).seconds(), None);
    }

    #[test]
    fn debug_hides_the_user() {
        let shown = format!(
            "{:?}",
            claims(
                r#"{"username": "planted", "name": "planted", "email": "planted", "iss": "lms"}"#
            )
        );

        assert!(shown.contains(r#"issuer: Some("lms")"#), "{shown}");
        assert!(!shown.contains("planted"), "{shown}");
    }

    #[test]
    fn a_token_that_is_not_a_jwt_has_no_claims() {
        for text in [
            "opaque",
            "e30.e30",
            "e30.e30.c2ln.c2ln",
            "e30.%.c2ln",
            "e30.W10.c2ln",
        ] {
            assert_eq!(
                UnverifiedClaims::decode(text).err(),
                Some(ClaimsError),
                "{text}"
            );
        }
        assert!(ClaimsError.advice().contains("opaque"));
    }
}
