//! Somebody on a port of this machine, and all that he heard.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use edx_auth_tests::patience::PATIENCE;

/// What somebody does with each connection.
pub(super) type Manner = Box<dyn Fn(Tapped, &Heard) + Send + Sync>;

/// A port that answers until it is dropped.
pub(super) struct Listener {
    address: SocketAddr,
    heard: Heard,
    is_over: Arc<AtomicBool>,
}

/// What came in.
#[derive(Clone, Default)]
pub(super) struct Heard {
    /// On the wire, as it is.
    wire: Log,
    /// Under TLS, as its end sees it.
    opened: Log,
}

type Log = Arc<Mutex<Vec<u8>>>;

/// A connection that is listened to.
pub(super) struct Tapped {
    stream: TcpStream,
    wire: Log,
}

impl Listener {
    pub(super) fn start(manner: impl Fn(Tapped, &Heard) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listening = Self {
            address: listener.local_addr().unwrap(),
            heard: Heard::default(),
            is_over: Arc::default(),
        };
        let (heard, is_over) = (listening.heard.clone(), listening.is_over.clone());
        let manner: Arc<Manner> = Arc::new(Box::new(manner));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                let (stream, heard, manner) = (stream.unwrap(), heard.clone(), manner.clone());
                thread::spawn(move || manner(Tapped::of(stream, &heard), &heard));
            }
        });
        listening
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it is asked under TLS.
    pub(super) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// What came in, as whoever listens in can read it.
    pub(super) fn wire(&self) -> String {
        String::from_utf8_lossy(&self.heard.wire.lock().unwrap()).into_owned()
    }

    /// What came in under TLS, in plain text.
    pub(super) fn opened(&self) -> String {
        String::from_utf8(self.heard.opened.lock().unwrap().clone()).unwrap()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _woken = TcpStream::connect(self.address);
    }
}

impl Heard {
    pub(super) fn open(&self, bytes: &[u8]) {
        self.opened.lock().unwrap().extend(bytes);
    }
}

impl Tapped {
    fn of(stream: TcpStream, heard: &Heard) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self {
            stream,
            wire: heard.wire.clone(),
        }
    }

    /// Both directions, one for each thread of a relay.
    pub(super) fn split(self) -> (Self, TcpStream) {
        let back = self.stream.try_clone().unwrap();
        (self, back)
    }
}

impl Read for Tapped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.wire.lock().unwrap().extend(&buffer[..count]);
        Ok(count)
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
