//! What the clients of all adapters have.

/// Writes the methods that an `AuthorizedClient` has over every HTTP client, and its `Debug`. They use its
/// fields `source` and `settings`. `$request` is the type of its request builder; `$adapter` is the crate's
/// name, for the examples.
#[doc(hidden)]
#[macro_export]
macro_rules! client_methods {
    ($request:ty, $adapter:literal, $(#[$example:meta])* example of pages) => {
        impl AuthorizedClient {
            /// Creates a client with default settings.
            ///
            /// # Errors
            /// Returns [`Error::Setup`] if the HTTP client cannot do what the source's origins need.
            pub fn new(source: TokenSource) -> Result<Self, Error> {
                Self::builder(source).build()
            }

            /// Starts building a client that uses this token source.
            pub fn builder(source: TokenSource) -> AuthorizedClientBuilder {
                AuthorizedClientBuilder::new(source)
            }

            /// Creates a client from the `EDX_*` variables: see [`from_env`](crate::from_env). With more
            /// settings than these, use [`builder_from_env`](Self::builder_from_env).
            ///
            /// # Errors
            /// Returns an error if a variable is missing or invalid, and the errors of [`new`](Self::new).
            pub fn from_env() -> Result<Self, Error> {
                Self::new(TokenSource::from_env()?)
            }

            /// Starts building a client from the `EDX_*` variables: see [`from_env`](crate::from_env). To set
            /// more about its tokens, pass a source of
            /// [`TokenSource::builder_from_env`](TokenSource::builder_from_env) to
            /// [`builder`](Self::builder).
            ///
            /// # Errors
            /// Returns an error if a variable is missing or invalid, and the errors of
            /// [`TokenSource::new`](TokenSource::new).
            ///
            /// ```no_run
            /// use std::time::Duration;
            #[doc = concat!("use ", $adapter, "::AuthorizedClient;")]
            ///
            /// let ten_seconds = Duration::from_secs(10);
            /// let edx = AuthorizedClient::builder_from_env()?.timeout(ten_seconds).build()?;
            /// # let _ = edx;
            #[doc = concat!("# Ok::<(), ", $adapter, "::Error>(())")]
            /// ```
            pub fn builder_from_env() -> Result<AuthorizedClientBuilder, Error> {
                Ok(Self::builder(TokenSource::from_env()?))
            }

            /// Creates a client from the variables of an Open edX service: see
            /// [`from_open_edx_env`](crate::from_open_edx_env).
            ///
            /// # Errors
            /// Returns an error if a variable is missing or invalid, and the errors of [`new`](Self::new).
            pub fn from_open_edx_env() -> Result<Self, Error> {
                Self::new(TokenSource::from_open_edx_env()?)
            }

            /// Starts a GET of this URL.
            pub fn get(&self, url: &str) -> $request {
                self.request(http::Method::GET, url)
            }

            /// Starts a HEAD of this URL.
            pub fn head(&self, url: &str) -> $request {
                self.request(http::Method::HEAD, url)
            }

            /// Starts a POST of this URL.
            pub fn post(&self, url: &str) -> $request {
                self.request(http::Method::POST, url)
            }

            /// Starts a PUT of this URL.
            pub fn put(&self, url: &str) -> $request {
                self.request(http::Method::PUT, url)
            }

            /// Starts a PATCH of this URL.
            pub fn patch(&self, url: &str) -> $request {
                self.request(http::Method::PATCH, url)
            }

            /// Starts a DELETE of this URL.
            pub fn delete(&self, url: &str) -> $request {
                self.request(http::Method::DELETE, url)
            }

            /// Starts a request of any method.
            pub fn request(&self, method: http::Method, url: &str) -> $request {
                RequestBuilder::new(self, method, url)
            }

            /// Returns the items of a paginated list, from this page to the end of the list.
            ///
            $(#[$example])*
            #[doc(alias = "paginate")]
            pub fn pages<T: serde::de::DeserializeOwned>(&self, url: &str) -> Pages<T> {
                let items = $crate::Items::new(url, self.source.origins().clone());
                Pages::new(self.clone(), items)
            }

            /// Returns the items of a paginated list from a [position](Pages::position) on, which another
            /// process may have stored. A position is untrusted input: if its URL is outside the origins, the
            /// first item is an error.
            ///
            /// ```no_run
            #[doc = concat!("use ", $adapter, "::{AuthorizedClient, Position};")]
            ///
            /// # fn example(stored: &str) -> Result<(), Box<dyn std::error::Error>> {
            /// let edx = AuthorizedClient::from_env()?;
            /// let position: Position = stored.parse()?;
            /// let courses = edx.pages_from::<serde_json::Value>(&position);
            /// # let _ = courses;
            /// # Ok(())
            /// # }
            /// ```
            #[doc(alias = "resume")]
            pub fn pages_from<T: serde::de::DeserializeOwned>(
                &self,
                position: &$crate::Position,
            ) -> Pages<T> {
                let items = $crate::Items::from_position(position, self.source.origins().clone());
                Pages::new(self.clone(), items)
            }

            /// Returns the token source of this client.
            #[must_use]
            pub fn source(&self) -> &TokenSource {
                &self.source
            }
        }

        /// Leaves out the HTTP client: its `Debug` may show its default headers, secret or not.
        impl std::fmt::Debug for AuthorizedClient {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct("AuthorizedClient")
                    .field("source", &self.source)
                    .field("settings", &self.settings)
                    .finish_non_exhaustive()
            }
        }
    };
}
