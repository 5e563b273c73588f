//! Servers of every kind on a port that expects TLS.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls_tls::{ServerConfig, ServerConnection, StreamOwned};

use super::listener::{Listener, Received, Tapped};

/// Starts a site that issues tokens, and responds to other requests with an empty object.
pub(super) fn site(config: Arc<ServerConfig>) -> Listener {
    site_after(|| (), config)
}

/// Starts such a site, which calls this function before each response.
pub(super) fn site_after(
    before_response: impl Fn() + Send + Sync + 'static,
    config: Arc<ServerConfig>,
) -> Listener {
    Listener::start(move |stream, received| serve(&config, stream, received, &before_response))
}

/// A proxy that ends TLS and passes each request on in plain text, with the host that the client called.
pub(super) fn in_front_of(site: SocketAddr, config: Arc<ServerConfig>) -> Listener {
    Listener::start(move |stream, received| {
        let connection = ServerConnection::new(config.clone()).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        let Some(request) = whole_request(&mut stream, received) else {
            return;
        };
        let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        let (mut upstream, mut response) = (TcpStream::connect(site).unwrap(), Vec::new());
        upstream.write_all(request.as_bytes()).unwrap();
        upstream.read_to_end(&mut response).unwrap();
        let _written = stream.write_all(&response);
        stream.conn.send_close_notify();
        let _flushed = stream.flush();
    })
}

/// A site whose body for this kind of request ends with the connection, and is cut: the connection ends
/// without TLS's `close_notify`.
pub(super) fn cutting(config: Arc<ServerConfig>, cut: Cut) -> Listener {
    Listener::start(move |stream, heard| {
        let connection = ServerConnection::new(config.clone()).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        let Some(request) = whole_request(&mut stream, heard) else {
            return;
        };
        let is_for_token = request.contains("access_token HTTP/1.1");
        let (body, is_cut) = match cut {
            Cut::Token if is_for_token => (&TOKEN[..50], true),
            Cut::Call if !is_for_token => ("a,b\n1,2\n3,", true),
            _ if is_for_token => (TOKEN, false),
            _ => ("a,b\n1,2\n3,4\n", false),
        };
        let _written = write!(stream, "HTTP/1.0 200 OK\r\n\r\n{body}");
        if !is_cut {
            stream.conn.send_close_notify();
        }
        let _flushed = stream.flush();
    })
}

/// Which body is cut.
#[derive(Clone, Copy)]
pub(super) enum Cut {
    Nothing,
    Token,
    Call,
}

/// Starts a server that closes the connection after the client hello.
pub(super) fn hanging_up() -> Listener {
    Listener::start(|mut stream, _| {
        let _greeting = stream.read(&mut [0; 4096]);
    })
}

/// Starts a server that responds to the client hello with these bytes.
pub(super) fn responding(bytes: &'static [u8]) -> Listener {
    Listener::start(move |mut stream, _| {
        if stream.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {
            let _written = stream.write_all(bytes);
            until_the_end(&mut stream);
        }
    })
}

/// Starts a server that sends nothing.
pub(super) fn silent() -> Listener {
    Listener::start(|mut stream, _| until_the_end(&mut stream))
}

/// Starts a server that sends an endless handshake byte by byte.
pub(super) fn slow() -> Listener {
    Listener::start(|mut stream, _| {
        let head = LONG_HANDSHAKE.iter().copied();
        for byte in head.chain(std::iter::repeat(0)) {
            if stream.write_all(&[byte]).is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
    })
}

fn serve(
    config: &Arc<ServerConfig>,
    stream: Tapped,
    received: &Received,
    before_response: &impl Fn(),
) {
    let connection = ServerConnection::new(config.clone()).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    let Some(request) = whole_request(&mut stream, received) else {
        return;
    };
    before_response();
    let body = if request.contains("access_token HTTP/1.1") {
        TOKEN
    } else {
        "{}"
    };
    let length = body.len();
    let response = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nContent-Type: application/json\r\n\
         Connection: close\r\n\r\n{body}"
    );
    let _written = stream.write_all(response.as_bytes());
    stream.conn.send_close_notify();
    let _flushed = stream.flush();
}

/// Returns a request with its body, or `None` if the connection ends early.
fn whole_request(stream: &mut impl Read, received: &Received) -> Option<String> {
    let (mut request, mut buffer) = (String::new(), [0; 4096]);
    while !is_whole(&request) {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        received.open(&buffer[..count]);
        request += std::str::from_utf8(&buffer[..count]).ok()?;
    }
    Some(request)
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let lower = head.to_lowercase();
    let length = lower.split_once("content-length: ").map(|(_, rest)| {
        let number = rest.lines().next().unwrap();
        number.parse::<usize>().unwrap()
    });
    body.len() >= length.unwrap_or_default()
}

fn until_the_end(stream: &mut Tapped) {
    while stream.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {}
}

/// What a web server sends on its plain-text port to a client that speaks TLS.
pub(super) const PLAIN_TEXT: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

/// A server hello of TLS 1.1: this version, a random of zeros, and a cipher suite of the time.
pub(super) const HELLO_OF_TLS_1_1: &[u8] = &[
    0x16, 3, 2, 0, 42, // a record of the handshake
    2, 0, 0, 38, 3, 2, // a greeting
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, //
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, //
    0, 0xc0, 0x13, 0, // no session, the suite, no compression
];

/// The fatal alert `protocol_version`: the server supports no version of the client.
pub(super) const NO_COMMON_VERSION: &[u8] = &[0x15, 3, 1, 0, 2, 2, 70];

/// The fatal alert `handshake_failure`: the server supports no cipher suite of the client.
pub(super) const NO_COMMON_SUITE: &[u8] = &[0x15, 3, 3, 0, 2, 2, 40];

/// The head of a handshake message of 16 KiB.
const LONG_HANDSHAKE: &[u8] = &[0x16, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc];

const TOKEN: &str = r#"{"access_token": "e30.e30.c2ln", "expires_in": 3600, "token_type": "JWT"}"#;
