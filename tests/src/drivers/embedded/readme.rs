//! The README's program: `program.rs` is the part shown there. This file is the rest: the reader's
//! own sending, and what a test needs.

#![allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    unreachable_pub,
    reason = "the program is as short as it can be, and shows what its reader may make public"
)]

mod http_client;

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use edx_auth_core::{
    Acquire, ApiCall, CallError, CallStep, Jitter, LiveToken, Moment, Need, TokenAgent, TokenError,
    TransportRules, WaitBudget, Work,
};
use http::{Request, Response};

use super::{Embedded, HttpClient, Sent};
use http_client::send;

include!("readme/program.rs");

/// The README's program over a small HTTP client.
pub struct Readme(Edx);

impl Embedded for Readme {
    fn start(agent: TokenAgent) -> Self {
        Self(Edx {
            agent: Arc::new(Mutex::new(agent)),
            reported: Arc::default(),
        })
    }

    fn token(&self, need: Need, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.0.token(need, WaitBudget::new(timeout, now()))
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
}

impl HttpClient for Readme {
    fn send(request: Request<Vec<u8>>, rules: TransportRules) -> Sent {
        send(rules, request)
    }
}
