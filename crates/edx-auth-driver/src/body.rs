//! The body of a response to a token request.

use std::fmt;

use edx_auth_core::{TransportError, TransportFailure, TransportRules};
use http::StatusCode;
use zeroize::Zeroizing;

/// The whole body of a response to a token request. It may hold a token, so it is wiped when it is
/// dropped, and never grows beyond the limit of its [`TransportRules`].
///
/// ```
/// use edx_auth_driver::ResponseBody;
///
/// let body = ResponseBody::from(b"{}".to_vec());
/// assert_eq!(body.as_ref(), b"{}");
/// assert_eq!(format!("{body:?}"), "ResponseBody(<redacted>, 2 bytes)");
/// ```
pub struct ResponseBody {
    bytes: Zeroizing<Vec<u8>>,
    limit: usize,
}

impl ResponseBody {
    /// Creates an empty body with room for the length that the response announces, or else for the
    /// limit: a buffer that grows would leave copies of its bytes behind.
    #[must_use]
    pub fn with_room_for(announced: Option<u64>, rules: &TransportRules) -> Self {
        let limit = rules.body_limit();
        let announced = announced.and_then(|length| usize::try_from(length).ok());
        let room = announced.unwrap_or(limit).min(limit);
        Self {
            bytes: Zeroizing::new(Vec::with_capacity(room)),
            limit,
        }
    }

    /// Adds a piece of the body.
    ///
    /// # Errors
    /// Returns [`TransportFailure::TooLarge`] with the status of the response if the body is longer
    /// than its limit.
    pub fn push(&mut self, piece: &[u8], status: StatusCode) -> Result<(), TransportError> {
        if piece.len() > self.limit - self.bytes.len() {
            return Err(TransportFailure::TooLarge { status }.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

impl From<Vec<u8>> for ResponseBody {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            limit: bytes.len(),
            bytes: Zeroizing::new(bytes),
        }
    }
}

impl AsRef<[u8]> for ResponseBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseBody(<redacted>, {} bytes)", self.bytes.len())
    }
}
