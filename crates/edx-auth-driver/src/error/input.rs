//! Why a value that the program supplies is of no use.

use std::sync::Arc;

use edx_auth_core::{
    AccessTokenError, ClaimsError, ClientNameError, CredentialsError, PolicyError, PositionError,
    ScopeError, StoredTokenError,
};

use super::Error;
use crate::store::StoreError;

/// Why a value that the program supplies is of no use: client credentials, a token, a scope. It never shows
/// the value.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum InputError {
    /// The client credentials.
    Credentials(#[from] CredentialsError),
    /// An access token.
    AccessToken(#[from] AccessTokenError),
    /// The claims of an access token.
    Claims(#[from] ClaimsError),
    /// A scope.
    Scope(#[from] ScopeError),
    /// The name of the program.
    ClientName(#[from] ClientNameError),
    /// A renewal policy.
    Policy(#[from] PolicyError),
    /// The position in a list.
    Position(#[from] PositionError),
    /// A stored token.
    StoredToken(#[from] StoredTokenError),
    /// A token store, which the program has named.
    Store(Arc<StoreError>),
}

impl InputError {
    /// Returns one sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Credentials(error) => error.advice(),
            Self::AccessToken(error) => error.advice(),
            Self::Claims(error) => error.advice(),
            Self::Scope(error) => error.advice(),
            Self::ClientName(error) => error.advice(),
            Self::Policy(error) => error.advice(),
            Self::Position(error) => error.advice(),
            Self::StoredToken(error) => error.advice(),
            Self::Store(error) => error.advice(),
        }
    }
}

impl From<StoreError> for InputError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

/// Each of these errors becomes an [`Error`] by `?`.
impl<E> From<E> for Error
where
    InputError: From<E>,
{
    fn from(error: E) -> Self {
        Self::Input(error.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use core::time::Duration;

    use edx_auth_core::{
        AccessToken, ClientCredentials, ClientName, Moment, Position, RenewalPolicy, Scope,
        StoredToken, TokenType,
    };

    use super::*;

    /// Fails at one of the values that a program supplies.
    fn fail(at: usize) -> Result<(), Error> {
        match at {
            0 => drop(ClientCredentials::new("", "")?),
            1 => drop(AccessToken::new(TokenType::Jwt, "")?),
            2 => drop(Scope::new("")?),
            3 => drop(ClientName::new("")?),
            4 => drop(RenewalPolicy::builder().lease(Duration::ZERO).build()?),
            5 => drop("".parse::<Position>()?),
            6 => drop(StoredToken::read(b"", Moment::default())?),
            7 => Err(StoreError::Hangs)?,
            _ => AccessToken::new(TokenType::Jwt, "a")?.claims().map(drop)?,
        }
        Ok(())
    }

    #[test]
    fn the_error_of_each_value_becomes_one_with_its_advice() {
        for at in 0..9 {
            let error = fail(at).unwrap_err();

            let Error::Input(input) = &error else {
                unreachable!("{error:?}")
            };
            assert_eq!(error.to_string(), input.to_string());
            assert_eq!(error.advice(), input.advice());
            assert!(!error.is_retryable());
            assert_eq!(
                error.report().to_string(),
                format!("{error}\n{}", error.advice())
            );
        }
    }
}
