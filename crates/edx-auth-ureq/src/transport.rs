//! Token requests over ureq.

use std::io::Read;

use edx_auth_driver::{
    ClientName, Error, FormBody, HttpStack, IssuedToken, ResponseBody, TokenRequest, Transport,
    TransportError, TransportRules,
};
use http::header::CONNECTION;
use http::{HeaderValue, Request, Response, StatusCode};
use ureq::{Agent, Body};
use zeroize::Zeroizing;

use crate::classify::transport_error;
use crate::env_proxy::EnvProxy;
use crate::http_agent::{self, HttpAgent};
use crate::send::send;
use crate::tls;

/// ureq as the HTTP client of a [`TokenSource`](crate::TokenSource).
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no values")]
pub enum Ureq {}

/// Sends one token request and returns the issued token. Nothing is cached.
///
/// # Errors
/// Returns [`Error::Exchange`] if no token came, and the errors of [`TokenSource::new`](crate::TokenSource::new).
///
/// ```no_run
/// use edx_auth_ureq::{ClientCredentials, TokenEndpoint, TokenRequest};
///
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let issued = edx_auth_ureq::exchange(&TokenRequest::new(TokenEndpoint::edx(), credentials))?;
/// println!("a {} token for {:?}", issued.token().token_type(), issued.lifetime());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn exchange(request: &TokenRequest) -> Result<IssuedToken, Error> {
    let transport = Ureq::transport(request, None, None)?;
    Ok(edx_auth_driver::exchange(request, &*transport)?)
}

impl HttpStack for Ureq {
    type Client = Agent;

    fn transport(
        request: &TokenRequest,
        agent: Option<Agent>,
        name: Option<&ClientName>,
    ) -> Result<Box<dyn Transport>, Error> {
        if request.endpoint().is_https() {
            tls::ready().map_err(Error::setup)?;
        }
        Ok(match agent {
            Some(agent) => Box::new(OverAgent(agent.into())),
            None => Box::new(OverNewAgents::new(request, name)?),
        })
    }
}

/// Sends over the program's agent. That keeps connections, but none that a secret went over.
struct OverAgent(HttpAgent);

/// Sends over a new agent each time: if another crate has enabled ureq's cookies, an agent keeps them.
struct OverNewAgents(Option<Box<Settings>>);

/// What those agents have that most programs do not set.
struct Settings {
    name: Option<ClientName>,
    proxy: Option<EnvProxy>,
}

impl OverNewAgents {
    fn new(request: &TokenRequest, name: Option<&ClientName>) -> Result<Self, Error> {
        let proxy = http_agent::env_proxy(request.endpoint().is_https())?;
        let name = name.cloned();
        let is_needed = name.is_some() || proxy.is_some();
        Ok(Self(is_needed.then(|| Box::new(Settings { name, proxy }))))
    }
}

impl Transport for OverAgent {
    fn send(
        &self,
        request: Request<FormBody>,
        rules: TransportRules,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let (mut head, form) = request.into_parts();
        head.headers
            .insert(CONNECTION, HeaderValue::from_static("close"));
        send_over(&self.0, Request::from_parts(head, form), rules)
    }
}

impl Transport for OverNewAgents {
    fn send(
        &self,
        request: Request<FormBody>,
        rules: TransportRules,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let agent = match self.0.as_deref() {
            Some(Settings { name, proxy }) => http_agent::for_tokens(name.as_ref(), proxy.clone()),
            None => http_agent::for_tokens(None, None),
        };
        send_over(&agent, request, rules)
    }
}

fn send_over(
    agent: &HttpAgent,
    request: Request<FormBody>,
    rules: TransportRules,
) -> Result<Response<ResponseBody>, TransportError> {
    let (head, form) = request.into_parts();
    let request = Request::from_parts(head, form.as_ref());
    let response = send(agent, request, &rules.into()).map_err(transport_error)?;
    let (head, body) = response.into_parts();
    let body = read(body, &rules, head.status)?;
    Ok(Response::from_parts(head, body))
}

/// Reads the whole body, bounded after decompression.
fn read(
    body: Body,
    rules: &TransportRules,
    status: StatusCode,
) -> Result<ResponseBody, TransportError> {
    let mut read = ResponseBody::with_room_for(body.content_length(), rules);
    // ureq's own limit counts bytes on the wire, and the body's limit counts decoded bytes.
    let on_the_wire = rules.body_limit() as u64 + 2;
    let mut reader = body.into_with_config().limit(on_the_wire).reader();
    let mut piece = Zeroizing::new([0; PIECE]);
    loop {
        match reader.read(&mut *piece) {
            Ok(0) => return Ok(read),
            Ok(length) => read.push(piece.get(..length).unwrap_or_default(), status)?,
            Err(error) => return Err(transport_error(error.into())),
        }
    }
}

const PIECE: usize = 4 * 1024;
