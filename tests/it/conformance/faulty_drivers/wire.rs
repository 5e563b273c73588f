//! HTTP/1.1 over bare sockets, with one connection per request, so that every fault can be placed.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use edx_auth_core::{TransportFailure, TransportRules};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Request, Response, StatusCode};

use super::body;

/// The limits of one request.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) connect: Duration,
    pub(super) first_byte: Timer,
    pub(super) head: Timer,
    pub(super) body: Timer,
    pub(super) limit: usize,
    pub(super) limit_of_chunks: usize,
}

/// How long a read may take.
#[derive(Clone, Copy)]
pub(super) enum Timer {
    Until(Instant),
    EachRead(Duration),
    Never,
}

/// Why there is no whole response.
pub(super) enum Broken {
    NotSent,
    BeforeTheFirstByte,
    InTheHead,
    NotHttp(Vec<u8>),
    InTheBody(Box<Response<Vec<u8>>>),
    TooLarge(StatusCode),
    TimedOut,
}

impl Terms {
    /// Returns limits with one deadline for the whole response.
    pub(super) fn until(end: Instant, limit: usize) -> Self {
        let timer = Timer::Until(end);
        Self {
            connect: TransportRules::CONNECT_TIMEOUT,
            first_byte: timer,
            head: timer,
            body: timer,
            limit,
            limit_of_chunks: limit,
        }
    }
}

impl Broken {
    pub(super) fn may_be_sent(&self) -> bool {
        self.failure() == TransportFailure::MaybeSent
    }

    pub(super) fn failure(&self) -> TransportFailure {
        match self {
            Self::NotSent => TransportFailure::NotSent,
            Self::TimedOut => TransportFailure::TimedOut,
            Self::TooLarge(status) => TransportFailure::TooLarge { status: *status },
            Self::BeforeTheFirstByte | Self::InTheHead | Self::NotHttp(_) | Self::InTheBody(_) => {
                TransportFailure::MaybeSent
            }
        }
    }
}

pub(super) fn send(request: &Request<Vec<u8>>, terms: &Terms) -> Result<Response<Vec<u8>>, Broken> {
    let address = request.uri().authority().unwrap().as_str().parse().unwrap();
    let stream = TcpStream::connect_timeout(&address, terms.connect);
    let mut stream = stream.map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => Broken::TimedOut,
        _ => Broken::NotSent,
    })?;
    let sent = stream.write_all(&head(request));
    let sent = sent.and_then(|()| stream.write_all(request.body()));
    sent.map_err(|_| Broken::BeforeTheFirstByte)?;
    let mut incoming = Incoming {
        stream,
        unread: Vec::new(),
    };
    let head = response_head(&mut incoming, terms)?;
    body::whole(head, &mut incoming, terms)
}

/// Bytes that were received and not read yet.
pub(super) struct Incoming {
    stream: TcpStream,
    pub(super) unread: Vec<u8>,
}

/// The result of a read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Brought {
    More,
    TheEnd,
}

impl Incoming {
    pub(super) fn read(&mut self, timer: Timer) -> Result<Brought, Broken> {
        let wait = match timer {
            Timer::Never => None,
            Timer::EachRead(wait) => Some(wait),
            Timer::Until(end) => match end.saturating_duration_since(Instant::now()) {
                Duration::ZERO => return Err(Broken::TimedOut),
                left => Some(left),
            },
        };
        self.stream.set_read_timeout(wait).unwrap();
        let mut room = [0; 8192];
        match self.stream.read(&mut room) {
            Ok(0) => Ok(Brought::TheEnd),
            Ok(count) => {
                self.unread.extend_from_slice(&room[..count]);
                Ok(Brought::More)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Brought::More),
            Err(error) if is_time_out(&error) => Err(Broken::TimedOut),
            Err(_) => Ok(Brought::TheEnd),
        }
    }
}

fn response_head(incoming: &mut Incoming, terms: &Terms) -> Result<Response<()>, Broken> {
    loop {
        let timer = match incoming.unread[..] {
            [] => terms.first_byte,
            _ => terms.head,
        };
        if incoming.read(timer)? == Brought::TheEnd {
            return Err(match incoming.unread[..] {
                [] => Broken::BeforeTheFirstByte,
                _ => Broken::InTheHead,
            });
        }
        let mut fields = [httparse::EMPTY_HEADER; 64];
        let mut parsed = httparse::Response::new(&mut fields);
        match parsed.parse(&incoming.unread) {
            Err(_) => return Err(Broken::NotHttp(std::mem::take(&mut incoming.unread))),
            Ok(httparse::Status::Partial) => {}
            Ok(httparse::Status::Complete(length)) => {
                let response = response(&parsed);
                incoming.unread.drain(..length);
                return Ok(response);
            }
        }
    }
}

fn response(parsed: &httparse::Response<'_, '_>) -> Response<()> {
    let mut response = Response::builder().status(parsed.code.unwrap());
    for field in parsed.headers.iter() {
        response = response.header(field.name, field.value);
    }
    response.body(()).unwrap()
}

fn head(request: &Request<Vec<u8>>) -> Vec<u8> {
    let uri = request.uri();
    let (method, path) = (request.method(), uri.path_and_query().unwrap());
    let (host, length) = (uri.authority().unwrap(), request.body().len());
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n"
    )
    .into_bytes();
    for (name, value) in request.headers() {
        if *name == CONTENT_LENGTH {
            continue;
        }
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    head
}

fn is_time_out(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}

/// How the end of a body is known.
pub(super) enum Framing {
    Chunks,
    Length(usize),
    Close,
}

impl Framing {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let length = headers.get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        match length {
            _ if headers.contains_key(TRANSFER_ENCODING) => Self::Chunks,
            Some(length) => Self::Length(length),
            None => Self::Close,
        }
    }
}
