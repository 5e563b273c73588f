//! A site that leaves nothing in memory itself: it reads into its stack, and its responses are
//! constants.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// The site's responses.
#[derive(Clone, Copy)]
pub(crate) struct Responses {
    /// The response to a POST: `head`, then `chunk` as many times as `times` says.
    pub(crate) head: &'static [u8],
    pub(crate) chunk: &'static [u8],
    pub(crate) times: usize,
    /// The response to any other request.
    pub(crate) api: &'static [u8],
}

/// Starts a site that serves until the process ends.
pub(crate) fn start(responses: Responses) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // In some tests the client closes the connection early.
            let _left = serve(stream, responses);
        }
    });
    address
}

fn serve(mut stream: TcpStream, responses: Responses) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut request = [0; 16 * 1024];
    let mut length = 0;
    while !is_whole(&request[..length]) {
        match stream.read(&mut request[length..]) {
            Ok(0) => return Ok(()),
            Ok(read) => length += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if !request.starts_with(b"POST ") {
        return stream.write_all(responses.api);
    }
    stream.write_all(responses.head)?;
    for _ in 0..responses.times {
        stream.write_all(responses.chunk)?;
    }
    Ok(())
}

fn is_whole(request: &[u8]) -> bool {
    let end = request.windows(4).position(|four| four == b"\r\n\r\n");
    end.is_some_and(|end| request.len() >= end + 4 + length(&request[..end]))
}

fn length(head: &[u8]) -> usize {
    let name = b"content-length: ";
    let at = head
        .windows(name.len())
        .position(|piece| piece.eq_ignore_ascii_case(name));
    let digits = at.map_or(&b""[..], |at| &head[at + name.len()..]);
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |length, digit| 10 * length + usize::from(digit - b'0'))
}
