//! A driver over the core and bare sockets with one fault, or with none.

mod body;
mod call;
mod exchange;
mod inflate;
mod source;
mod wire;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{LiveToken, Need, TokenError};
use edx_auth_testkit::conformance::{Driver, Item, Setup};
use http::Request;

use call::CallResult;
use source::Source;

/// A kind of faulty driver.
pub(super) trait Faulty: Send + Sync + 'static {
    /// The fault, if any.
    const FAULT: Option<Fault>;
}

/// A fault that one item must find.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The usual fault of the item.
    Usual(Item),
    /// A fault that is harder to find.
    Subtle(Item),
}

/// A driver with this fault.
pub(super) struct FaultyDriver<F> {
    source: Arc<Source>,
    fault: PhantomData<F>,
}

impl<F: Faulty> Driver for FaultyDriver<F> {
    fn start(setup: Setup) -> Self {
        Self {
            source: Arc::new(Source::new(setup, F::FAULT)),
            fault: PhantomData,
        }
    }

    fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.source.token(Need::any(), timeout)
    }

    fn call(&self, request: Request<Vec<u8>>) -> CallResult {
        self.source.call(request)
    }
}
