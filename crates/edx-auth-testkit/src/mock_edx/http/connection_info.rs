use std::net::IpAddr;

/// The connection of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionInfo {
    /// The client's address.
    pub(crate) address: IpAddr,
    /// The number of the connection, counted from 1 in the order of acceptance.
    pub(crate) connection: usize,
    /// The number of the request on this connection, counted from 1.
    pub(crate) request: usize,
}

impl ConnectionInfo {
    /// Describes the first request of a connection.
    pub(crate) fn first_request(address: IpAddr, connection: usize) -> Self {
        Self {
            address,
            connection,
            request: 1,
        }
    }

    /// Describes the next request of the same connection.
    pub(crate) fn next_request(self) -> Self {
        Self {
            request: self.request + 1,
            ..self
        }
    }

    /// Returns whether the connection has served another request before.
    pub(crate) fn is_reused(self) -> bool {
        self.request > 1
    }
}
