//! One exchange of client credentials for a token: the request to send, the rules for sending it,
//! and the meaning of the response. It uses the types of the crate `http` and reads no clock.

mod advice;
mod credentials;
mod endpoint;
mod fields;
pub(crate) mod form;
mod invisible;
mod lifetime;
mod request;
mod response;
mod rules;
mod shape;
mod verdict;

use http::{Response, StatusCode};

use crate::error::{ExchangeError, Report, TransportError};
use crate::retry_after::retry_after;
use crate::token::IssuedToken;

pub use credentials::{ClientCredentials, CredentialPart, CredentialsError};
pub use endpoint::TokenEndpoint;
pub use form::FormBody;
pub use request::TokenRequest;
pub use rules::TransportRules;

use verdict::ExchangeFailure;

/// One token request that is being sent. It reads the response.
///
/// [`TokenRequest::begin`] returns it with the request. Call [`finish`](Self::finish) with the
/// response, or [`fail`](Self::fail) if none arrived.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
#[must_use = "finish or fail it to learn whether there is a token"]
pub struct TokenExchange {
    request: TokenRequest,
}

impl TokenExchange {
    pub(crate) fn of(request: TokenRequest) -> Self {
        Self { request }
    }

    /// Returns the rules for sending this request.
    #[must_use]
    pub fn rules(&self) -> TransportRules {
        self.request.rules()
    }

    /// Reads the response: its status, its headers and the whole decoded body.
    ///
    /// The status counts first, then the *shape* of the body: an OAuth error object, a page, nothing.
    /// `Content-Type` is ignored: gateways label HTML pages as JSON, and Open edX labels error objects as
    /// HTML.
    ///
    /// # Errors
    /// Returns an error if the response contains no usable token: see
    /// [`ErrorKind`](crate::ErrorKind).
    pub fn finish(self, response: Response<&[u8]>) -> Result<IssuedToken, ExchangeError> {
        let (head, body) = response.into_parts();
        let issued = if head.status.is_success() {
            response::token(&self.request, &head.headers, body)
        } else {
            Err(verdict::classify(&self.request, &head, body))
        };
        issued.map_err(|failure| {
            let retry_after = retry_after(&head.headers);
            self.report(failure, Some(head.status), retry_after).into()
        })
    }

    /// Ends an exchange that has no complete response. The HTTP client's own error becomes the
    /// `source()`.
    ///
    /// ```
    /// use std::error::Error;
    /// use std::io;
    /// use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
    /// use edx_auth_core::{TransportError, TransportFailure};
    ///
    /// let credentials = ClientCredentials::new("id", "secret")?;
    /// let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
    /// let cause = io::Error::from(io::ErrorKind::ConnectionRefused);
    /// let error = TransportError::from(TransportFailure::NotSent).with_cause(cause);
    /// let error = exchange.fail(error);
    /// assert_eq!(error.source().unwrap().to_string(), "connection refused");
    /// # Ok::<(), edx_auth_core::CredentialsError>(())
    /// ```
    #[must_use]
    pub fn fail(self, error: impl Into<TransportError>) -> ExchangeError {
        let (failure, cause) = error.into().into_parts();
        let reported = ExchangeFailure::of_transport(failure);
        ExchangeError::from(Report {
            cause,
            ..self.report(reported, failure.status(), None)
        })
    }

    pub(crate) fn request(&self) -> &TokenRequest {
        &self.request
    }

    fn report(
        &self,
        failure: ExchangeFailure,
        status: Option<StatusCode>,
        retry_after: Option<core::time::Duration>,
    ) -> Report {
        Report {
            endpoint: self.request.endpoint().uri().clone(),
            advice: advice::advice(&failure, status, &self.request),
            kind: failure.kind,
            code: failure.code,
            text: failure.text,
            status,
            asked_wait: retry_after.filter(|_| failure.kind.is_retryable()),
            cause: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;
    use core::error::Error as _;
    use std::io;

    use super::*;
    use crate::error::TransportFailure;

    #[test]
    fn a_failed_exchange_keeps_the_cause() {
        let credentials = ClientCredentials::new("acme-api", "s3cret").unwrap();
        let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
        let cause = io::Error::from(io::ErrorKind::ConnectionRefused);
        let error = TransportError::from(TransportFailure::NotSent).with_cause(cause);

        let error = exchange.fail(error);

        assert_eq!(error.source().unwrap().to_string(), "connection refused");
    }
}
