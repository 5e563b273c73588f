//! The life of one connection: requests in, replies out, and a close that loses nothing.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::reply::Reply;
use super::request::Request;
use super::request_reader::RequestReader;
use super::site::{Answer, Site};
use super::stop::Stop;

/// What becomes of the connection after a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    KeepOpen,
    Close,
}

/// Answers requests until either side ends the connection.
pub(crate) fn serve(stream: &TcpStream, site: &Site, stop: &Stop) {
    // An error means that the client has left, which is no concern of the server's.
    let _ = converse(stream, site, stop).and_then(|()| close(stream));
}

/// Writes a reply as the request wants it.
pub(crate) fn send(reply: Reply, request: &Request, out: &mut impl Write) -> io::Result<After> {
    let reply = if request.wants_close() {
        reply.closing()
    } else {
        reply
    };
    out.write_all(&reply.to_bytes_for(request))?;
    Ok(if reply.closes() {
        After::Close
    } else {
        After::KeepOpen
    })
}

fn converse(mut stream: &TcpStream, site: &Site, stop: &Stop) -> io::Result<()> {
    let from = stream.peer_addr()?.ip();
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LONGEST_SILENCE))?;
    let mut requests = RequestReader::new(stream);
    loop {
        let request = match requests.next() {
            Ok(request) => request,
            Err(unreadable) => return tell(stream, unreadable.reply()),
        };
        let after = match site.receive(&request, from) {
            Answer::Reply(reply) => send(reply, &request, &mut stream)?,
            Answer::Play(cue) => cue.perform(&request, stream, stop)?,
        };
        if after == After::Close {
            return Ok(());
        }
    }
}

fn tell(mut stream: &TcpStream, reply: Option<Reply>) -> io::Result<()> {
    match reply {
        Some(reply) => stream.write_all(&reply.closing().to_bytes()),
        None => Ok(()),
    }
}

/// Closes this side, and then waits for the other: a socket dropped with unread bytes in it is
/// reset, and that would destroy the reply on its way.
fn close(stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(LONGEST_FAREWELL))?;
    io::copy(&mut stream.take(MOST_UNREAD_BYTES), &mut io::sink())?;
    Ok(())
}

const LONGEST_SILENCE: Duration = Duration::from_secs(10);
const LONGEST_FAREWELL: Duration = Duration::from_secs(1);
const MOST_UNREAD_BYTES: u64 = 16 * 1024 * 1024;
