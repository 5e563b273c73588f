//! A connection below TLS, whose end is an error: TLS ends before it. native-tls would take it for the end of what
//! TLS carries.

use std::io;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

/// A connection below TLS.
#[derive(Debug)]
pub(crate) struct BelowTls<T>(pub(crate) T);

impl<T: Transport> Transport for BelowTls<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        if self.0.await_input(timeout)? {
            return Ok(true);
        }
        Err(io::Error::from(io::ErrorKind::UnexpectedEof).into())
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}
