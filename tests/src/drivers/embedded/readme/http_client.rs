//! A blocking HTTP client as small as it can be: one connection for each request.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Instant;

use edx_auth_core::{TransportFailure, TransportRules};
use http::{Request, Response};

use super::super::over_event_loop::http1;

/// Sends a request as the rules say.
pub(super) fn send<B: AsRef<[u8]>>(
    rules: TransportRules,
    request: Request<B>,
) -> Result<Response<Vec<u8>>, TransportFailure> {
    let end = Instant::now() + rules.deadline();
    let mut stream = connect(&request, rules).map_err(|_| TransportFailure::NotSent)?;
    stream
        .write_all(&http1::encode(&request))
        .map_err(|_| TransportFailure::MaybeSent)?;
    let (mut received, mut piece) = (Vec::new(), [0; 8192]);
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(TransportFailure::TimedOut);
        }
        let _set = stream.set_read_timeout(Some(left));
        let length = match stream.read(&mut piece) {
            // A signal: the time that is left is for the next read.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read.map_err(|error| failure(&error))?,
        };
        received.extend(&piece[..length]);
        let (method, limit) = (request.method(), rules.body_limit());
        if let Some(response) = http1::parse(&received, length == 0, method, limit)? {
            return Ok(response);
        }
    }
}

fn connect<B>(request: &Request<B>, rules: TransportRules) -> io::Result<TcpStream> {
    let uri = request.uri();
    let address = (uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(80));
    let address = address.to_socket_addrs()?.next();
    let address = address.filter(|_| !rules.https_only());
    let address = address.ok_or(ErrorKind::AddrNotAvailable)?;
    TcpStream::connect_timeout(&address, rules.connect_deadline())
}

fn failure(error: &io::Error) -> TransportFailure {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => TransportFailure::TimedOut,
        _ => TransportFailure::MaybeSent,
    }
}
