//! How long API calls take.

use std::time::Duration;

use edx_auth_core::ApiCall;

use crate::clock::jitter;

/// The timeouts of an API call. A client has one set of them as its defaults, and each request builder
/// has another, which takes precedence.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_driver::CallSettings;
///
/// let mut settings = CallSettings::default();
/// settings.timeout = Some(Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct CallSettings {
    /// How long the whole call may take: see [`ApiCall::timeout`].
    pub timeout: Option<Duration>,
    /// How long it waits for a token: see [`ApiCall::token_timeout`].
    pub token_timeout: Option<Duration>,
    /// How long it is retried: see [`ApiCall::retry_for`].
    pub retry_for: Option<Duration>,
}

impl CallSettings {
    /// Sets these timeouts on a call. Where one is `None`, the client's timeout is used; but the client's
    /// `retry_for` is only for calls that read (GET and HEAD), while a call's own is for any method.
    #[must_use]
    pub fn apply(self, client: Self, mut call: ApiCall) -> ApiCall {
        let of_client = client.retry_for.filter(|_| call.is_safe());
        if let Some(timeout) = self.timeout.or(client.timeout) {
            call = call.timeout(timeout);
        }
        if let Some(timeout) = self.token_timeout.or(client.token_timeout) {
            call = call.token_timeout(timeout);
        }
        match self.retry_for.or(of_client) {
            Some(timeout) => call.retry_for(timeout, jitter()),
            None => call,
        }
    }
}
