//! The access token, its type, its scope and its claims.

mod access_token;
mod claims;
mod issued;
mod scope;
mod token_type;

pub use access_token::{AccessToken, AccessTokenError};
pub use claims::{ClaimsError, UnverifiedClaims};
pub use issued::IssuedToken;
pub use scope::{Scope, ScopeError};
pub use token_type::TokenType;

pub(crate) use claims::{JWT_BEGINNING, Validity};
