//! `embed_curl`, which blocks by itself.

#[allow(dead_code, reason = "its `main`")]
#[path = "../../../../crates/edx-auth-core/examples/embed_curl.rs"]
mod embed_curl;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use edx_auth_core::{
    Acquire, ApiCall, CallError, LiveToken, Moment, Need, TokenAgent, TokenError, TransportRules,
    WaitBudget,
};
use http::{Request, Response};

use super::{Embedded, Sent};
use embed_curl::{Edx, now, send};

/// `embed_curl`.
pub struct OverCurl(Edx);

impl Embedded for OverCurl {
    fn start(agent: TokenAgent) -> Self {
        let (agent, reported) = (Arc::new(Mutex::new(agent)), Arc::default());
        Self(Edx { agent, reported })
    }

    fn token(&self, need: Need, timeout: Duration) -> Result<LiveToken, TokenError> {
        let budget = WaitBudget::new(timeout, now());
        loop {
            let (acquired, agent) = self.0.with(|agent| agent.acquire(need, &budget, now()));
            match acquired {
                Acquire::Ready(token) => return Ok(token),
                Acquire::Wait(wait) => drop(self.0.reported.wait_timeout(agent, wait)),
                Acquire::Failed(error) => return Err(error),
            }
        }
    }

    fn call(&self, call: ApiCall, body: Vec<u8>) -> Result<Response<Vec<u8>>, CallError> {
        self.0.call(call, &body)
    }

    fn with<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenAgent, Moment) -> T + Send + 'static,
    {
        let result = self.0.with(|agent| act(agent, now())).0;
        self.0.reported.notify_all();
        result
    }

    fn send(request: Request<Vec<u8>>, rules: TransportRules) -> Sent {
        send(&request, rules)
    }
}
