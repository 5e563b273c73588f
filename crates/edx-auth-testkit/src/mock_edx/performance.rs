use std::io::{self, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::connection::{self, After};
use super::play::{Play, Script};
use super::playback::{Playback, Progress};
use super::request::Request;
use super::stop::Stop;

/// A play that waits for its request.
#[derive(Debug)]
pub(crate) struct Cue {
    script: Script,
    progress: Progress,
}

impl Cue {
    pub(crate) fn new(play: Play) -> Self {
        Self {
            script: play.into_script(),
            progress: Progress::default(),
        }
    }

    pub(crate) fn playback(&self) -> Playback {
        self.progress.playback()
    }

    /// Plays to the end, which an error is too: it says that the client left.
    pub(crate) fn perform(
        self,
        request: &Request,
        stream: &TcpStream,
        stop: &Stop,
    ) -> io::Result<After> {
        let mut stage = Stage {
            stream,
            progress: &self.progress,
        };
        match self.script {
            Script::Reply(reply) => return connection::send(reply, request, &mut stage),
            Script::Bytes(bytes) => stage.write_all(&bytes)?,
            Script::Endless { head, chunk } => endless(&mut stage, &head, &chunk)?,
            Script::Drip { bytes, every } => drip(&mut stage, &bytes, every, stop)?,
            Script::Stall => stall(stream)?,
        }
        Ok(After::Close)
    }
}

/// A connection whose bytes are counted.
struct Stage<'a> {
    stream: &'a TcpStream,
    progress: &'a Progress,
}

impl Write for Stage<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.stream.write(bytes)?;
        self.progress.count(sent);
        Ok(sent)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Ends with an error only: when the client is gone, or the server closes what is open.
fn endless(stage: &mut Stage<'_>, head: &[u8], chunk: &[u8]) -> io::Result<()> {
    stage.write_all(head)?;
    if chunk.is_empty() {
        return stall(stage.stream);
    }
    loop {
        stage.write_all(chunk)?;
    }
}

fn drip(stage: &mut Stage<'_>, bytes: &[u8], every: Duration, stop: &Stop) -> io::Result<()> {
    for byte in bytes {
        stage.write_all(&[*byte])?;
        if stop.is_called_within(every) {
            break;
        }
    }
    Ok(())
}

/// Reads and forgets: that returns when the client closes its side, or the server this one.
fn stall(mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(None)?;
    io::copy(&mut stream, &mut io::sink())?;
    Ok(())
}
