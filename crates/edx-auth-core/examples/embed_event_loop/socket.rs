//! One request and its response over a socket that never blocks.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::ToSocketAddrs as _;
use std::time::Duration;

use edx_auth_core::TransportFailure::{self, MaybeSent, NotSent, TimedOut};
use edx_auth_core::TransportRules;
use http::{Method, Request};
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::http1::{self, HttpResponse};

pub(crate) struct Socket {
    stream: TcpStream,
    method: Method,
    unsent: Vec<u8>,
    received: Vec<u8>,
    limit: usize,
    /// When it times out: first the limit for connecting, then the limit for the whole request.
    pub(crate) deadline: Duration,
    last_deadline: Duration,
    is_connected: bool,
}

impl Socket {
    /// Starts to connect, and does not wait for it. For https, put a `rustls::ClientConnection` between the
    /// bytes and the stream. Looking up a name blocks here: use a resolver that does not block.
    pub(crate) fn open(
        request: &Request<impl AsRef<[u8]>>,
        rules: TransportRules,
        now: Duration,
        (registry, token): (&Registry, Token),
    ) -> Option<Self> {
        let uri = request.uri();
        let host = uri.host().filter(|_| !rules.https_only())?;
        let mut addresses = (host, uri.port_u16().unwrap_or(80))
            .to_socket_addrs()
            .ok()?;
        let mut stream = TcpStream::connect(addresses.next()?).ok()?;
        let both = Interest::READABLE | Interest::WRITABLE;
        registry.register(&mut stream, token, both).ok()?;
        Some(Self {
            stream,
            method: request.method().clone(),
            unsent: http1::encode(request),
            received: Vec::new(),
            limit: rules.body_limit(),
            deadline: now.saturating_add(rules.connect_deadline()),
            last_deadline: now.saturating_add(rules.deadline()),
            is_connected: false,
        })
    }

    /// Writes and reads as much as it can without blocking. Returns the result once there is one.
    pub(crate) fn advance(
        &mut self,
        now: Duration,
    ) -> Option<Result<HttpResponse, TransportFailure>> {
        match self.write().and_then(|()| self.read()) {
            Ok(result) => Some(result),
            Err(error) if is_pending(&error) && now < self.deadline => None,
            Err(error) if is_pending(&error) => Some(Err(TimedOut)),
            Err(_) if self.is_connected => Some(Err(MaybeSent)),
            Err(_) => Some(Err(NotSent)),
        }
    }

    fn write(&mut self) -> io::Result<()> {
        while !self.unsent.is_empty() {
            let length = self.stream.write(&self.unsent)?;
            self.unsent.drain(..length);
            (self.is_connected, self.deadline) = (true, self.last_deadline);
        }
        Ok(())
    }

    fn read(&mut self) -> io::Result<Result<HttpResponse, TransportFailure>> {
        let mut buffer = [0; 16 * 1024];
        loop {
            let length = self.stream.read(&mut buffer)?;
            self.received.extend(&buffer[..length]);
            let parsed = http1::parse(&self.received, length == 0, &self.method, self.limit);
            if let Some(result) = parsed.transpose() {
                return Ok(result);
            }
        }
    }
}

fn is_pending(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::NotConnected
    )
}
