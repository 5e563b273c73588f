use std::net::IpAddr;

/// How a request came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// Where the client is.
    pub(crate) address: IpAddr,
    /// Which connection it came by, counted from 1.
    pub(crate) connection: usize,
    /// Its place among the requests of this connection, counted from 1.
    pub(crate) place: usize,
}

impl Arrival {
    pub(crate) fn first(address: IpAddr, connection: usize) -> Self {
        Self {
            address,
            connection,
            place: 1,
        }
    }

    /// How the next request of the same connection comes.
    pub(crate) fn next(self) -> Self {
        Self {
            place: self.place + 1,
            ..self
        }
    }

    pub(crate) fn reuses_its_connection(self) -> bool {
        self.place > 1
    }
}
