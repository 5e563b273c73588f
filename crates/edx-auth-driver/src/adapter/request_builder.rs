//! What the request builders of all adapters have.

/// Writes the methods that a `RequestBuilder` has over every HTTP client, and its `Debug`. They change its
/// field `draft`, a [`RequestDraft`](crate::RequestDraft). `$multipart` says how a multipart form is sent.
#[doc(hidden)]
#[macro_export]
macro_rules! request_builder_methods {
    ($request:ty, $multipart:literal) => {
        impl $request {
            /// Adds parameters to those that the URL has already: names with values, a map, or a struct.
            pub fn query(self, query: &(impl serde::Serialize + ?Sized)) -> Self {
                let draft = self.draft.query(query);
                Self { draft, ..self }
            }

            /// Adds a header. A `Host` header selects another site behind the origin, and that site gets the
            /// token.
            pub fn header<N, V>(self, name: N, value: V) -> Self
            where
                http::HeaderName: TryFrom<N, Error: Into<http::Error>>,
                http::HeaderValue: TryFrom<V, Error: Into<http::Error>>,
            {
                let draft = self.draft.header(name, value);
                Self { draft, ..self }
            }

            /// Sends this value as JSON.
            pub fn json(self, value: &(impl serde::Serialize + ?Sized)) -> Self {
                let draft = self.draft.json(value);
                Self { draft, ..self }
            }

            /// Sends these fields as an HTML form: names with values, a map, or a struct.
            #[doc = $multipart]
            pub fn form(self, fields: &(impl serde::Serialize + ?Sized)) -> Self {
                let draft = self.draft.form(fields);
                Self { draft, ..self }
            }

            /// Sends these bytes. They are kept in memory, so that the call can be replayed.
            pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
                let draft = self.draft.body(body);
                Self { draft, ..self }
            }

            /// Sets how long the whole call may take, instead of the client's
            /// [timeout](super::AuthorizedClientBuilder::timeout).
            pub fn timeout(self, timeout: std::time::Duration) -> Self {
                let draft = self.draft.timeout(timeout);
                Self { draft, ..self }
            }

            /// Retries the call for this long if it fails in a way that may pass: without a response or a
            /// token, throttled, or with a server in trouble. A server may have acted on a request that
            /// failed: set this only if sending the request twice is safe. A body that can be read only once
            /// is not sent again.
            #[doc(alias = "backoff")]
            pub fn retry_for(self, timeout: std::time::Duration) -> Self {
                let draft = self.draft.retry_for(timeout);
                Self { draft, ..self }
            }

            /// Sets how long the call waits for its token, instead of the client's
            /// [setting](super::AuthorizedClientBuilder::token_timeout).
            pub fn token_timeout(self, timeout: std::time::Duration) -> Self {
                let draft = self.draft.token_timeout(timeout);
                Self { draft, ..self }
            }
        }

        /// Leaves out the headers and the body: a program may have put a secret there.
        impl std::fmt::Debug for $request {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_tuple("RequestBuilder").field(&self.draft).finish()
            }
        }
    };
}
