//! A Redis server, as its URL describes it.

use std::fmt;

use crate::RedisSetupError;
use crate::address::Address;
use crate::tls::Tls;

pub(crate) struct Server {
    pub(crate) address: Address,
    pub(crate) tls: Tls,
}

impl Server {
    pub(crate) fn at(url: &str) -> Result<Self, RedisSetupError> {
        let address: Address = url.parse()?;
        let tls = Tls::of(&address)?;
        Ok(Self { address, tls })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}
