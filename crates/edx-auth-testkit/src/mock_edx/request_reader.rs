use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::django;
use super::reply::Reply;
use super::request::{Malformed, Request};

/// Reads one request after the other from a connection.
///
/// It takes nothing that is not a request's, and leaves its last byte where it is until
/// [`finish`](Self::finish): a socket that is dropped with a byte in it is reset.
#[derive(Debug)]
pub(crate) struct RequestReader<'a> {
    stream: &'a TcpStream,
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
        Self { stream }
    }

    /// Waits for the first byte of a request; says whether it comes in time.
    pub(crate) fn begin_within(&mut self, patience: Duration) -> io::Result<bool> {
        if patience.is_zero() {
            return Ok(false);
        }
        self.stream.set_read_timeout(Some(patience))?;
        Ok(self.peek(&mut [0]).is_ok())
    }

    /// The next request, once the one before is finished.
    pub(crate) fn next(&mut self) -> Result<Request, Unreadable> {
        let head = self.head()?;
        let length = body_length(&head)?;
        if expects_continue(&head) {
            self.stream.write_all(CONTINUE)?;
        }
        let body = self.body(length)?;
        Ok(head.with_body(body))
    }

    /// Takes the last byte of the request.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.pass_over(1)
    }

    fn head(&mut self) -> Result<Request, Unreadable> {
        let mut head = Vec::new();
        while head.len() < MOST_HEAD_BYTES {
            let seen = head.len();
            head.extend_from_slice(self.peek(&mut [0; 8192])?);
            let Some((request, length)) = Request::parse_head(&head)? else {
                self.pass_over(head.len() - seen)?;
                continue;
            };
            self.pass_over(length.saturating_sub(seen + 1))?;
            return Ok(request);
        }
        Err(Unreadable::Malformed)
    }

    fn body(&mut self, length: u64) -> Result<Vec<u8>, Unreadable> {
        let Some(before_the_last) = length.checked_sub(1) else {
            return Ok(Vec::new());
        };
        // The last byte of the head is not the last of the request.
        self.finish()?;
        let mut body = Vec::new();
        self.stream.take(before_the_last).read_to_end(&mut body)?;
        body.extend_from_slice(self.peek(&mut [0])?);
        Ok(body)
    }

    /// What has come and is not taken, at least a byte of it.
    fn peek<'b>(&self, room: &'b mut [u8]) -> Result<&'b [u8], Unreadable> {
        let count = self.stream.peek(room)?;
        match room.get(..count) {
            Some(news) if !news.is_empty() => Ok(news),
            _ => Err(Unreadable::Ended),
        }
    }

    fn pass_over(&mut self, bytes: usize) -> io::Result<()> {
        io::copy(&mut self.stream.take(bytes as u64), &mut io::sink())?;
        Ok(())
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

impl From<io::Error> for Unreadable {
    fn from(_: io::Error) -> Self {
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
