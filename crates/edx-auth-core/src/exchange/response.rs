//! Reads a successful token response. It returns a token only if the response is unambiguous.

use core::str;

use http::HeaderMap;

use super::fields::{Fields, Text, text};
use super::verdict::{self, ExchangeFailure};
use super::{TokenRequest, lifetime};
use crate::error::{Defect, ErrorKind, Secrets};
use crate::token::{AccessToken, IssuedToken, Scope, TokenType};

/// The fields of a token response ([RFC 6749 section
/// 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)). Required fields have to be strings. An
/// optional field of an unexpected type is ignored.
struct TokenResponse<'a> {
    access_token: Text<'a>,
    token_type: Text<'a>,
    expires_in: Option<f64>,
    scope: Option<Text<'a>>,
}

/// Reads the token of a successful response.
pub(super) fn token(
    request: &TokenRequest,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<IssuedToken, ExchangeFailure> {
    let response = TokenResponse::of(body);
    let without = |defect| verdict::success_without_token(request, headers, (body, defect));
    response.map_err(without)?.issued(request)
}

impl<'a> TokenResponse<'a> {
    fn of(body: &'a [u8]) -> Result<Self, Defect> {
        let json = str::from_utf8(body).map_err(|_| Defect::NotJson)?;
        let mut fields = Fields::named(["access_token", "token_type", "expires_in", "scope"]);
        fields.read(json).map_err(|error| defect(&error))?;
        let expires_in = one(fields.all(EXPIRES_IN).map(lifetime::seconds))?;
        let scope = one(fields.all(SCOPE).map(text))?;
        let response = Self {
            access_token: text_or_empty(&fields, ACCESS_TOKEN)?,
            token_type: text_or_empty(&fields, TOKEN_TYPE)?,
            expires_in: expires_in.flatten(),
            scope: scope.flatten(),
        };
        if response.access_token.is_empty() {
            return Err(Defect::TokenMissing);
        }
        Ok(response)
    }

    fn issued(&self, request: &TokenRequest) -> Result<IssuedToken, ExchangeFailure> {
        let named = TokenType::named(&self.token_type);
        let token_type = named.filter(|named| request.accepts(*named));
        let token_type = token_type.ok_or_else(|| self.unexpected_type(request))?;
        let token = AccessToken::new(token_type, &self.access_token)
            .map_err(|_| ExchangeFailure::of(ErrorKind::Malformed(Defect::TokenCharacters)))?;
        let lifetime =
            lifetime::lifetime(self.expires_in, &self.access_token).map_err(ExchangeFailure::of)?;
        Ok(IssuedToken::new(token, lifetime, self.scope(request)))
    }

    /// Returns the scope, unless it contains a secret: a scope is shown and logged.
    fn scope(&self, request: &TokenRequest) -> Option<Scope> {
        let names = self.scope.as_ref()?;
        let secrets = self.secrets(request);
        if secrets.occur_in(names) {
            return None;
        }
        let scope = Scope::readable(names);
        // Dropping a name may have joined the two halves of a secret.
        let is_cut = scope.as_str().len() < names.len();
        (!is_cut || !secrets.occur_in(scope.as_str())).then_some(scope)
    }

    fn secrets<'b>(&'b self, request: &'b TokenRequest) -> Secrets<'b> {
        request.secrets().and_token(&self.access_token)
    }

    fn unexpected_type(&self, request: &TokenRequest) -> ExchangeFailure {
        ExchangeFailure {
            text: Some(self.secrets(request).scrub(&self.token_type)),
            ..ExchangeFailure::of(ErrorKind::UnexpectedTokenType)
        }
    }
}

/// Returns the text of a field; an empty one if the field is missing.
fn text_or_empty<'a, const N: usize>(
    fields: &Fields<'a, N>,
    place: usize,
) -> Result<Text<'a>, Defect> {
    match one(fields.all(place).map(text))? {
        Some(text) => text.ok_or(Defect::WrongShape),
        None => Ok(Text::default()),
    }
}

/// Returns the value of a field, if the field is there. One that occurs more than once has to have the same
/// value each time.
fn one<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Result<Option<T>, Defect> {
    let first = values.next();
    let is_one = values.all(|value| Some(&value) == first.as_ref());
    is_one.then_some(first).ok_or(Defect::WrongShape)
}

fn defect(error: &serde_json::Error) -> Defect {
    if error.is_data() {
        Defect::WrongShape
    } else {
        Defect::NotJson
    }
}

/// The place of each name in the list that [`Fields::named`] takes.
const ACCESS_TOKEN: usize = 0;
const TOKEN_TYPE: usize = 1;
const EXPIRES_IN: usize = 2;
const SCOPE: usize = 3;

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
    fn a_field_may_occur_twice_if_its_value_is_the_same() {
        let lifetime_with = |fields: &str| {
            let good = r#""access_token": "opaque", "token_type": "JWT""#;
            let issued = issued(&alloc::format!("{{{good}, {fields}}}"));
            issued
                .map(|token| token.lifetime().as_secs())
                .map_err(|error| error.kind())
        };
        let wrong = Err(ErrorKind::Malformed(Defect::WrongShape));
        for (fields, expected) in [
            (r#""expires_in": 60, "expires_in": 60"#, Ok(59)),
            (r#""expires_in": 60, "expires_in": "6\u00300e-1""#, Ok(59)),
            (r#""expires_in": 60, "access_token": "op\u0061que""#, Ok(59)),
            (r#""expires_in": 60, "scope": "a", "scope": "a""#, Ok(59)),
            (r#""expires_in": 60, "expires_in": 61"#, wrong),
            (r#""expires_in": 60, "expires_in": null"#, wrong),
            (r#""expires_in": 60, "token_type": "Bearer""#, wrong),
            (r#""expires_in": 60, "scope": "a", "scope": "b""#, wrong),
        ] {
            assert_eq!(lifetime_with(fields), expected, "{fields}");
        }
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
