//! What the core asks for, carried by [`wire`]: plain http to a loopback host.

use std::io;

use edx_auth_core::{AccessToken, ApiUrl, FormBody, TransportFailure, TransportRules};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LENGTH};
use http::{Request, Response, StatusCode, Uri};

use crate::wire;

/// Of the rules nothing is left to do: a wire follows no redirect, and has its own deadline.
pub(super) fn carry(
    request: Request<FormBody>,
    _rules: TransportRules,
) -> Result<Response<Vec<u8>>, TransportFailure> {
    let request = request.map(|form| form.as_ref().to_vec());
    let reply = send(request).map_err(|error| failure(&error))?;
    if is_whole(&reply) {
        Ok(reply)
    } else {
        Err(TransportFailure::MaybeSent)
    }
}

pub(super) fn get(url: &ApiUrl, token: &AccessToken) -> StatusCode {
    let request = Request::get(url.uri())
        .header(ACCEPT, "application/json")
        .header(ACCEPT_LANGUAGE, "en")
        .header(AUTHORIZATION, token.authorization());
    send(request.body(Vec::new()).unwrap()).unwrap().status()
}

fn send(mut request: Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
    let uri = std::mem::take(request.uri_mut());
    let path = uri.path_and_query().cloned().unwrap();
    *request.uri_mut() = Uri::from(path);
    wire::send(uri.authority().unwrap().as_str(), &request)
}

/// A wire reads to the end, wherever that comes.
fn is_whole(reply: &Response<Vec<u8>>) -> bool {
    let announced = reply.headers().get(CONTENT_LENGTH);
    announced.is_none_or(|length| length == &reply.body().len().to_string())
}

fn failure(error: &io::Error) -> TransportFailure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => TransportFailure::NotSent,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => TransportFailure::TimedOut,
        _ => TransportFailure::MaybeSent,
    }
}
