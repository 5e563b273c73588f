//! One API call with a token, to the one origin of its URL.

use std::time::Duration;

use edx_auth_core::{AccessToken, ApiUrl};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION};
use http::{HeaderValue, Request, Response};
use ureq::Body;

use crate::Error;
use crate::send::{Terms, send};
use crate::stack::agent;

/// Sends a GET with this token and hands back the reply, whatever its status.
///
/// No redirect is followed, so the token reaches no other server. JSON is asked for, since some of
/// edX's APIs answer with XML otherwise.
///
/// # Errors
/// Where no reply came.
///
/// # Panics
/// Where the process has no thread left: ureq looks names up on one.
///
/// ```no_run
/// use edx_auth_ureq::{ApiUrl, PlaintextHosts, TokenSource};
///
/// let source = TokenSource::from_env()?;
/// let url = ApiUrl::new("https://api.edx.org/catalog/v1/catalogs", &PlaintextHosts::none())?;
/// let mut reply = edx_auth_ureq::get(&url, source.token()?.token())?;
/// println!("{}: {}", reply.status(), reply.body_mut().read_to_string()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn get(url: &ApiUrl, token: &AccessToken) -> Result<Response<Body>, Error> {
    let terms = Terms {
        https_only: url.is_https(),
        deadline: DEADLINE,
        connect_deadline: CONNECT_DEADLINE,
    };
    send(&agent(), request(url, token), &terms).map_err(|cause| Error::call(url, cause))
}

fn request(url: &ApiUrl, token: &AccessToken) -> Request<()> {
    let mut request = Request::new(());
    *request.uri_mut() = url.uri().clone();
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
    headers.insert(AUTHORIZATION, token.authorization().clone());
    request
}

/// A page of a large catalog takes an LMS several seconds.
const DEADLINE: Duration = Duration::from_secs(60);

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
