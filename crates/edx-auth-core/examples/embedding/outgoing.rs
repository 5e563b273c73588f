//! One API call on its way, without the sending.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use edx_auth_core::{
    ApiCall, ApiUrl, CallStep, Invalidation, LiveToken, Need, Origins, TokenError, UrlError,
    Verdict,
};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION};
use http::{HeaderMap, HeaderValue, Request, Response};

use super::contract::Fault;

/// What goes out with each sending of one call.
pub(crate) struct Outgoing {
    call: ApiCall,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Outgoing {
    /// Refuses a URL that the token is not for.
    pub(crate) fn new(request: Request<Vec<u8>>, origins: Origins) -> Result<Self, UrlError> {
        let (head, body) = request.into_parts();
        let call = ApiCall::new(head.method, &head.uri.to_string(), origins)?;
        let mut headers = head.headers;
        let json = HeaderValue::from_static("application/json");
        headers.entry(ACCEPT).or_insert(json);
        // The core knows a few refusals by their English words.
        let english = HeaderValue::from_static("en");
        headers.entry(ACCEPT_LANGUAGE).or_insert(english);
        Ok(Self {
            call,
            headers,
            body,
        })
    }

    pub(crate) fn url(&self) -> &ApiUrl {
        self.call.url()
    }

    /// What is sent now, with the token in place of any other.
    pub(crate) fn request(&self, token: &LiveToken) -> Request<Vec<u8>> {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.call.method().clone();
        *request.uri_mut() = self.url().uri().clone();
        *request.headers_mut() = self.headers.clone();
        let authorization = token.authorization().clone();
        request.headers_mut().insert(AUTHORIZATION, authorization);
        request
    }

    /// What to do about a reply. A redirect that is followed changes what is sent next.
    pub(crate) fn answered(&mut self, reply: &Response<Vec<u8>>) -> CallStep {
        let body = reply.body();
        let beginning = body.get(..ApiCall::PEEK).unwrap_or(body);
        let step = self
            .call
            .answered(reply.status(), reply.headers(), beginning);
        if let CallStep::Follow(redirect) = step {
            redirect.adapt(&mut self.headers);
            if !redirect.keeps_body() {
                self.body.clear();
            }
        }
        step
    }

    /// Whether to send the call again: once, only where it reads, and nothing of a reply came.
    pub(crate) fn survives(&mut self, fault: &Fault) -> bool {
        fault.status.is_none() && self.call.survives(fault.failure)
    }

    pub(crate) fn broken(&self, fault: Fault) -> CallError {
        CallError::Broken {
            url: self.url().clone(),
            fault,
        }
    }
}

/// How long the caller of a refused token waits, and what it asks for then.
pub(crate) fn after(invalidation: Invalidation, refused: &LiveToken) -> (Duration, Need) {
    match invalidation {
        Invalidation::AlreadyReplaced => (Duration::ZERO, Need::any()),
        Invalidation::TooYoung { wait } => (wait, Need::any()),
        Invalidation::WillRenew { .. } => {
            let newer = Need::any().newer_than(refused.generation());
            (Duration::ZERO, newer)
        }
    }
}

/// The reply with what it means among its extensions.
pub(crate) fn with_verdict(mut reply: Response<Vec<u8>>, verdict: Verdict) -> Response<Vec<u8>> {
    reply.extensions_mut().insert(verdict);
    reply
}

/// Why a call has no reply.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The token is not for this URL.
    Url(UrlError),
    Token(TokenError),
    Broken {
        url: ApiUrl,
        fault: Fault,
    },
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(error) => error.fmt(f),
            Self::Token(error) => error.fmt(f),
            Self::Broken { url, fault } => write!(f, "{url} {fault}"),
        }
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Url(error) => error.source(),
            Self::Token(error) => error.source(),
            Self::Broken { fault, .. } => fault.source(),
        }
    }
}

impl From<UrlError> for CallError {
    fn from(error: UrlError) -> Self {
        Self::Url(error)
    }
}

impl From<TokenError> for CallError {
    fn from(error: TokenError) -> Self {
        Self::Token(error)
    }
}
