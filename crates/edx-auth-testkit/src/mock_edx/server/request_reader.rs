use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::mock_edx::http::request::{Malformed, Request};
use crate::mock_edx::http::response::MockResponse;
use crate::mock_edx::openedx::django;

/// Reads the requests of a connection one after the other.
///
/// It consumes only bytes of the current request, and leaves the last of them in the socket until
/// [`finish`](Self::finish): dropping a socket with an unread byte resets the connection.
#[derive(Debug)]
pub(crate) struct RequestReader<'a> {
    stream: &'a TcpStream,
}

/// The reason why there is no next request.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The client has disconnected or timed out.
    Ended,
    /// The bytes are not HTTP/1.
    Malformed,
    /// The length of the body is unknown.
    LengthRequired,
    /// The body exceeds the limit of the site.
    TooLarge,
}

impl<'a> RequestReader<'a> {
    pub(crate) fn new(stream: &'a TcpStream) -> Self {
        Self { stream }
    }

    /// Waits at most `timeout` for the first byte of a request. Returns whether it has arrived.
    pub(crate) fn begin_within(&mut self, timeout: Duration) -> io::Result<bool> {
        if timeout.is_zero() {
            return Ok(false);
        }
        self.stream.set_read_timeout(Some(timeout))?;
        Ok(self.peek(&mut [0]).is_ok())
    }

    /// Reads the next request. The previous one must be finished.
    pub(crate) fn next(&mut self) -> Result<Request, ReadError> {
        let head = self.head()?;
        let length = body_length(&head)?;
        if expects_continue(&head) {
            self.stream.write_all(CONTINUE)?;
        }
        let body = self.body(length)?;
        Ok(head.with_body(body))
    }

    /// Consumes the last byte of the request.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.skip(1)
    }

    fn head(&mut self) -> Result<Request, ReadError> {
        let mut head = Vec::new();
        while head.len() < MAX_HEAD_BYTES {
            let seen = head.len();
            head.extend_from_slice(self.peek(&mut [0; 8192])?);
            let Some((request, length)) = Request::parse_head(&head)? else {
                self.skip(head.len() - seen)?;
                continue;
            };
            self.skip(length.saturating_sub(seen + 1))?;
            return Ok(request);
        }
        Err(ReadError::Malformed)
    }

    fn body(&mut self, length: u64) -> Result<Vec<u8>, ReadError> {
        let Some(all_but_last) = length.checked_sub(1) else {
            return Ok(Vec::new());
        };
        // A body follows, so the last byte of the head is not the last byte of the request.
        self.finish()?;
        let mut body = Vec::new();
        self.stream.take(all_but_last).read_to_end(&mut body)?;
        body.extend_from_slice(self.peek(&mut [0])?);
        Ok(body)
    }

    /// Returns unread bytes without consuming them, at least one.
    fn peek<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], ReadError> {
        let count = loop {
            match self.stream.peek(buffer) {
                // A signal has interrupted it, and it has a timeout: the system goes on with no such read.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                peeked => break peeked?,
            }
        };
        match buffer.get(..count) {
            Some(bytes) if !bytes.is_empty() => Ok(bytes),
            _ => Err(ReadError::Ended),
        }
    }

    fn skip(&mut self, bytes: usize) -> io::Result<()> {
        io::copy(&mut self.stream.take(bytes as u64), &mut io::sink())?;
        Ok(())
    }
}

impl ReadError {
    /// Returns the response to the client, or `None` if it has disconnected.
    pub(crate) fn response(&self) -> Option<MockResponse> {
        match self {
            Self::Ended => None,
            Self::Malformed | Self::TooLarge => Some(django::bad_request()),
            Self::LengthRequired => Some(MockResponse::html(411, "")),
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(_: io::Error) -> Self {
        Self::Ended
    }
}

impl From<Malformed> for ReadError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

fn body_length(head: &Request) -> Result<u64, ReadError> {
    if head.header("transfer-encoding").is_some() {
        return Err(ReadError::LengthRequired);
    }
    let Some(given) = head.header("content-length") else {
        return Ok(0);
    };
    match given.trim().parse() {
        Ok(length) if length > MAX_BODY_BYTES => Err(ReadError::TooLarge),
        Ok(length) => Ok(length),
        Err(_) => Err(ReadError::Malformed),
    }
}

fn expects_continue(head: &Request) -> bool {
    head.header("expect")
        .is_some_and(|what| what.eq_ignore_ascii_case("100-continue"))
}

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
const MAX_BODY_BYTES: u64 = 2_621_440;
