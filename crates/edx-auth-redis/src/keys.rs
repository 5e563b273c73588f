//! The names of what is stored for one token request.

use edx_auth_driver::{StoreKey, TokenRequest};

/// The key of the token, and the key of the claim. The braces keep both in one slot of a cluster.
pub(crate) struct Keys {
    /// What seals the token.
    pub(crate) seal: StoreKey,
    pub(crate) token: String,
    pub(crate) claim: String,
}

impl Keys {
    pub(crate) fn of(request: &TokenRequest) -> Self {
        let key = StoreKey::of(request);
        Self {
            token: format!("edx-auth:{{{key}}}:token"),
            claim: format!("edx-auth:{{{key}}}:claim"),
            seal: key,
        }
    }
}
