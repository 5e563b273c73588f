//! Who the program is: a fixed pair, one that may change, or nobody.

use std::error::Error;
use std::fmt;

use edx_auth_core::{Cause, ClientCredentials, TokenRequest};

/// A function that yields the pair as it is now.
pub(crate) type Yield =
    Box<dyn Fn() -> Result<ClientCredentials, Box<dyn Error + Send + Sync>> + Send + Sync>;

/// Where a token request gets its pair from.
pub(crate) enum Credentials {
    /// The one pair of this request.
    Fixed(TokenRequest),
    /// The pair that the function yields; all else is as in this request.
    Changing(TokenRequest, Yield),
    /// None: the token was handed in as it is.
    None,
}

impl Credentials {
    /// The request to send now.
    pub(super) fn request(&self) -> Result<TokenRequest, Cause> {
        match self {
            Self::Fixed(request) => Ok(request.clone()),
            Self::Changing(request, pair) => match pair() {
                Ok(pair) if pair.is_same_pair(request.credentials()) => Ok(request.clone()),
                Ok(pair) => Ok(request.clone().by(pair)),
                Err(error) => Err(Cause::Credentials(error.into())),
            },
            Self::None => Err(Cause::Fixed),
        }
    }

    /// The request to send instead of one whose pair was refused, if there is another pair.
    pub(super) fn instead_of(&self, refused: &TokenRequest) -> Option<TokenRequest> {
        let Self::Changing(..) = self else {
            return None;
        };
        let request = self.request().ok()?;
        let is_other = !request.credentials().is_same_pair(refused.credentials());
        is_other.then_some(request)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(request) => request.fmt(f),
            Self::Changing(request, _) => write!(f, "changing, at {}", request.endpoint()),
            Self::None => f.write_str("none"),
        }
    }
}
