//! What failed, as a person is told: finer than [`ErrorKind`], which programs match on.

use http::StatusCode;

use super::{ErrorCode, ErrorKind};
use crate::gateway::is_too_large;

/// How a failed exchange looks to the person who has to do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symptom {
    /// A proxy on the way requires a login.
    ProxyLogin,
    /// The network requires a login (RFC 6585 section 6).
    NetworkLogin,
    /// The token endpoint does not know the client, or it is not the client's secret.
    UnknownClient,
    /// The port expects another protocol, or a client certificate.
    OtherProtocol,
    /// The token request is too large for the server or for a proxy.
    TooLarge,
    /// Older sites throttle by this status, and firewalls block by it.
    Forbidden,
    /// A web page came with a status of success.
    PageInsteadOfToken,
    /// Nothing finer is known.
    Of(ErrorKind),
}

impl Symptom {
    pub(crate) fn of(
        kind: ErrorKind,
        status: Option<StatusCode>,
        code: Option<&ErrorCode>,
    ) -> Self {
        match (kind, status.map_or(0, |status| status.as_u16()), code) {
            (_, 407, _) => Self::ProxyLogin,
            (_, 511, _) => Self::NetworkLogin,
            (ErrorKind::Denied, _, Some(ErrorCode::InvalidClient)) => Self::UnknownClient,
            (ErrorKind::WrongUrl, 400 | 426, _) => Self::OtherProtocol,
            (ErrorKind::WrongUrl, status, _) if is_too_large(status) => Self::TooLarge,
            (ErrorKind::Throttled, 403, _) => Self::Forbidden,
            (ErrorKind::Unavailable, 200..=299, None) => Self::PageInsteadOfToken,
            (kind, ..) => Self::Of(kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_counts_as_one_with_any_status_of_success() {
        for status in [200, 201, 299] {
            let status = StatusCode::from_u16(status).ok();

            let symptom = Symptom::of(ErrorKind::Unavailable, status, None);

            assert_eq!(symptom, Symptom::PageInsteadOfToken, "{status:?}");
        }
    }
}
