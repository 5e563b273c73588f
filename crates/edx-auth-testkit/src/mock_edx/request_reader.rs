use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use super::django;
use super::reply::Reply;
use super::request::{Malformed, Request};

/// Reads one request after the other from a connection.
#[derive(Debug)]
pub(crate) struct RequestReader<'a> {
    stream: &'a TcpStream,
    input: BufReader<&'a TcpStream>,
}

/// Why there is no next request.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The client is gone, or said nothing for too long.
    Ended,
    /// What came is not HTTP/1.
    Malformed,
    /// A body of unknown length.
    WithoutLength,
    /// More than a site reads.
    TooLarge,
}

impl<'a> RequestReader<'a> {
    pub(crate) fn new(stream: &'a TcpStream) -> Self {
        Self {
            stream,
            input: BufReader::new(stream),
        }
    }

    pub(crate) fn next(&mut self) -> Result<Request, Unreadable> {
        let head = self.head()?;
        let length = body_length(&head)?;
        if expects_continue(&head) {
            self.stream.write_all(CONTINUE)?;
        }
        let body = self.body(length)?;
        Ok(head.with_body(body))
    }

    fn head(&mut self) -> Result<Request, Unreadable> {
        let mut head = Vec::new();
        while head.len() < MOST_HEAD_BYTES {
            let seen = head.len();
            let news = self.input.fill_buf()?;
            if news.is_empty() {
                return Err(Unreadable::Ended);
            }
            head.extend_from_slice(news);
            let parsed = Request::parse_head(&head)?;
            let used = match &parsed {
                Some((_, length)) => length.saturating_sub(seen),
                None => news.len(),
            };
            self.input.consume(used);
            if let Some((request, _)) = parsed {
                return Ok(request);
            }
        }
        Err(Unreadable::Malformed)
    }

    fn body(&mut self, length: u64) -> Result<Vec<u8>, Unreadable> {
        let mut body = Vec::new();
        let read = self.input.by_ref().take(length).read_to_end(&mut body)?;
        if read as u64 == length {
            Ok(body)
        } else {
            Err(Unreadable::Ended)
        }
    }
}

impl Unreadable {
    /// What the client is told, where it is still there.
    pub(crate) fn reply(&self) -> Option<Reply> {
        match self {
            Self::Ended => None,
            Self::Malformed | Self::TooLarge => Some(django::bad_request()),
            Self::WithoutLength => Some(Reply::html(411, "")),
        }
    }
}

impl From<std::io::Error> for Unreadable {
    fn from(_: std::io::Error) -> Self {
        Self::Ended
    }
}

impl From<Malformed> for Unreadable {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

fn body_length(head: &Request) -> Result<u64, Unreadable> {
    if head.header("transfer-encoding").is_some() {
        return Err(Unreadable::WithoutLength);
    }
    let Some(given) = head.header("content-length") else {
        return Ok(0);
    };
    match given.trim().parse() {
        Ok(length) if length > MOST_BODY_BYTES => Err(Unreadable::TooLarge),
        Ok(length) => Ok(length),
        Err(_) => Err(Unreadable::Malformed),
    }
}

fn expects_continue(head: &Request) -> bool {
    head.header("expect")
        .is_some_and(|what| what.eq_ignore_ascii_case("100-continue"))
}

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
const MOST_HEAD_BYTES: usize = 64 * 1024;

/// Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
const MOST_BODY_BYTES: u64 = 2_621_440;
