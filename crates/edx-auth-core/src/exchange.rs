//! One exchange of credentials for a token, as values: what to send, what to obey while sending,
//! and what the reply means. Knows HTTP; knows no time.

mod advice;
mod credentials;
mod endpoint;
mod form;
mod lifetime;
mod reply;
mod request;
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

use verdict::Fault;

/// One request on its way, and what its reply will mean.
///
/// Comes with the request from [`TokenRequest::begin`]; ends by [`finish`](Self::finish), or by
/// [`fail`](Self::fail) where no reply arrived.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
#[must_use = "only its end says whether there is a token"]
pub struct TokenExchange {
    request: TokenRequest,
}

impl TokenExchange {
    pub(crate) fn of(request: TokenRequest) -> Self {
        Self { request }
    }

    /// What the transport has to obey while it carries this exchange.
    #[must_use]
    pub fn rules(&self) -> TransportRules {
        self.request.rules()
    }

    /// Reads the reply: its status, the headers as they came, and the whole body, decoded.
    ///
    /// The status is judged first, then the *shape* of the body, whatever its `Content-Type` says:
    /// gateways label a page of HTML as JSON, and Open edX an error object as HTML.
    ///
    /// # Errors
    /// Where there is no usable token in the reply: see [`ErrorKind`](crate::ErrorKind).
    pub fn finish(self, reply: Response<&[u8]>) -> Result<IssuedToken, ExchangeError> {
        let (head, body) = reply.into_parts();
        let read = if head.status.is_success() {
            reply::token(&self.request, &head.headers, body)
        } else {
            Err(verdict::judge(&self.request, &head, body))
        };
        read.map_err(|fault| {
            let retry_after = retry_after(&head.headers);
            self.report(fault, Some(head.status), retry_after).into()
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
    /// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    /// let error = TransportError::from(TransportFailure::NotSent).with_cause(refused);
    /// let error = exchange.fail(error);
    /// assert_eq!(error.source().unwrap().to_string(), "connection refused");
    /// # Ok::<(), edx_auth_core::CredentialsError>(())
    /// ```
    #[must_use]
    pub fn fail(self, error: impl Into<TransportError>) -> ExchangeError {
        let (failure, cause) = error.into().into_parts();
        let fault = Fault::of_transport(failure);
        ExchangeError::from(Report {
            cause,
            ..self.report(fault, failure.status(), None)
        })
    }

    pub(crate) fn request(&self) -> &TokenRequest {
        &self.request
    }

    fn report(
        &self,
        fault: Fault,
        status: Option<StatusCode>,
        retry_after: Option<core::time::Duration>,
    ) -> Report {
        Report {
            endpoint: self.request.endpoint().uri().clone(),
            advice: advice::advice(&fault, status, &self.request),
            kind: fault.kind,
            code: fault.code,
            text: fault.text,
            status,
            asked_wait: retry_after.filter(|_| fault.kind.is_retryable()),
            cause: None,
        }
    }
}
