use std::fmt;

use sha2::{Digest, Sha256};

/// A short hash of a secret: the first 8 bytes of its SHA-256. Tests compare fingerprints, so that
/// their output never contains a secret.
///
/// ```
/// use edx_auth_testkit::Fingerprint;
///
/// let sent = Fingerprint::of("s3cret");
/// assert_eq!(sent, Fingerprint::of("s3cret"));
/// assert_ne!(sent, Fingerprint::of("s3cret "));
/// assert_eq!(sent.to_string(), "sha256:1ec1c26b50d5d3c5");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 8]);

impl Fingerprint {
    /// Returns the fingerprint of these bytes.
    #[must_use]
    pub fn of(secret: impl AsRef<[u8]>) -> Self {
        let mut short = [0; 8];
        for (to, from) in short.iter_mut().zip(Sha256::digest(secret)) {
            *to = from;
        }
        Self(short)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
