//! A reply in the making, out of bytes in whatever portions they come.

use edx_auth_core::TransportFailure;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};

use super::contract::Fault;

/// What has come so far of one reply.
pub(crate) struct Incoming {
    unread: Vec<u8>,
    reply: Option<Response<Vec<u8>>>,
    part: Part,
    method: Method,
    limit: usize,
}

/// What is to come next.
#[derive(Clone, Copy)]
enum Part {
    Head,
    /// So many bytes of the body, which are all.
    Rest(usize),
    /// All there is until the server closes.
    UntilClosed,
    ChunkSize,
    Chunk(usize),
    ChunkEnd,
    Trailers,
    Nothing,
}

/// Whether a part was there in whole.
enum Progress {
    Made,
    None,
}

impl Incoming {
    pub(crate) fn new(method: &Method, limit: usize) -> Self {
        Self {
            unread: Vec::new(),
            reply: None,
            part: Part::Head,
            method: method.clone(),
            limit,
        }
    }

    /// The reply, if it is whole with these bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<Option<Response<Vec<u8>>>, Fault> {
        self.unread.extend(bytes);
        while let Progress::Made = self.read_part()? {}
        match self.part {
            Part::Nothing => Ok(self.reply.take()),
            _ => Ok(None),
        }
    }

    /// The server has closed. A reply that says nothing of its length is whole with that; any other
    /// was cut short.
    pub(crate) fn end(&mut self) -> Result<Option<Response<Vec<u8>>>, Fault> {
        match self.part {
            Part::UntilClosed => Ok(self.reply.take()),
            _ => Err(broken("the connection was closed in the middle")),
        }
    }

    /// That of a reply which is not whole yet.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.reply.as_ref().map(Response::status)
    }

    fn read_part(&mut self) -> Result<Progress, Fault> {
        match self.part {
            Part::Head => self.read_head(),
            Part::Rest(length) => self.read_body(length, Part::Nothing),
            Part::UntilClosed => self.read_body(usize::MAX, Part::Nothing),
            Part::ChunkSize => self.read_chunk_size(),
            Part::Chunk(length) => self.read_body(length, Part::ChunkEnd),
            Part::ChunkEnd => self.read_chunk_end(),
            Part::Trailers => self.read_trailers(),
            Part::Nothing => Ok(Progress::None),
        }
    }

    fn read_head(&mut self) -> Result<Progress, Fault> {
        let mut fields = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut head = httparse::Response::new(&mut fields);
        let parsed = head.parse(&self.unread);
        let length = match parsed.map_err(|_| broken("the head is not HTTP"))? {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial => return self.wait_within(MOST_HEAD),
        };
        let status = StatusCode::from_u16(head.code.unwrap_or_default());
        let status = status.map_err(|_| broken("the status is none"))?;
        let headers = headers(head.headers)?;
        self.unread.drain(..length);
        // 100 Continue and its like come before the reply.
        if !status.is_informational() {
            self.part = self.first_part(status, &headers)?;
            let mut reply = Response::new(Vec::new());
            *reply.status_mut() = status;
            *reply.headers_mut() = headers;
            self.reply = Some(reply);
        }
        Ok(Progress::Made)
    }

    /// Where the head leaves two ways to read the body, neither is taken.
    fn first_part(&self, status: StatusCode, headers: &HeaderMap) -> Result<Part, Fault> {
        let bodiless = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED];
        if self.method == Method::HEAD || bodiless.contains(&status) {
            return Ok(Part::Nothing);
        }
        let coding = single(headers, &TRANSFER_ENCODING)?;
        let length = single(headers, &CONTENT_LENGTH)?;
        match (coding, length) {
            (None, None) => Ok(Part::UntilClosed),
            (None, Some(length)) => Ok(Part::Rest(number(length)?)),
            (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => {
                Ok(Part::ChunkSize)
            }
            _ => Err(broken("the length of the body is not clear")),
        }
    }

    /// Moves at most so many bytes into the body.
    fn read_body(&mut self, length: usize, next: Part) -> Result<Progress, Fault> {
        let taken = length.min(self.unread.len());
        if let Some(reply) = &mut self.reply {
            if reply.body().len().saturating_add(taken) > self.limit {
                let status = reply.status();
                return Err(TransportFailure::TooLarge { status }.into());
            }
            reply.body_mut().extend(self.unread.drain(..taken));
        }
        let left = length - taken;
        self.part = match self.part {
            Part::UntilClosed => Part::UntilClosed,
            _ if left == 0 => next,
            Part::Rest(_) => Part::Rest(left),
            _ => Part::Chunk(left),
        };
        Ok(if left == 0 {
            Progress::Made
        } else {
            Progress::None
        })
    }

    fn read_chunk_size(&mut self) -> Result<Progress, Fault> {
        let parsed = httparse::parse_chunk_size(&self.unread);
        match parsed.map_err(|_| broken("the size of a chunk is none"))? {
            httparse::Status::Partial => self.wait_within(MOST_CHUNK_LINE),
            httparse::Status::Complete((line, size)) => {
                self.unread.drain(..line);
                self.part = match usize::try_from(size).unwrap_or(usize::MAX) {
                    0 => Part::Trailers,
                    size => Part::Chunk(size),
                };
                Ok(Progress::Made)
            }
        }
    }

    fn read_chunk_end(&mut self) -> Result<Progress, Fault> {
        match self.unread.get(..2) {
            None => Ok(Progress::None),
            Some(b"\r\n") => {
                self.unread.drain(..2);
                self.part = Part::ChunkSize;
                Ok(Progress::Made)
            }
            Some(_) => Err(broken("a chunk is longer than it says")),
        }
    }

    fn read_trailers(&mut self) -> Result<Progress, Fault> {
        let mut fields = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let parsed = httparse::parse_headers(&self.unread, &mut fields);
        match parsed.map_err(|_| broken("the end is not HTTP"))? {
            httparse::Status::Partial => self.wait_within(MOST_HEAD),
            httparse::Status::Complete(_) => {
                self.part = Part::Nothing;
                Ok(Progress::Made)
            }
        }
    }

    fn wait_within(&self, limit: usize) -> Result<Progress, Fault> {
        if self.unread.len() > limit {
            return Err(broken("the head is too large"));
        }
        Ok(Progress::None)
    }
}

fn headers(fields: &[httparse::Header<'_>]) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes());
        let value = HeaderValue::from_bytes(field.value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(broken("a header is not HTTP"));
        };
        headers.append(name, value);
    }
    Ok(headers)
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Fault> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(broken("the length of the body is said twice")),
    }
}

/// Digits alone: `parse` would take a sign.
fn number(value: &HeaderValue) -> Result<usize, Fault> {
    let text = value.to_str().unwrap_or_default();
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| broken("the length of the body is no number"))
}

/// What the server said is left out of it: that may quote the request.
fn broken(what: &'static str) -> Fault {
    Fault::of(TransportFailure::MaybeSent, what)
}

const MOST_HEADERS: usize = 100;
const MOST_HEAD: usize = 64 * 1024;
const MOST_CHUNK_LINE: usize = 1024;
