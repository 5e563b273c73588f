//! The name of one token in a store.

use std::fmt::{self, Write as _};

use edx_auth_core::TokenRequest;
use http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};

/// The name of a token in a [`TokenStore`](crate::TokenStore): a hash of its request as it is sent, in 32
/// characters. Tokens of another endpoint, client ID, client secret, scope or token type have another name,
/// and the name does not show them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoreKey(String);

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
        Self(hex(&hash.finalize()))
    }
}

impl fmt::Display for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Half of the hash is enough for a name.
fn hex(hash: &[u8]) -> String {
    hash.iter().take(16).fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// Keeps these hashes apart from all others of the same secret.
const LABEL: &[u8] = b"edx-auth token store 1";
