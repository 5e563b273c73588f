//! Does for one request what its behavior says.

use std::io::{self, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::shutdown::ShutdownSignal;
use crate::mock_edx::behavior::queue::{Progress, ResolvedBehavior};
use crate::mock_edx::behavior::{Action, Delay};
use crate::mock_edx::http::request::Request;
use crate::mock_edx::http::response::MockResponse;
use crate::mock_edx::log::in_flight::InFlight;

/// Executes the behavior for one request of one connection.
#[derive(Debug)]
pub(crate) struct Executor<'a> {
    pub(crate) request: &'a Request,
    pub(crate) stream: &'a TcpStream,
    pub(crate) shutdown: &'a ShutdownSignal,
}

/// What the session does with the connection afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionOutcome {
    KeepOpen,
    Close,
    Reset,
}

impl Executor<'_> {
    /// Executes the behavior to its end. An error means that the client has disconnected.
    pub(crate) fn execute(
        &self,
        behavior: ResolvedBehavior,
        in_flight: InFlight<'_>,
    ) -> io::Result<ConnectionOutcome> {
        let progress = &behavior.progress;
        if self.shuts_down_during(behavior.delay, progress) {
            return Ok(ConnectionOutcome::Close);
        }
        let mut out = Output {
            stream: self.stream,
            progress,
            in_flight: Some(in_flight),
        };
        match behavior.action {
            Action::Respond(response) => return send(response, self.request, &mut out),
            Action::RespondThenClose(response) => {
                out.write_last(&response.to_bytes_for(self.request))?;
            }
            Action::Bytes(bytes) => out.write_last(&bytes)?,
            Action::Endless { head, chunk } => endless(&mut out, &head, &chunk)?,
            Action::SlowBytes { bytes, every } => self.slow_bytes(&mut out, &bytes, every)?,
            Action::Stall => stall(self.stream)?,
            Action::Reset => return Ok(ConnectionOutcome::Reset),
        }
        Ok(ConnectionOutcome::Close)
    }

    /// Waits for the delay. Returns whether the server shuts down before its end.
    fn shuts_down_during(&self, delay: Delay, progress: &Progress) -> bool {
        if delay.until_released && self.shutdown.is_sent_before(|| progress.is_released()) {
            return true;
        }
        !delay.then_for.is_zero() && self.shutdown.is_sent_within(delay.then_for)
    }

    fn slow_bytes(&self, out: &mut Output<'_>, bytes: &[u8], every: Duration) -> io::Result<()> {
        let Some((last, others)) = bytes.split_last() else {
            return Ok(());
        };
        for byte in others {
            out.write_all(&[*byte])?;
            if self.shutdown.is_sent_within(every) {
                return Ok(());
            }
        }
        out.write_last(&[*last])?;
        self.shutdown.is_sent_within(every);
        Ok(())
    }
}

/// A connection that counts the bytes written.
struct Output<'a> {
    stream: &'a TcpStream,
    progress: &'a Progress,
    in_flight: Option<InFlight<'a>>,
}

impl Output<'_> {
    /// Ends the response before it writes the last bytes, because the client may send its next
    /// request as soon as it has them.
    fn write_last(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.in_flight = None;
        self.write_all(bytes)
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.stream.write(bytes)?;
        self.progress.count(sent);
        Ok(sent)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Writes a response, and closes the connection if the request asks for it.
fn send(
    response: MockResponse,
    request: &Request,
    out: &mut Output<'_>,
) -> io::Result<ConnectionOutcome> {
    let response = if request.wants_close() {
        response.connection_close()
    } else {
        response
    };
    out.write_last(&response.to_bytes_for(request))?;
    Ok(if response.closes() {
        ConnectionOutcome::Close
    } else {
        ConnectionOutcome::KeepOpen
    })
}

/// Writes until an error: the client has disconnected, or the server has closed the connection.
fn endless(out: &mut Output<'_>, head: &[u8], chunk: &[u8]) -> io::Result<()> {
    out.write_all(head)?;
    if chunk.is_empty() {
        return stall(out.stream);
    }
    loop {
        out.write_all(chunk)?;
    }
}

/// Reads and discards bytes until the client or the server closes the connection.
fn stall(mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(None)?;
    io::copy(&mut stream, &mut io::sink())?;
    Ok(())
}
