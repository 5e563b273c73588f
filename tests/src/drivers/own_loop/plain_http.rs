//! What the core asks for, carried by [`wire`]: plain http to a loopback host.

use std::io;

use edx_auth_core::{AccessToken, ApiUrl, FormBody, TransportFailure, TransportRules};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LENGTH};
use http::{Request, Response, StatusCode, Uri};

use crate::wire::{self, Bounds};

/// Under the rules: a wire follows no redirect, decodes nothing and keeps no connection.
pub(super) fn carry(
    request: Request<FormBody>,
    rules: TransportRules,
) -> Result<Response<Vec<u8>>, TransportFailure> {
    let request = request.map(|form| form.as_ref().to_vec());
    let bounds = Bounds {
        deadline: rules.deadline(),
        bytes: HEAD_LIMIT + rules.body_limit(),
    };
    let reply = send(request, bounds).map_err(|error| failure(&error))?;
    if reply.body().len() > rules.body_limit() {
        let status = reply.status();
        Err(TransportFailure::TooLarge { status })
    } else if is_whole(&reply) {
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
    let reply = send(request.body(Vec::new()).unwrap(), Bounds::WIDE);
    reply.unwrap().status()
}

fn send(mut request: Request<Vec<u8>>, bounds: Bounds) -> io::Result<Response<Vec<u8>>> {
    let uri = std::mem::take(request.uri_mut());
    let path = uri.path_and_query().cloned().unwrap();
    *request.uri_mut() = Uri::from(path);
    wire::send_within(uri.authority().unwrap().as_str(), &request, bounds)
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

/// Room for every header that a proxy may add.
const HEAD_LIMIT: usize = 16 * 1024;
