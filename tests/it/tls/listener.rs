//! A server on a local port that records everything it receives.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use edx_auth_tests::timeout::TIMEOUT;

/// Handles one connection.
pub(super) type Handler = Box<dyn Fn(Tapped, &Received) + Send + Sync>;

/// A port that is open until it is dropped.
pub(super) struct Listener {
    address: SocketAddr,
    received: Received,
    is_closed: Arc<AtomicBool>,
}

/// The bytes received.
#[derive(Clone, Default)]
pub(super) struct Received {
    /// On the wire.
    wire: Log,
    /// Decrypted.
    decrypted: Log,
}

type Log = Arc<Mutex<Vec<u8>>>;

/// A connection whose bytes are recorded.
pub(super) struct Tapped {
    stream: TcpStream,
    wire: Log,
}

impl Listener {
    pub(super) fn start(handler: impl Fn(Tapped, &Received) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listening = Self {
            address: listener.local_addr().unwrap(),
            received: Received::default(),
            is_closed: Arc::default(),
        };
        let (received, is_closed) = (listening.received.clone(), listening.is_closed.clone());
        let handler: Arc<Handler> = Arc::new(Box::new(handler));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if is_closed.load(Ordering::Relaxed) {
                    break;
                }
                let (stream, received, handler) =
                    (stream.unwrap(), received.clone(), handler.clone());
                thread::spawn(move || handler(Tapped::of(stream, &received), &received));
            }
        });
        listening
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns its https URL.
    pub(super) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Returns the bytes on the wire, as an eavesdropper reads them.
    pub(super) fn wire(&self) -> String {
        String::from_utf8_lossy(&self.received.wire.lock().unwrap()).into_owned()
    }

    /// Returns the decrypted bytes.
    pub(super) fn decrypted(&self) -> String {
        String::from_utf8(self.received.decrypted.lock().unwrap().clone()).unwrap()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.is_closed.store(true, Ordering::Relaxed);
        let _woken = TcpStream::connect(self.address);
    }
}

impl Received {
    pub(super) fn open(&self, bytes: &[u8]) {
        self.decrypted.lock().unwrap().extend(bytes);
    }
}

impl Tapped {
    fn of(stream: TcpStream, received: &Received) -> Self {
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.set_write_timeout(Some(TIMEOUT)).unwrap();
        Self {
            stream,
            wire: received.wire.clone(),
        }
    }

    /// Returns both directions, one for each thread of a relay.
    pub(super) fn split(self) -> (Self, TcpStream) {
        let back = self.stream.try_clone().unwrap();
        (self, back)
    }
}

impl Read for Tapped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.stream.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(count) => {
                    self.wire.lock().unwrap().extend(&buffer[..count]);
                    return Ok(count);
                }
            }
        }
    }
}

impl Write for Tapped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
