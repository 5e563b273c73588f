//! `embed_curl`, which blocks by itself.

#[path = "../../../../crates/edx-auth-core/examples/embed_curl/driver.rs"]
mod driver;

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{
    ApiUrl, LiveToken, Moment, Need, NoToken, Origins, RenewalPolicy, TokenLifecycle,
};
use http::{Request, Response, StatusCode};

use super::{DEADLINE, Embedded, Identity, bare_get};
use crate::drivers::origin_of;
use driver::Driver;
use driver::contract::Terms;
use driver::outgoing::Outgoing;
use driver::transfer::carry;

/// Over libcurl.
pub struct OverCurl(Driver);

impl Embedded for OverCurl {
    fn start(
        identity: Identity,
        policy: RenewalPolicy,
        origins: Origins,
        timeout: Duration,
    ) -> Self {
        Self(Driver::new(identity, policy, origins, timeout))
    }

    fn ask(&self, need: Need, patience: Duration) -> Result<LiveToken, NoToken> {
        self.0.ask(need, patience)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
        Ok(self.0.call(request)?)
    }

    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode {
        let outgoing = Outgoing::new(bare_get(url), origin_of(url)).unwrap();
        let reply = carry(&outgoing.request(token), Terms::of_call(url, DEADLINE));
        reply.unwrap().status()
    }

    fn lifecycle<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenLifecycle, Moment) -> T + Send + 'static,
    {
        self.0.lifecycle(act)
    }
}
