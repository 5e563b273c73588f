//! The origin behind the proxy, and the token for it.

use std::time::Duration;

use edx_auth_reqwest::reqwest::{Body, Request, Url};
use edx_auth_reqwest::{AuthorizedClient, Error, TokenError, TokenSource};
use http::header::LOCATION;
use http::{Method, Response, StatusCode, request};
use hyper::body::{Body as _, Incoming};

use super::headers;
use super::redaction::Tokens;
use super::rejection::Rejection;
use crate::arguments::Options;
use crate::failure::{self, Failure};
use crate::source;

/// The origin that gets the token.
#[derive(Debug)]
pub(super) struct Upstream {
    origin: String,
    client: AuthorizedClient,
}

impl Upstream {
    /// Opens the token source that the options describe, for this origin alone.
    pub(super) fn open(origin: &str, options: &Options) -> Result<Self, Failure> {
        // The TLS of all other calls. Another one may be installed already.
        let _installed = rustls_tls::crypto::ring::default_provider().install_default();
        let origin = origin.trim_end_matches('/');
        let source: TokenSource = source::open_for(options, origin)?;
        let root = source.origins().check(&format!("{origin}/"))?;
        let client = AuthorizedClient::builder(source).timeout(A_LONG_STREAM);
        Ok(Self {
            origin: root.to_string().trim_end_matches('/').to_owned(),
            client: client.build()?,
        })
    }

    /// Returns the origin as it is written in links.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    pub(super) fn source(&self) -> &TokenSource {
        self.client.source()
    }

    /// Requests a token. A failure that may pass is reported, and ends nothing.
    pub(super) async fn check_credentials(&self) -> Result<(), Failure> {
        match self.source().token().await {
            Err(error) if !error.is_retryable() => return Err(error.into()),
            Err(error) => failure::warn("there is no token yet", &error, error.advice()),
            Ok(_) => {}
        }
        Ok(())
    }

    /// Sends a request with the token, and returns the response without the texts that are tokens.
    pub(super) async fn send(
        &self,
        head: &request::Parts,
        body: Incoming,
    ) -> Result<(Response<Body>, Tokens), Rejection> {
        let mut tokens = Tokens::default();
        let token = self.source().token().await;
        tokens.add(&token.map_err(|error| rejection(error, &head.method))?);
        let request = self.request(head, body)?;
        let asked = request.url().clone();
        let response = self.client.execute(request).await;
        let response = response.map_err(|error| rejection(error, &head.method))?;
        if !head.method.is_safe() && *response.url() != asked {
            return Ok((see_other(response.url()), tokens));
        }
        // It may have been renewed meanwhile, or after a rejection.
        if let Ok(token) = self.source().token_within(Duration::ZERO).await {
            tokens.add(&token);
        }
        match response.extensions().get::<TokenError>() {
            Some(error) => Err(rejection(Error::Token(error.clone()), &head.method)),
            None => Ok((response.into(), tokens)),
        }
    }

    fn request(&self, head: &request::Parts, body: Incoming) -> Result<Request, Rejection> {
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let url = format!("{}{target}", self.origin).parse();
        let mut request = Request::new(head.method.clone(), url.map_err(|_| Rejection::Target)?);
        *request.headers_mut() = headers::of_request(&head.headers);
        let is_write = !head.method.is_safe();
        // A body that can be sent once keeps a redirect from repeating the write where none is allowed.
        if is_write || !body.is_end_stream() {
            *request.body_mut() = Some(Body::wrap(body));
        }
        Ok(request)
    }
}

/// Returns the redirect after a write, the only one of a write that the client follows ([RFC 9110 section
/// 15.4.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4)). The response there tells nothing of the
/// write: a program that took it for its result might write once more.
fn see_other(url: &Url) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(url) = url.as_str().parse() {
        response.headers_mut().insert(LOCATION, url);
    }
    response
}

/// Returns what a program gets if there is no token, or no response. Only what reads may be sent again without
/// a look at what it has done.
fn rejection(error: Error, method: &Method) -> Rejection {
    let report = error.report().to_string();
    match error {
        Error::Token(error) => Rejection::TokenMissing {
            report,
            wait: error.retry_after().unwrap_or(A_WHILE),
        },
        error if error.is_retryable() && method.is_safe() => Rejection::NoResponse { report },
        _ => Rejection::Failed { report },
    }
}

/// How long a response may take to its last byte. A program that waits for less closes its connection, which
/// ends the call.
const A_LONG_STREAM: Duration = Duration::from_secs(60 * 60);

/// The wait for a token if the site has not said how long it takes.
const A_WHILE: Duration = Duration::from_secs(5);
