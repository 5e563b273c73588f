//! Reads a successful token response.

use alloc::borrow::Cow;
use core::str;

use http::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroize;

use super::verdict::{self, ExchangeFailure};
use super::{TokenRequest, lifetime, shape};
use crate::error::{Defect, ErrorKind, Secrets};
use crate::token::{AccessToken, IssuedToken, Scope, TokenType};

/// The fields of a token response ([RFC 6749 section
/// 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)). Required fields are text. Optional
/// fields stay raw, so that one of an unexpected type does not cost the token.
#[derive(Deserialize)]
struct TokenResponse<'a> {
    #[serde(borrow, default)]
    access_token: Cow<'a, str>,
    #[serde(borrow, default)]
    token_type: Cow<'a, str>,
    #[serde(borrow)]
    expires_in: Option<&'a RawValue>,
    #[serde(borrow)]
    scope: Option<&'a RawValue>,
}

/// Reads the token of a successful response.
pub(super) fn token(
    request: &TokenRequest,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<IssuedToken, ExchangeFailure> {
    let without = |defect| verdict::success_without_token(request, headers, (body, defect));
    let text = str::from_utf8(body).map_err(|_| without(Defect::NotJson))?;
    let response: TokenResponse<'_> =
        serde_json::from_str(text).map_err(|_| without(Defect::WrongShape))?;
    if response.access_token.is_empty() {
        return Err(without(Defect::TokenMissing));
    }
    response.issued(request)
}

impl TokenResponse<'_> {
    fn issued(&self, request: &TokenRequest) -> Result<IssuedToken, ExchangeFailure> {
        let named = TokenType::named(&self.token_type);
        let token_type = named.filter(|named| request.accepts(*named));
        let token_type = token_type.ok_or_else(|| self.unexpected_type(request))?;
        let token = AccessToken::new(token_type, &self.access_token)
            .map_err(|_| ExchangeFailure::of(ErrorKind::Malformed(Defect::TokenCharacters)))?;
        let expires_in = self.expires_in.map(RawValue::get);
        let lifetime = lifetime::lifetime(expires_in, &self.access_token)
            .ok_or_else(|| ExchangeFailure::of(ErrorKind::NoLifetime))?;
        Ok(IssuedToken::new(token, lifetime, self.scope(request)))
    }

    /// Returns the scope, unless it contains a secret: a scope is shown and logged.
    fn scope(&self, request: &TokenRequest) -> Option<Scope> {
        let names = self.scope?;
        match shape::plain_text(names) {
            Some(names) => self.scope_of(names, request),
            None => self.scope_of(&shape::text(names)?, request),
        }
    }

    fn scope_of(&self, names: &str, request: &TokenRequest) -> Option<Scope> {
        let secrets = self.secrets(request);
        if secrets.occur_in(names) {
            return None;
        }
        let scope = Scope::readable(names);
        // Dropping a name may have joined the two halves of a secret.
        let is_cut = scope.as_str().len() < names.len();
        (!is_cut || !secrets.occur_in(scope.as_str())).then_some(scope)
    }

    fn secrets<'a>(&'a self, request: &'a TokenRequest) -> Secrets<'a> {
        request.secrets().and_token(&self.access_token)
    }

    fn unexpected_type(&self, request: &TokenRequest) -> ExchangeFailure {
        ExchangeFailure {
            text: Some(self.secrets(request).scrub(&self.token_type)),
            ..ExchangeFailure::of(ErrorKind::UnexpectedTokenType)
        }
    }
}

/// Wipes the token if it had to be unescaped into a separate buffer.
impl Drop for TokenResponse<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(token) = &mut self.access_token {
            token.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use http::Response;

    use super::*;
    use crate::error::ExchangeError;
    use crate::exchange::{ClientCredentials, TokenEndpoint};

    fn issued(body: &str) -> Result<IssuedToken, ExchangeError> {
        issued_for("s3cret", body)
    }

    fn issued_for(secret: &str, body: &str) -> Result<IssuedToken, ExchangeError> {
        let credentials = ClientCredentials::new("acme", secret).unwrap();
        let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
        exchange.finish(Response::new(body.as_bytes()))
    }

    #[test]
    fn a_token_type_that_was_not_requested_is_shown() {
        let body = r#"{"access_token": "opaque", "token_type": "MAC", "expires_in": 60}"#;

        let error = issued(body).unwrap_err();

        assert_eq!(error.kind(), ErrorKind::UnexpectedTokenType);
        assert!(error.to_string().contains("\"MAC\""), "{error}");
    }

    #[test]
    fn a_scope_is_kept_unless_it_echoes_a_secret() {
        let scope_of = |scope: &str| {
            let body = String::from(r#"{"access_token": "opaque", "token_type": "JWT", "#)
                + r#""expires_in": 60, "scope": "#
                + scope
                + "}";
            let token = issued(&body).unwrap();
            token.scope().map(ToString::to_string)
        };

        assert_eq!(scope_of(r#""read write""#).as_deref(), Some("read write"));
        assert_eq!(scope_of(r#""re\u0061d""#).as_deref(), Some("read"));
        assert_eq!(scope_of(r#""read s3cret""#), None);
        assert_eq!(scope_of(r#""read opaque""#), None);
        assert_eq!(scope_of(r#"["read"]"#), None);
        assert_eq!(scope_of("null"), None);
    }

    #[test]
    fn dropping_an_invalid_scope_name_cannot_complete_an_echo() {
        let body = r#"{"access_token": "opaque", "token_type": "JWT", "expires_in": 60,
            "scope": "read \u0001 write"}"#;
        let scope_for = |secret| {
            let token = issued_for(secret, body).unwrap();
            token.scope().map(ToString::to_string)
        };

        assert_eq!(scope_for("s3cret").as_deref(), Some("read write"));
        assert_eq!(scope_for("read write"), None);
    }
}
