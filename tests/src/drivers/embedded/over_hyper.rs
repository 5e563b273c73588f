//! The example `embed_hyper`, on a runtime in a thread of its process.

#[allow(dead_code, reason = "its `main`")]
#[path = "../../../../crates/edx-auth-core/examples/embed_hyper.rs"]
mod embed_hyper;

use std::thread;
use std::time::Duration;

use edx_auth_core::{
    Acquire, ApiCall, CallError, LiveToken, Moment, Need, TokenAgent, TokenError, TransportRules,
    WaitBudget,
};
use http::{Request, Response};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Embedded, HttpClient, Sent};
use embed_hyper::{Edx, now, send};

/// `embed_hyper`.
pub struct OverHyper {
    edx: Edx,
    runtime: Handle,
    /// The runtime ends when this is dropped.
    _running: oneshot::Sender<()>,
}

impl Embedded for OverHyper {
    fn start(agent: TokenAgent) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (running, ended) = oneshot::channel();
        let handle = runtime.handle().clone();
        thread::spawn(move || runtime.block_on(ended));
        Self {
            edx: Edx::new(agent),
            runtime: handle,
            _running: running,
        }
    }

    fn token(&self, need: Need, at_most: Duration) -> Result<LiveToken, TokenError> {
        let budget = WaitBudget::new(at_most, now());
        self.runtime.block_on(async {
            loop {
                let reported = self.edx.reported.notified();
                match self.edx.with(|agent| agent.acquire(need, &budget, now())) {
                    Acquire::Ready(token) => return Ok(token),
                    Acquire::Wait(wait) => drop(timeout(wait, reported).await),
                    Acquire::Failed(error) => return Err(error),
                }
            }
        })
    }

    fn call(&self, call: ApiCall, body: Vec<u8>) -> Result<Response<Vec<u8>>, CallError> {
        let response = self.runtime.block_on(self.edx.call(call, body.into()))?;
        Ok(response.map(Vec::from))
    }

    fn with<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenAgent, Moment) -> T + Send + 'static,
    {
        let _inside = self.runtime.enter();
        let result = self.edx.with(|agent| act(agent, now()));
        self.edx.reported.notify_waiters();
        result
    }
}

impl HttpClient for OverHyper {
    fn send(request: Request<Vec<u8>>, rules: TransportRules) -> Sent {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let response = runtime.block_on(send(request, rules))?;
        Ok(response.map(Vec::from))
    }
}
