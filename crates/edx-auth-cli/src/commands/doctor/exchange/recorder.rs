//! Keeps the headers of a response beside its outcome.

use std::sync::{Mutex, PoisonError};

use edx_auth_driver::{FormBody, ResponseBody, Transport, TransportRules};
use edx_auth_ureq::TransportError;
use edx_auth_ureq::http::{HeaderMap, Request, Response};

/// A transport that keeps the headers of its last response.
pub(super) struct Recorder {
    transport: Box<dyn Transport>,
    headers: Mutex<Option<HeaderMap>>,
}

impl Recorder {
    pub(super) fn over(transport: Box<dyn Transport>) -> Self {
        let headers = Mutex::new(None);
        Self { transport, headers }
    }

    pub(super) fn headers(self) -> Option<HeaderMap> {
        self.headers
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: Request<FormBody>,
        rules: TransportRules,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let response = self.transport.send(request, rules)?;
        let mut headers = self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        *headers = Some(response.headers().clone());
        Ok(response)
    }
}
