//! What the client builders of all adapters have.

/// Writes the methods that an `AuthorizedClientBuilder` has over every HTTP client, and its `Debug`. They use
/// its fields `source` and `settings`.
#[doc(hidden)]
#[macro_export]
macro_rules! client_builder_methods {
    () => {
        impl AuthorizedClientBuilder {
            /// Sets how long a call may take, instead of 90 s, unless its request sets another timeout. That
            /// includes the wait for its token, redirects, a replay, and the last byte of its response.
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings.timeout = Some(timeout);
                self
            }

            /// Retries each GET and HEAD for this long if it fails in a way that may pass: without a response
            /// or a token, throttled, or with a server in trouble. The waits grow from a second to half a
            /// minute, and are no shorter than what the server asks for; the call's timeout ends them. Calls
            /// are not retried unless this or [the request's own](super::RequestBuilder::retry_for) says so.
            #[doc(alias = "backoff")]
            pub fn retry_for(mut self, timeout: std::time::Duration) -> Self {
                self.settings.retry_for = Some(timeout);
                self
            }

            /// Sets how long a call waits for its token, instead of the source's own timeout. In a web service,
            /// choose less than the time for which the service's clients wait.
            pub fn token_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings.token_timeout = Some(timeout);
                self
            }
        }

        /// Leaves out the HTTP client: its `Debug` may show its default headers, secret or not.
        impl std::fmt::Debug for AuthorizedClientBuilder {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct("AuthorizedClientBuilder")
                    .field("source", &self.source)
                    .field("settings", &self.settings)
                    .finish_non_exhaustive()
            }
        }
    };
}
