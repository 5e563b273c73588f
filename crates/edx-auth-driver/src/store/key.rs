//! The name of one token in a store.

use std::fmt::{self, Write as _};

use edx_auth_core::TokenRequest;
use http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize as _;

/// The name of a token in a [`TokenStore`](crate::TokenStore): a hash of its request as it is sent, in 32
/// characters. Tokens of another endpoint, client ID, client secret, scope or token type have another name,
/// and the name does not show them.
///
/// A store that keeps bytes lets the key [seal](Self::seal) each token and [open](Self::open) it again. What
/// was sealed for another request is rejected then, wherever it was copied to.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_driver::{AccessToken, StoreError, StoreKey, StoredToken, TokenType};
/// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest};
/// # let request = |id| -> Result<_, Box<dyn std::error::Error>> {
/// #     Ok(TokenRequest::new(TokenEndpoint::edx(), ClientCredentials::new(id, "s3cret")?))
/// # };
/// # let (request, other) = (request("acme-api")?, request("other-api")?);
/// # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
/// # let token = StoredToken::new(token, Duration::from_secs(3600), Duration::ZERO);
///
/// let bytes = StoreKey::of(&request).seal(&token);
///
/// assert!(StoreKey::of(&request).open(&bytes).is_ok());
/// let copied = StoreKey::of(&other).open(&bytes);
/// assert!(matches!(copied, Err(StoreError::OtherRequest)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StoreKey {
    /// The first half is the name. The rest is never shown: who knows it can seal.
    pub(super) hash: [u8; 32],
}

impl StoreKey {
    /// Returns the name of this request's token.
    #[must_use]
    pub fn of(request: &TokenRequest) -> Self {
        let (sent, _) = request.begin();
        let authorization = sent.headers().get(AUTHORIZATION);
        let mut hash = Sha256::new_with_prefix(LABEL);
        for part in [
            sent.uri().to_string().as_bytes(),
            authorization.map_or(&[], |value| value.as_bytes()),
            sent.body().as_ref(),
        ] {
            // The length keeps parts apart: `a` and `bc` are not `ab` and `c`.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self {
            hash: hash.finalize().into(),
        }
    }
}

impl Drop for StoreKey {
    fn drop(&mut self) {
        self.hash.zeroize();
    }
}

impl fmt::Display for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&half_in_hex(&self.hash))
    }
}

/// Shows no more than the name.
impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoreKey").field(&self.to_string()).finish()
    }
}

/// Half of a hash is enough for a name, and for a seal.
pub(super) fn half_in_hex(hash: &[u8; 32]) -> String {
    hash.iter().take(16).fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// Keeps these hashes apart from all others of the same secret.
const LABEL: &[u8] = b"edx-auth token store 1";

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use edx_auth_core::{ClientCredentials, TokenEndpoint};

    use super::*;

    #[test]
    fn only_the_name_of_a_key_is_shown() {
        let credentials = ClientCredentials::new("acme-api", "s3cret").unwrap();
        let key = StoreKey::of(&TokenRequest::new(TokenEndpoint::edx(), credentials));

        assert_eq!(key.to_string(), "644af16f151f01665d05d3d4e1877f97");
        assert_eq!(format!("{key:?}"), format!("StoreKey(\"{key}\")"));
    }
}
