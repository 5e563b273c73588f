//! One connection: reads requests, executes their behaviors, and closes without losing a byte.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::executor::{ConnectionOutcome, Executor};
use super::request_reader::RequestReader;
use super::shutdown::ShutdownSignal;
use crate::mock_edx::behavior::Action;
use crate::mock_edx::http::connection_info::ConnectionInfo;
use crate::mock_edx::http::response::MockResponse;
use crate::mock_edx::site::Site;

/// One connection, from its first request to its end.
pub(crate) struct Session<'a> {
    pub(crate) stream: &'a TcpStream,
    /// The number of the connection, counted from 1.
    pub(crate) number: usize,
    pub(crate) site: &'a Site,
    pub(crate) shutdown: &'a ShutdownSignal,
}

impl Session<'_> {
    /// Serves requests until either side ends the connection.
    pub(crate) fn run(&self) {
        match self.serve_requests() {
            // After an error the client has disconnected. For a reset the socket must be dropped
            // with unread bytes in it.
            Err(_) | Ok(ConnectionOutcome::Reset) => {}
            Ok(_) => drop(close(self.stream)),
        }
    }

    fn serve_requests(&self) -> io::Result<ConnectionOutcome> {
        self.stream.set_nodelay(true)?;
        let mut requests = RequestReader::new(self.stream);
        let address = self.stream.peer_addr()?.ip();
        let mut connection = ConnectionInfo::first_request(address, self.number);
        let mut timeout = READ_TIMEOUT;
        while requests.begin_within(timeout)? {
            let outcome = self.serve_next(&mut requests, connection)?;
            if outcome != ConnectionOutcome::KeepOpen {
                return Ok(outcome);
            }
            connection = connection.next_request();
            timeout = self.site.keep_alive();
        }
        Ok(ConnectionOutcome::Close)
    }

    fn serve_next(
        &self,
        requests: &mut RequestReader<'_>,
        connection: ConnectionInfo,
    ) -> io::Result<ConnectionOutcome> {
        self.stream.set_read_timeout(Some(READ_TIMEOUT))?;
        let request = match requests.next() {
            Ok(request) => request,
            Err(error) => return send_and_close(self.stream, error.response()),
        };
        let (behavior, in_flight) = self.site.receive(&request, connection);
        // A reset needs an unread byte of the request.
        if !matches!(behavior.action, Action::Reset) {
            requests.finish()?;
        }
        let executor = Executor {
            request: &request,
            stream: self.stream,
            shutdown: self.shutdown,
        };
        executor.execute(behavior, in_flight)
    }
}

fn send_and_close(
    mut stream: &TcpStream,
    response: Option<MockResponse>,
) -> io::Result<ConnectionOutcome> {
    if let Some(response) = response {
        stream.write_all(&response.connection_close().to_bytes())?;
    }
    Ok(ConnectionOutcome::Close)
}

/// Closes this side and waits for the client to close its side. Dropping a socket with unread bytes
/// resets the connection, which could destroy the response on its way.
fn close(stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(CLOSE_TIMEOUT))?;
    io::copy(&mut stream.take(MAX_UNREAD_BYTES), &mut io::sink())?;
    Ok(())
}

const READ_TIMEOUT: Duration = Duration::from_secs(10);
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
const MAX_UNREAD_BYTES: u64 = 16 * 1024 * 1024;
