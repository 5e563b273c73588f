//! A minimal HTTP client: it sends the request byte for byte and returns the response unchanged. No
//! pool, no redirects.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderMap, Request, Response};

use crate::timeout::CALL_TIMEOUT;

/// Sends `request` to `authority` (host and port) on a new connection.
///
/// # Errors
/// Returns an error if the connection fails, times out or does not speak HTTP.
pub fn send(authority: &str, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
    send_within(authority, request, Bounds::WIDE)
}

/// Like [`send`], with limits for the response.
///
/// # Errors
/// Returns an error as [`send`] does, or if the time is up. A response that is too long is cut.
pub fn send_within(
    authority: &str,
    request: &Request<Vec<u8>>,
    bounds: Bounds,
) -> io::Result<Response<Vec<u8>>> {
    let end = Instant::now() + bounds.deadline;
    let mut stream = TcpStream::connect(authority)?;
    stream.set_write_timeout(Some(bounds.deadline))?;
    stream.write_all(&head(authority, request))?;
    stream.write_all(request.body())?;

    let response = read(&mut stream, end, bounds.bytes)?;
    parse(&response).map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, problem))
}

/// The limits of a response, including its head.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// From the first byte of the request to the last one of the response.
    pub deadline: Duration,
    /// How many bytes are read.
    pub bytes: usize,
}

impl Bounds {
    /// Far more than a loopback site takes.
    pub const WIDE: Self = Self {
        deadline: CALL_TIMEOUT,
        bytes: usize::MAX,
    };
}

/// Reads to the end of the response, or until there are more than `most` bytes.
fn read(stream: &mut TcpStream, end: Instant, most: usize) -> io::Result<Vec<u8>> {
    let (mut response, mut chunk) = (Vec::new(), [0; 4096]);
    while response.len() <= most {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => response.extend(chunk.iter().take(length)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(response)
}

fn head(authority: &str, request: &Request<Vec<u8>>) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method(), request.uri()).into_bytes();
    if !request.headers().contains_key(HOST) {
        put(&mut head, HOST.as_str(), authority.as_bytes());
    }
    put(
        &mut head,
        CONTENT_LENGTH.as_str(),
        request.body().len().to_string().as_bytes(),
    );
    put(&mut head, "connection", b"close");
    for (name, value) in request.headers() {
        put(&mut head, name.as_str(), value.as_bytes());
    }
    head.extend(b"\r\n");
    head
}

fn put(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
}

/// Parses a response. Its body is everything after the head, because the request asked to close the
/// connection.
fn parse(response: &[u8]) -> Result<Response<Vec<u8>>, String> {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Response::new(&mut fields);
    let head = match parsed.parse(response).map_err(|error| error.to_string())? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial => return Err(format!("a head cut short at {}", response.len())),
    };
    let body = response.get(head..).unwrap_or_default().to_vec();
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(parsed.code.unwrap_or_default())
        .map_err(|error| error.to_string())?;
    *response.headers_mut() = headers(parsed.headers)?;
    Ok(response)
}

fn headers(fields: &[httparse::Header<'_>]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for field in fields {
        let name: http::HeaderName = field.name.parse().map_err(|_| field.name.to_owned())?;
        let value =
            http::HeaderValue::from_bytes(field.value).map_err(|_| field.name.to_owned())?;
        headers.append(name, value);
    }
    Ok(headers)
}
