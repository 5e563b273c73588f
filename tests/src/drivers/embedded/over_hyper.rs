//! `embed_hyper`, on a runtime that has a thread to itself, as a program of tasks would have.

#[path = "../../../../crates/edx-auth-core/examples/embed_hyper/driver.rs"]
mod driver;

use std::error::Error;
use std::thread;
use std::time::Duration;

use edx_auth_core::{LiveToken, Moment, Need, Origins, RenewalPolicy, TokenError, TokenLifecycle};
use http::{Request, Response};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::{Carried, DEADLINE, Embedded, Identity, Rules};
use driver::Driver;
use driver::contract::Terms;
use driver::transfer::carry;

/// Over hyper.
pub struct OverHyper {
    driver: Driver,
    runtime: Handle,
    /// The runtime ends when this is dropped.
    _running: oneshot::Sender<()>,
}

impl Embedded for OverHyper {
    fn start(
        identity: Identity,
        policy: RenewalPolicy,
        origins: Origins,
        timeout: Duration,
    ) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (running, ended) = oneshot::channel();
        let handle = runtime.handle().clone();
        thread::spawn(move || runtime.block_on(ended));
        Self {
            driver: Driver::new(identity, policy, origins, timeout),
            runtime: handle,
            _running: running,
        }
    }

    fn ask(&self, need: Need, patience: Duration) -> Result<LiveToken, TokenError> {
        self.runtime.block_on(self.driver.ask(need, patience))
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
        Ok(self.runtime.block_on(self.driver.call(request))?)
    }

    fn carry(&self, request: Request<Vec<u8>>, rules: Rules) -> Carried {
        let terms = match &rules {
            Rules::OfExchange(rules) => Terms::from(*rules),
            Rules::OfCall(url) => Terms::of_call(url, DEADLINE),
        };
        let reply = self.runtime.block_on(carry(request, terms));
        reply.map_err(|fault| (fault.failure, fault.cause))
    }

    fn lifecycle<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenLifecycle, Moment) -> T + Send + 'static,
    {
        self.driver.lifecycle(act)
    }
}
