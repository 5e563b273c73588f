//! One request and its reply over a socket that does not block.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::task::Poll;
use std::time::Duration;

use edx_auth_core::{Moment, TransportFailure};
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, USER_AGENT};
use http::uri::Scheme;
use http::{Method, Request, Uri};
use zeroize::Zeroizing;

use super::contract::{Fault, NAME, Reply, Terms};
use super::reply::Incoming;

/// One exchange of HTTP/1.1 on a connection of its own, which is never used again: so none can
/// have gone stale, and nothing is ever sent twice.
pub(crate) struct Transfer {
    stream: TcpStream,
    unsent: Zeroizing<Vec<u8>>,
    sent: usize,
    incoming: Incoming,
    until: Duration,
}

impl Transfer {
    /// Connects, and that may take as long as the terms say: the standard library neither connects
    /// nor looks up names without waiting. A host that must not stand still for that hands in the
    /// sockets of its own engine here.
    pub(crate) fn start(
        request: &Request<impl AsRef<[u8]>>,
        terms: Terms,
        now: Moment,
    ) -> Result<Self, Fault> {
        let stream = connect(request.uri(), terms)?;
        Ok(Self {
            stream,
            unsent: on_the_wire(request),
            sent: 0,
            incoming: Incoming::new(request.method(), terms.body_limit),
            until: now.monotonic.saturating_add(terms.deadline),
        })
    }

    /// Writes and reads what goes without waiting.
    pub(crate) fn poll(&mut self, now: Moment) -> Poll<Reply> {
        match self.advance() {
            Poll::Pending if now.monotonic >= self.until => {
                Poll::Ready(Err(TransportFailure::TimedOut.into()))
            }
            outcome => outcome,
        }
    }

    fn advance(&mut self) -> Poll<Reply> {
        match self.write().and_then(|()| self.read()) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => {
                let broken = Fault::of(TransportFailure::MaybeSent, error);
                Poll::Ready(Err(broken.after(self.incoming.status())))
            }
            Ok(reply) => Poll::Ready(reply.map_err(|fault| fault.after(self.incoming.status()))),
        }
    }

    fn write(&mut self) -> io::Result<()> {
        while let Some(unsent) = self.unsent.get(self.sent..).filter(|rest| !rest.is_empty()) {
            self.sent += unaffected(|| self.stream.write(unsent))?;
        }
        Ok(())
    }

    /// Reads a part of a large reply, so that no server can hold the frame.
    fn read(&mut self) -> io::Result<Reply> {
        let mut buffer = [0; 16 * 1024];
        for _ in 0..READS_IN_A_FRAME {
            let length = unaffected(|| self.stream.read(&mut buffer))?;
            let whole = match buffer.get(..length).unwrap_or_default() {
                [] => self.incoming.end(),
                bytes => self.incoming.take(bytes),
            };
            if let Some(reply) = whole.transpose() {
                return Ok(reply);
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }
}

/// There is no proxy here that plain http could go past by mistake, and no TLS: for https, put a
/// `rustls::ClientConnection` between the bytes and the socket, which is a value without I/O too.
fn connect(uri: &Uri, terms: Terms) -> Result<TcpStream, Fault> {
    let is_plain = uri.scheme() == Some(&Scheme::HTTP) && !terms.https_only;
    let (Some(host), true) = (uri.host(), is_plain) else {
        return Err(Fault::of(TransportFailure::NotSent, NO_TLS));
    };
    let address = format!("{host}:{}", uri.port_u16().unwrap_or(80));
    let connected = try_each(&address, terms.connect_deadline);
    connected.map_err(|error| Fault::of(TransportFailure::NotSent, error))
}

/// All addresses together have the time that one has.
fn try_each(address: &str, deadline: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    let addresses: Vec<_> = address.to_socket_addrs()?.take(MOST_ADDRESSES).collect();
    let share = deadline / u32::try_from(addresses.len().max(1)).unwrap_or(1);
    for address in addresses {
        match TcpStream::connect_timeout(&address, share.max(A_MOMENT)) {
            Ok(stream) => {
                stream.set_nonblocking(true)?;
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The request in bytes, wiped when they are dropped: the secret or the token is among them.
fn on_the_wire(request: &Request<impl AsRef<[u8]>>) -> Zeroizing<Vec<u8>> {
    let (uri, body) = (request.uri(), request.body().as_ref());
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let room = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    let room = room.sum::<usize>() + target.len() + body.len() + ROOM;
    // It never grows: that would leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let host = uri.authority().map_or("", |authority| authority.as_str());
    bytes.extend(format!("{} {target} HTTP/1.1\r\n", request.method()).bytes());
    put(&mut bytes, HOST.as_str(), host.as_bytes());
    put(&mut bytes, CONNECTION.as_str(), b"close");
    if !body.is_empty() || SAY_THEIR_LENGTH.contains(request.method()) {
        put(
            &mut bytes,
            CONTENT_LENGTH.as_str(),
            body.len().to_string().as_bytes(),
        );
    }
    if !request.headers().contains_key(USER_AGENT) {
        put(&mut bytes, USER_AGENT.as_str(), NAME.as_bytes());
    }
    for (name, value) in request.headers() {
        if ![HOST, CONNECTION, CONTENT_LENGTH].contains(name) {
            put(&mut bytes, name.as_str(), value.as_bytes());
        }
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    bytes
}

fn put(bytes: &mut Vec<u8>, name: &str, value: &[u8]) {
    for part in [name.as_bytes(), b": ", value, b"\r\n"] {
        bytes.extend(part);
    }
}

/// A signal is no reason to stop.
fn unaffected(mut act: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match act() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Without a body these say so, or a server may wait for one.
const SAY_THEIR_LENGTH: [Method; 3] = [Method::POST, Method::PUT, Method::PATCH];

/// For the first line, and for the headers that are written here.
const ROOM: usize = 512;

/// The standard library connects in no less.
const A_MOMENT: Duration = Duration::from_millis(1);

const READS_IN_A_FRAME: usize = 16;
const MOST_ADDRESSES: usize = 4;
const NO_TLS: &str = "this program speaks plain http alone";
