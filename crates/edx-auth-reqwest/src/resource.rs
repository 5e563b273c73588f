//! One API call with a token, to the one origin of its URL.

use std::time::Duration;

use edx_auth_core::{AccessToken, ApiUrl};
use http::Request;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION};
use reqwest::{Body, Response};

use crate::Error;
use crate::stack;
use crate::tls::Reach;

/// Sends a GET with this token and hands back the reply, whatever its status.
///
/// No redirect is followed, so the token reaches no other server. JSON is asked for, since some of
/// edX's APIs answer with XML otherwise.
///
/// # Errors
/// Where no reply came.
///
/// ```no_run
/// use edx_auth_reqwest::{ApiUrl, PlaintextHosts, TokenSource};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let source = TokenSource::from_env()?;
/// let url = ApiUrl::new("https://api.edx.org/catalog/v1/catalogs", &PlaintextHosts::none())?;
/// let reply = edx_auth_reqwest::get(&url, source.token().await?.token()).await?;
/// println!("{}: {}", reply.status(), reply.text().await?);
/// # Ok(())
/// # }
/// ```
pub async fn get(url: &ApiUrl, token: &AccessToken) -> Result<Response, Error> {
    let client = stack::client(Reach::of(url.is_https())).map_err(Error::stack)?;
    let sent = match request(url, token) {
        Ok(request) => client.execute(request).await,
        Err(error) => Err(error),
    };
    sent.map_err(|cause| Error::call(url, cause))
}

fn request(url: &ApiUrl, token: &AccessToken) -> Result<reqwest::Request, reqwest::Error> {
    let mut request = Request::new(Body::from(""));
    *request.uri_mut() = url.uri().clone();
    let headers = request.headers_mut();
    headers.insert(ACCEPT, http::HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_LANGUAGE, http::HeaderValue::from_static("en"));
    headers.insert(AUTHORIZATION, token.authorization().clone());
    let mut request = reqwest::Request::try_from(request)?;
    *request.timeout_mut() = Some(DEADLINE);
    Ok(request)
}

/// A page of a large catalog takes an LMS several seconds.
const DEADLINE: Duration = Duration::from_secs(60);
