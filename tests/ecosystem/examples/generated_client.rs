//! A client that progenitor generates from an OpenAPI document. Its requests go through `AuthorizedClient`: with
//! the token, its renewal, and one replay if an API rejects the token.
//!
//! ```text
//! cargo run --manifest-path tests/ecosystem/Cargo.toml --example generated_client
//! ```
//!
//! It reads the `EDX_*` variables, and prints the titles of the first page of courses.

use std::error::Error as StdError;

use edx_auth_reqwest::{AuthorizedClient, http};
use progenitor::progenitor_client::{ClientHooks, ClientInfo as _, Error, OperationInfo};
use reqwest::{Request, Response, Result as Sent};

/// The generated code.
pub(crate) mod discovery {
    progenitor::generate_api!(
        spec = "examples/discovery.json",
        inner_type = edx_auth_reqwest::AuthorizedClient,
        hooks = Expected,
    );
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let edx = AuthorizedClient::from_env()?;
    let discovery = discovery::Client::new("https://discovery.edx.org", edx);
    for course in &discovery.courses_list(Some("rust"), None).await?.results {
        println!("{}", course.title);
    }
    Ok(())
}

impl ClientHooks<AuthorizedClient> for discovery::Client {
    /// Sends a generated request. A call without a response has an error that is not reqwest's: it is put
    /// into the extensions of an empty response, for `post`.
    async fn exec(&self, request: Request, _: &OperationInfo) -> Sent<Response> {
        let sent = self.inner().execute(request).await;
        Ok(sent.unwrap_or_else(|error| {
            let mut response = http::Response::new("");
            let report = error.report().to_string();
            response.extensions_mut().insert(Unsent(report));
            response.into()
        }))
    }

    /// Returns the error of a call without a response: no token, no connection, a timeout.
    async fn post<E>(&self, sent: &Sent<Response>, _: &OperationInfo) -> Result<(), Error<E>> {
        let response = sent.as_ref().ok();
        match response.and_then(|response| response.extensions().get()) {
            Some(Unsent(report)) => Err(Error::Custom(report.clone())),
            None => Ok(()),
        }
    }
}

/// What happened to a call without a response, and what to do about it.
#[derive(Clone)]
struct Unsent(String);
