//! Who the program is: a fixed pair, one that may change, or nobody.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use edx_auth_core::{ClientCredentials, RenewalError, TokenRequest};

/// A function that yields the pair as it is now.
pub(crate) type Yield =
    Box<dyn Fn() -> Result<ClientCredentials, Box<dyn Error + Send + Sync>> + Send + Sync>;

/// Where a token request gets its pair from.
pub(crate) enum Credentials {
    /// The one pair of this request.
    Fixed(TokenRequest),
    /// The pair that the function yields; all else is as in this request.
    Changing(TokenRequest, Yield, Refused),
    /// None: the token was handed in as it is.
    None,
}

/// The pairs that the site refused last: a function that wavers between two of them is believed
/// once.
#[derive(Default)]
pub(crate) struct Refused(Mutex<VecDeque<ClientCredentials>>);

impl Credentials {
    pub(super) fn changing(request: TokenRequest, pair: Yield) -> Self {
        Self::Changing(request, pair, Refused::default())
    }

    /// The request to send now.
    pub(super) fn request(&self) -> Result<TokenRequest, RenewalError> {
        match self {
            Self::Fixed(request) => Ok(request.clone()),
            Self::Changing(request, pair, _) => match pair() {
                Ok(pair) if pair.is_same_pair(request.credentials()) => Ok(request.clone()),
                Ok(pair) => Ok(request.clone().with_credentials(pair)),
                Err(error) => Err(RenewalError::Credentials(error.into())),
            },
            Self::None => Err(RenewalError::Fixed),
        }
    }

    /// The site does not know the pair of this request.
    pub(super) fn note_refused(&self, request: &TokenRequest) {
        if let Self::Changing(.., refused) = self {
            refused.note(request.credentials());
        }
    }

    /// The request to send instead, if there is a pair that the site has not refused.
    pub(super) fn another(&self) -> Option<TokenRequest> {
        let Self::Changing(.., refused) = self else {
            return None;
        };
        let request = self.request().ok()?;
        (!refused.know(request.credentials())).then_some(request)
    }
}

impl Refused {
    fn note(&self, pair: &ClientCredentials) {
        if self.know(pair) {
            return;
        }
        let mut pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.truncate(REMEMBERED - 1);
        pairs.push_front(pair.clone());
    }

    fn know(&self, pair: &ClientCredentials) -> bool {
        let pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.iter().any(|refused| refused.is_same_pair(pair))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(request) => request.fmt(f),
            Self::Changing(request, ..) => write!(f, "changing, at {}", request.endpoint()),
            Self::None => f.write_str("none"),
        }
    }
}

/// Two sources of truth that are out of step are the usual reason.
const REMEMBERED: usize = 2;
