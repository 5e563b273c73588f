//! Binds a stored token to its request: a store may be damaged, or its contents copied from one name to
//! another, by mistake or by an attacker.

use edx_auth_core::{StoredToken, StoredTokenError};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::StoreError;
use super::key::{StoreKey, half_in_hex};

impl StoreKey {
    /// Returns a token as bytes for a store, with a seal that only this key makes. They contain the token **in
    /// plain text**, as those of [`StoredToken::to_bytes`] do: wipe them from memory.
    #[must_use]
    pub fn seal(&self, token: &StoredToken) -> Vec<u8> {
        let token = Zeroizing::new(token.to_bytes());
        [
            VERSION,
            self.sealing(&token).as_bytes(),
            b" ",
            token.as_slice(),
        ]
        .concat()
    }

    /// Reads what [`seal`](Self::seal) wrote with the key of the same request.
    ///
    /// # Errors
    /// Returns [`StoreError::OtherRequest`] if another key has sealed it, or it was changed since, and
    /// [`StoreError::Token`] if the bytes are no sealed token.
    pub fn open(&self, bytes: &[u8]) -> Result<StoredToken, StoreError> {
        let (seal, content) = parts(bytes)?;
        let token = StoredToken::from_bytes(content)?;
        if !is_same(seal, self.sealing(content).as_bytes()) {
            return Err(StoreError::OtherRequest);
        }
        Ok(token)
    }

    /// Returns the seal of this content. Its length comes before it, so that no longer content has a seal which
    /// follows from this one.
    fn sealing(&self, content: &[u8]) -> String {
        let hash = Sha256::new_with_prefix(LABEL)
            .chain_update(self.hash.as_slice())
            .chain_update((content.len() as u64).to_be_bytes())
            .chain_update(content);
        half_in_hex(&hash.finalize().into())
    }
}

/// Returns the seal and what it seals.
fn parts(bytes: &[u8]) -> Result<(&[u8], &[u8]), StoredTokenError> {
    let Some(sealed) = bytes.strip_prefix(VERSION) else {
        return Err(if bytes.starts_with(NAME) {
            StoredTokenError::Version
        } else {
            StoredTokenError::Damaged
        });
    };
    let (seal, content) = sealed
        .split_at_checked(LENGTH)
        .ok_or(StoredTokenError::Damaged)?;
    let content = content.strip_prefix(b" ");
    Ok((seal, content.ok_or(StoredTokenError::Damaged)?))
}

/// Compares hashes of both: how long that takes does not show how much of a forged seal is right.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

const NAME: &[u8] = b"edx-auth-sealed/";
const VERSION: &[u8] = b"edx-auth-sealed/1 ";
const LENGTH: usize = 32;

/// Keeps these hashes apart from the names.
const LABEL: &[u8] = b"edx-auth seal 1";

#[cfg(test)]
#[allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]
mod tests {
    use std::time::Duration;

    use edx_auth_core::{
        AccessToken, ClientCredentials, Scope, TokenEndpoint, TokenRequest, TokenType,
    };

    use super::*;

    fn request(id: &str, secret: &str) -> TokenRequest {
        let credentials = ClientCredentials::new(id, secret).unwrap();
        TokenRequest::new(TokenEndpoint::edx(), credentials)
    }

    fn key() -> StoreKey {
        StoreKey::of(&request("acme-api", "s3cret"))
    }

    fn token() -> StoredToken {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
        let born = Duration::from_millis(1_700_000_000_123);
        StoredToken::new(token, Duration::from_secs(3599), born)
    }

    fn error(bytes: &[u8]) -> StoreError {
        key().open(bytes).unwrap_err()
    }

    #[test]
    fn the_format_of_this_version_does_not_change() {
        let sealed = String::from_utf8(key().seal(&token())).unwrap();

        assert_eq!(
            sealed,
            "edx-auth-sealed/1 d0cfabfabd3fb5b9f321134b0a4b761f edx-auth-token/1 1700000000123 3599000 JWT a.b.c\n"
        );
    }

    #[test]
    fn a_sealed_token_is_opened_by_its_key() {
        let opened = key().open(&key().seal(&token())).unwrap();

        assert_eq!(opened.to_bytes(), token().to_bytes());
    }

    #[test]
    fn a_token_that_was_sealed_for_another_request_is_rejected() {
        let own = request("acme-api", "s3cret");
        let at = |endpoint| TokenRequest::new(endpoint, own.credentials().clone());
        for other in [
            request("other-api", "s3cret"),
            request("acme-api", "another"),
            request("acme-apis", "3cret"),
            own.clone().scope(Scope::new("read").unwrap()),
            own.clone().basic_auth(),
            at(TokenEndpoint::edx_stage()),
            at(TokenEndpoint::open_edx("https://courses.example.org").unwrap()),
        ] {
            let sealed = StoreKey::of(&other).seal(&token());

            let error = error(&sealed);

            assert!(
                matches!(error, StoreError::OtherRequest),
                "{other:?}: {error:?}"
            );
        }
    }

    #[test]
    fn no_byte_of_a_sealed_token_can_be_changed() {
        let sealed = key().seal(&token());
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[at] ^= 1 << bit;
                assert!(key().open(&changed).is_err(), "bit {bit} of byte {at}");
            }
        }
    }

    #[test]
    fn what_was_never_sealed_is_damaged_or_of_another_version() {
        use StoredTokenError::{Damaged, Version};
        for (bytes, expected) in [
            (&token().to_bytes()[..], Damaged),
            (b"", Damaged),
            (b"edx-auth-sealed/2 x", Version),
        ] {
            let error = error(bytes);
            assert!(
                matches!(error, StoreError::Token(named) if named == expected),
                "{bytes:?}: {error:?}"
            );
        }
    }

    #[test]
    fn a_truncated_token_is_none() {
        let sealed = key().seal(&token());
        for end in 0..sealed.len() {
            let error = error(&sealed[..end]);
            assert!(matches!(error, StoreError::Token(_)), "{end}: {error:?}");
        }
    }
}
