use std::net::IpAddr;

/// How a request came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// Where the client is.
    pub(crate) address: IpAddr,
    /// Its place among the requests of this connection, counted from 1.
    pub(crate) place: usize,
}

impl Arrival {
    pub(crate) fn first(address: IpAddr) -> Self {
        Self { address, place: 1 }
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
