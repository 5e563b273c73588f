use std::io::{self, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::answering::Answering;
use super::playback::Progress;
use super::reply::Reply;
use super::request::Request;
use super::script::Script;
use super::stop::Stop;
use super::wait::Wait;

/// What one request gets, all choices made.
#[derive(Debug)]
pub(crate) struct Performance<'a> {
    pub(crate) wait: Wait,
    pub(crate) script: Script,
    pub(crate) progress: Progress,
    pub(crate) answering: Answering<'a>,
}

/// Where it is given: for one request of one connection.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    pub(crate) request: &'a Request,
    pub(crate) stream: &'a TcpStream,
    pub(crate) stop: &'a Stop,
}

/// What becomes of the connection afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    KeepOpen,
    Close,
    Reset,
}

impl Performance<'_> {
    /// Whether the connection ends by a reset, for which something of the request has to be left
    /// unread.
    pub(crate) fn resets(&self) -> bool {
        matches!(self.script, Script::Reset)
    }

    /// Goes on to its end, which an error is too: it says that the client left.
    pub(crate) fn give(self, stage: &Stage<'_>) -> io::Result<After> {
        if self.wait.is_cut_short(&self.progress, stage.stop) {
            return Ok(After::Close);
        }
        let mut out = Out {
            stream: stage.stream,
            progress: &self.progress,
            answering: Some(self.answering),
        };
        match self.script {
            Script::Reply(reply) => return send(reply, stage.request, &mut out),
            Script::ReplyThenClose(reply) => out.end_with(&reply.to_bytes_for(stage.request))?,
            Script::Bytes(bytes) => out.end_with(&bytes)?,
            Script::Endless { head, chunk } => endless(&mut out, &head, &chunk)?,
            Script::Drip { bytes, every } => drip(&mut out, &bytes, every, stage.stop)?,
            Script::Stall => stall(stage.stream)?,
            Script::Reset => return Ok(After::Reset),
        }
        Ok(After::Close)
    }
}

/// A connection whose bytes are counted.
struct Out<'a> {
    stream: &'a TcpStream,
    progress: &'a Progress,
    answering: Option<Answering<'a>>,
}

impl Out<'_> {
    /// Writes the last bytes of an answer. It is over before they go: the client may ask for the
    /// next thing as soon as it has them.
    fn end_with(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.answering = None;
        self.write_all(bytes)
    }
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.stream.write(bytes)?;
        self.progress.count(sent);
        Ok(sent)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Writes a reply as the request wants it.
fn send(reply: Reply, request: &Request, out: &mut Out<'_>) -> io::Result<After> {
    let reply = if request.wants_close() {
        reply.closing()
    } else {
        reply
    };
    out.end_with(&reply.to_bytes_for(request))?;
    Ok(if reply.closes() {
        After::Close
    } else {
        After::KeepOpen
    })
}

/// Ends with an error only: when the client is gone, or the server closes what is open.
fn endless(out: &mut Out<'_>, head: &[u8], chunk: &[u8]) -> io::Result<()> {
    out.write_all(head)?;
    if chunk.is_empty() {
        return stall(out.stream);
    }
    loop {
        out.write_all(chunk)?;
    }
}

fn drip(out: &mut Out<'_>, bytes: &[u8], every: Duration, stop: &Stop) -> io::Result<()> {
    let Some((last, others)) = bytes.split_last() else {
        return Ok(());
    };
    for byte in others {
        out.write_all(&[*byte])?;
        if stop.is_called_within(every) {
            return Ok(());
        }
    }
    out.end_with(&[*last])?;
    stop.is_called_within(every);
    Ok(())
}

/// Reads and forgets: that returns when the client closes its side, or the server this one.
fn stall(mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(None)?;
    io::copy(&mut stream, &mut io::sink())?;
    Ok(())
}
