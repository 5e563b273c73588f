//! `embed_curl`, which blocks by itself.

#[path = "../../../../crates/edx-auth-core/examples/embed_curl/driver.rs"]
pub(super) mod driver;

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{LiveToken, Moment, Need, Origins, RenewalPolicy, TokenError, TokenLifecycle};
use http::{Request, Response};

use super::{Carried, DEADLINE, Embedded, Identity, Rules};
use driver::Driver;
use driver::contract::Terms;
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

    fn ask(&self, need: Need, patience: Duration) -> Result<LiveToken, TokenError> {
        self.0.ask(need, patience)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
        Ok(self.0.call(request)?)
    }

    fn carry(&self, request: Request<Vec<u8>>, rules: Rules) -> Carried {
        let terms = match &rules {
            Rules::OfExchange(rules) => Terms::from(*rules),
            Rules::OfCall(url) => Terms::of_call(url, DEADLINE),
        };
        carry(&request, terms).map_err(|fault| (fault.failure, fault.cause))
    }

    fn lifecycle<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenLifecycle, Moment) -> T + Send + 'static,
    {
        self.0.lifecycle(act)
    }
}
