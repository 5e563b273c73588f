//! A single token request, without a token source.

use edx_auth_core::{ExchangeError, IssuedToken, TokenRequest};
use http::Response;

use crate::Transport;

/// Sends one token request on this thread and returns the issued token. Nothing is cached.
///
/// # Errors
/// Returns an error if no token came; [`ExchangeError::advice`] says what to do.
pub fn exchange(
    request: &TokenRequest,
    transport: &dyn Transport,
) -> Result<IssuedToken, ExchangeError> {
    let (to_send, exchange) = request.begin();
    match transport.send(to_send, exchange.rules()) {
        Ok(response) => {
            let (head, body) = response.into_parts();
            exchange.finish(Response::from_parts(head, body.as_ref()))
        }
        Err(error) => Err(exchange.fail(error)),
    }
}
