//! HTTP/1.1 without a socket: a request as bytes, and a response from bytes.

use edx_auth_core::TransportFailure::{self, MaybeSent, TooLarge};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Method, Request, Response};
use httparse::Status::{Complete, Partial};
use httparse::{EMPTY_HEADER, parse_chunk_size, parse_headers};

pub(crate) type HttpResponse = Response<Vec<u8>>;
type Parsed<T> = Result<Option<T>, TransportFailure>;

/// Returns a request as bytes. It asks the server to close the connection after its response.
pub(crate) fn encode(request: &Request<impl AsRef<[u8]>>) -> Vec<u8> {
    let (method, uri, body) = (request.method(), request.uri(), request.body().as_ref());
    let host = uri.authority().map_or("", |host| host.as_str());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut bytes = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n").into_bytes();
    bytes.extend(b"connection: close\r\n");
    if !body.is_empty() {
        bytes.extend(format!("content-length: {}\r\n", body.len()).bytes());
    }
    for (name, value) in request.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend([b"\r\n", body].concat());
    bytes
}

/// Returns the response if these bytes are all of it; `None` if more are needed. `at_end` means that no
/// more will come.
pub(crate) fn parse(
    bytes: &[u8],
    at_end: bool,
    method: &Method,
    limit: usize,
) -> Parsed<HttpResponse> {
    let mut fields = [EMPTY_HEADER; 100];
    let mut head = httparse::Response::new(&mut fields);
    let length = match head.parse(bytes) {
        Ok(Complete(length)) => length,
        Ok(Partial) if !at_end && bytes.len() < 64 * 1024 => return Ok(None),
        Ok(Partial) | Err(_) => return Err(MaybeSent),
    };
    let mut response = Response::builder().status(head.code.unwrap_or_default());
    for field in head.headers {
        response = response.header(field.name, field.value);
    }
    let (response, rest) = (response.body(()).map_err(|_| MaybeSent)?, &bytes[length..]);
    let (status, headers) = (response.status(), response.headers());
    let body = match status.as_u16() {
        100..200 => return Err(MaybeSent), // no request asks for an interim response
        204 | 304 => Some(Vec::new()),
        _ if method == Method::HEAD => Some(Vec::new()),
        _ => body(headers, rest, at_end)?,
    };
    // An incomplete body counts as half of its bytes: at most the other half are lines between chunks,
    // unless the server sends tiny chunks.
    match body.as_ref().map_or(rest.len() / 2, Vec::len) {
        length if length > limit => Err(TooLarge { status }),
        _ if at_end && body.is_none() => Err(MaybeSent),
        _ => Ok(body.map(|body| response.map(|()| body))),
    }
}

fn body(headers: &HeaderMap, rest: &[u8], at_end: bool) -> Parsed<Vec<u8>> {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    match (
        headers.get(TRANSFER_ENCODING),
        lengths.next(),
        lengths.next(),
    ) {
        (Some(coding), None, None) if coding == "chunked" => chunks(rest),
        (None, None, None) => Ok(at_end.then(|| rest.to_vec())),
        (None, Some(length), None) => {
            let length = length.to_str().ok().and_then(|length| length.parse().ok());
            let body = rest.get(..length.ok_or(MaybeSent)?);
            Ok(body.map(<[u8]>::to_vec))
        }
        _ => Err(MaybeSent),
    }
}

fn chunks(mut rest: &[u8]) -> Parsed<Vec<u8>> {
    let (mut body, mut trailers) = (Vec::new(), [EMPTY_HEADER; 100]);
    while let Complete((line, size)) = parse_chunk_size(rest).map_err(|_| MaybeSent)? {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        match rest[line..].split_at_checked(size) {
            Some(([], end)) => {
                let end = parse_headers(end, &mut trailers).map_err(|_| MaybeSent)?;
                return Ok(end.is_complete().then_some(body));
            }
            Some((chunk, [b'\r', b'\n', after @ ..])) => {
                body.extend(chunk);
                rest = after;
            }
            Some((_, [] | [b'\r'])) | None => return Ok(None),
            Some(_) => return Err(MaybeSent),
        }
    }
    Ok(None)
}
