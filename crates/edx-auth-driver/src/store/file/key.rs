//! The names of the files for one token.

use std::fmt::Write as _;

use edx_auth_core::TokenRequest;
use http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};

/// A hash of the token request as it is sent: endpoint, client ID, client secret, scope and token type.
/// Any change there means another token.
pub(super) struct Key(String);

impl Key {
    pub(super) fn of(request: &TokenRequest) -> Self {
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

    pub(super) fn token(&self) -> String {
        format!("{}.token", self.0)
    }

    pub(super) fn lock(&self) -> String {
        format!("{}.lock", self.0)
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
