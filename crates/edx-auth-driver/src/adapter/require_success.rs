//! What the responses of all adapters have.

/// Writes the trait `RequireSuccess`, and implements it for `$response`, the response of the HTTP client that
/// `$library` names.
#[doc(hidden)]
#[macro_export]
macro_rules! require_success {
    ($response:ty, $library:literal, $(#[$example:meta])* example) => {
        #[doc = concat!("Makes an [`Error`] of each response of ", $library, " that is not a success.")]
        ///
        $(#[$example])*
        pub trait RequireSuccess: Sized {
            /// Returns the response if it is a success, or `304 Not Modified`.
            ///
            /// # Errors
            /// Returns [`Error::Status`] for any other, such as a redirect that was not followed. Its
            /// [`advice`](Error::advice), [`is_retryable`](Error::is_retryable) and
            /// [`retry_after`](Error::retry_after) are those of the [`Verdict`](crate::Verdict); its
            /// [`Problem`](crate::Problem) is what the API says. The body is dropped.
            ///
            /// A response that another client received is classified by its status and headers alone: the
            /// error names no URL, and its problem has nothing but the status.
            #[doc(alias = "error_for_status")]
            fn require_success(self) -> Result<Self, Error>;
        }

        impl RequireSuccess for $response {
            fn require_success(self) -> Result<Self, Error> {
                Error::check_status(self.status(), self.headers(), self.extensions())?;
                Ok(self)
            }
        }
    };
}
