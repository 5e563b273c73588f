//! Connects by ureq's connectors, after [looking up](crate::resolver) the host, keeps the
//! [limit of a read](crate::read_limit), and changes two of ureq's errors.
//!
//! * An error while connecting says that the request was certainly not sent.
//! * A connection that breaks off is an error. ureq takes it for the end of a body without a length; under
//!   TLS only a `close_notify` ends such a body ([RFC 9112 section 9.8][rfc]), whichever [TLS](crate::tls) it is.
//!
//! [rfc]: https://www.rfc-editor.org/rfc/rfc9112#section-9.8

use std::io::{self, ErrorKind};

use edx_auth_driver::{TransportError, TransportFailure};
use ureq::Error;
use ureq::unversioned::resolver::Resolver as _;
use ureq::unversioned::transport::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, SocksConnector,
    TcpConnector, Transport,
};

use crate::resolver::{self, TimedResolver};
use crate::{read_limit, tls};

/// ureq's own connectors, with connections that report how they ended.
#[derive(Debug)]
pub(crate) struct StrictConnector;

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
        let connected = looked_up(details).and_then(|details| connected(&details, chained));
        Ok(connected.map_err(not_connected)?.map(StrictTransport))
    }
}

/// Connects through the proxy or directly, and then over TLS.
fn connected(
    details: &ConnectionDetails<'_>,
    chained: Option<()>,
) -> Result<Option<Box<dyn Transport>>, Error> {
    let socket = SocksConnector::default().connect(details, chained)?;
    let socket = ConnectProxyConnector::default().connect(details, socket)?;
    let socket = TcpConnector::default().connect(details, socket)?;
    tls::over(socket, details)
}

/// Looks up the host, unless that was not deferred. What is left of the time is for connecting.
fn looked_up<'a>(details: &ConnectionDetails<'a>) -> Result<ConnectionDetails<'a>, Error> {
    let addrs = if resolver::is_deferred(&details.addrs) {
        TimedResolver.resolve(details.uri, details.config, details.timeout)?
    } else {
        details.addrs.clone()
    };
    let now = (details.current_time)();
    Ok(ConnectionDetails {
        uri: details.uri,
        addrs,
        config: details.config,
        // ureq keeps no TLS configuration of a request.
        request_level: false,
        resolver: &TimedResolver,
        now,
        timeout: left_at(now, details),
        current_time: details.current_time.clone(),
        run_connector: details.run_connector.clone(),
        register_shutdown: details.register_shutdown.clone(),
    })
}

/// Returns the part of the timeout that is left at this time.
fn left_at(now: Instant, details: &ConnectionDetails<'_>) -> NextTimeout {
    let after = match (details.timeout.after, now, details.now) {
        (Duration::Exact(total), Instant::Exact(now), Instant::Exact(start)) => {
            let passed = now.saturating_duration_since(start);
            Duration::Exact(total.saturating_sub(passed))
        }
        (after, ..) => after,
    };
    let timeout = details.timeout;
    NextTimeout { after, ..timeout }
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
fn not_connected(error: Error) -> Error {
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
