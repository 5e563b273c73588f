//! A connection to Redis, for one command.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use edx_auth_driver::StoredToken;
use zeroize::Zeroizing;

use crate::RedisError;
use crate::address::Address;
use crate::command::Command;
use crate::response::Response;
use crate::server::Server;

/// A connection that ends after a deadline, however slowly the server sends.
pub(crate) struct Connection(Box<dyn Stream>);

pub(crate) trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

impl Connection {
    /// Connects, and tells Redis who this program is.
    pub(crate) fn open(server: &Server, timeout: Duration) -> Result<Self, RedisError> {
        let Server { address, tls } = server;
        let socket = Timed::connect(address, timeout)?;
        let mut connection = Self(tls.over(socket, address)?);
        for command in &address.greeting {
            connection.run(command)?;
        }
        Ok(connection)
    }

    pub(crate) fn run(&mut self, command: &Command) -> Result<Response, RedisError> {
        self.0.write_all(command.as_bytes())?;
        self.0.flush()?;
        let mut bytes = Zeroizing::new(vec![0; LONGEST]);
        let mut length = 0;
        while let Some(room) = bytes.get_mut(length..).filter(|room| !room.is_empty()) {
            length += match self.0.read(room)? {
                0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                received => received,
            };
            let received = bytes.get(..length).unwrap_or_default();
            if let Some(response) = Response::read(received)? {
                return Ok(response);
            }
        }
        Err(RedisError::NotRedis)
    }
}

/// A socket whose reads and writes all end by one deadline. One read after it takes what has already arrived:
/// on a busy machine the process may be late, and not Redis.
#[derive(Debug)]
pub(crate) struct Timed {
    socket: TcpStream,
    start: Instant,
    timeout: Duration,
    has_read_late: bool,
}

impl Timed {
    /// Connects to one of the server's addresses. Each gets half of the time that is left, and the last one all
    /// of it.
    fn connect(address: &Address, timeout: Duration) -> io::Result<Self> {
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        let server = (address.host.as_str(), address.port);
        let mut addresses = server.to_socket_addrs()?.take(ADDRESSES).peekable();
        let start = Instant::now();
        while let Some(address) = addresses.next() {
            let left = timeout.saturating_sub(start.elapsed());
            let is_last = addresses.peek().is_none();
            let share = if is_last { left } else { left / 2 };
            match TcpStream::connect_timeout(&address, share.max(LATE)) {
                Ok(socket) => return Self::over(socket, timeout),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn over(socket: TcpStream, timeout: Duration) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        Ok(Self {
            socket,
            start: Instant::now(),
            timeout,
            has_read_late: false,
        })
    }

    /// Returns how long a read may take: hardly any time if it is the one after the deadline.
    fn left_to_read(&mut self) -> io::Result<Option<Duration>> {
        match self.left() {
            Err(_) if !self.has_read_late => {
                self.has_read_late = true;
                Ok(Some(LATE))
            }
            left => left,
        }
    }

    /// Returns the time that is left, which is never zero: to a socket, that would be no limit.
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.timeout.saturating_sub(self.start.elapsed());
        let left = Some(left).filter(|left| !left.is_zero());
        left.map(Some).ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}

impl Read for Timed {
    /// Reads, and goes on if a signal interrupts it: Linux restarts no read that has a timeout, not even
    /// after a process was only stopped and continued.
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.left_to_read()?;
            self.socket.set_read_timeout(left)?;
            match self.socket.read(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(self.left()?)?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// Enough for what has already arrived, and the least that a socket may be given.
const LATE: Duration = Duration::from_millis(1);

/// A host may have an address that is out of reach, and others.
const ADDRESSES: usize = 4;

/// Redis sends no more than this: the longest token, and what is around it.
const LONGEST: usize = StoredToken::LONGEST + 1024;

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Returns a socket that is past its deadline, and its peer.
    fn late() -> (Timed, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let timed = Timed::over(socket, Duration::ZERO).unwrap();
        (timed, listener.accept().unwrap().0)
    }

    #[test]
    fn what_has_arrived_is_read_after_the_deadline_and_no_more() {
        let (mut timed, mut peer) = late();
        peer.write_all(b"+OK\r\n").unwrap();
        assert_eq!(timed.socket.peek(&mut [0; 8]).unwrap(), 5);

        assert_eq!(timed.read(&mut [0; 8]).unwrap(), 5);

        peer.write_all(b"+OK\r\n").unwrap();
        let error = timed.read(&mut [0; 8]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn nothing_is_waited_for_after_the_deadline() {
        let (mut timed, _peer) = late();

        let error = timed.read(&mut [0; 8]).unwrap_err();

        assert!(matches!(RedisError::from(error), RedisError::TimedOut));
        assert!(timed.write(b"PING").is_err());
    }
}
