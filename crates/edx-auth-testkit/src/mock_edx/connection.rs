//! The life of one connection: requests in, replies out, and a close that loses nothing.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::arrival::Arrival;
use super::performance::{After, Stage};
use super::reply::Reply;
use super::request_reader::RequestReader;
use super::site::Site;
use super::stop::Stop;

/// Answers requests until either side ends the connection, which has this number.
pub(crate) fn serve(stream: &TcpStream, number: usize, site: &Site, stop: &Stop) {
    let talk = Talk {
        stream,
        number,
        site,
        stop,
    };
    match talk.to_the_end() {
        // The client has left, which is no concern of the server's; or it shall find a socket that
        // was dropped before its time.
        Err(_) | Ok(After::Reset) => {}
        Ok(_) => drop(close(stream)),
    }
}

/// What one connection says and is told.
struct Talk<'a> {
    stream: &'a TcpStream,
    number: usize,
    site: &'a Site,
    stop: &'a Stop,
}

impl Talk<'_> {
    fn to_the_end(&self) -> io::Result<After> {
        self.stream.set_nodelay(true)?;
        let mut requests = RequestReader::new(self.stream);
        let mut arrival = Arrival::first(self.stream.peer_addr()?.ip(), self.number);
        let mut patience = LONGEST_SILENCE;
        while requests.begin_within(patience)? {
            let after = self.turn(&mut requests, arrival)?;
            if after != After::KeepOpen {
                return Ok(after);
            }
            arrival = arrival.next();
            patience = self.site.keep_alive();
        }
        Ok(After::Close)
    }

    fn turn(&self, requests: &mut RequestReader<'_>, arrival: Arrival) -> io::Result<After> {
        self.stream.set_read_timeout(Some(LONGEST_SILENCE))?;
        let request = match requests.next() {
            Ok(request) => request,
            Err(unreadable) => return tell(self.stream, unreadable.reply()),
        };
        let performance = self.site.receive(&request, arrival);
        if !performance.resets() {
            requests.finish()?;
        }
        performance.give(&Stage {
            request: &request,
            stream: self.stream,
            stop: self.stop,
        })
    }
}

fn tell(mut stream: &TcpStream, reply: Option<Reply>) -> io::Result<After> {
    if let Some(reply) = reply {
        stream.write_all(&reply.closing().to_bytes())?;
    }
    Ok(After::Close)
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
