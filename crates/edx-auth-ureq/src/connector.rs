//! Connects as ureq does, keeps the [limit of a read](crate::read_limit), and changes two of ureq's errors.
//!
//! * An error while connecting says that the request was certainly not sent.
//! * A connection that breaks off is an error. ureq takes it for the end of a body without a length; under
//!   TLS only a `close_notify` ends such a body ([RFC 9112 section 9.8][rfc]).
//!
//! [rfc]: https://www.rfc-editor.org/rfc/rfc9112#section-9.8

use std::io::{self, ErrorKind};

use edx_auth_driver::{TransportError, TransportFailure};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

use crate::{read_limit, tls};

/// ureq's own connector, with connections that report how they ended.
#[derive(Debug, Default)]
pub(crate) struct StrictConnector(DefaultConnector);

/// A connection that reports how it ended.
#[derive(Debug)]
pub(crate) struct StrictTransport(Box<dyn Transport>);

impl Connector for StrictConnector {
    type Out = StrictTransport;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<StrictTransport>, Error> {
        let connected = self.0.connect(details, chained).map_err(not_connected)?;
        Ok(connected.map(StrictTransport))
    }
}

impl Transport for StrictTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        read_limit::wait(timeout, |timeout| self.0.await_input(timeout)).map_err(broken)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

/// Marks an I/O error as one of looking up a host or of connecting to it. ureq's other errors say by
/// themselves that there was no connection.
pub(crate) fn not_connected(error: Error) -> Error {
    match error {
        Error::Io(error) if !tls::is_distrusted(&error) => {
            let error = TransportError::from(TransportFailure::NotSent).with_cause(error);
            Error::Other(error.into())
        }
        error => error,
    }
}

/// Hides the kind of an error that ureq would take for the end of a body.
fn broken(error: Error) -> Error {
    use ErrorKind::{ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error {
        Error::Io(error)
            if matches!(
                error.kind(),
                ConnectionAborted | ConnectionReset | UnexpectedEof
            ) =>
        {
            Error::Io(io::Error::other(error))
        }
        error => error,
    }
}
