//! What the clones and threads of `edx-auth-ureq` share, word for word, on another machine.
//!
//! The files are the driver's own. What they call `std` and `ureq` here is the scenario's.
#![allow(dead_code, reason = "a driver has more than is asked of it here")]
#![allow(
    clippy::large_enum_variant,
    reason = "the locks of this machine are larger"
)]

extern crate machine as std;
extern crate self as ureq;

#[path = "../../../../crates/edx-auth-ureq/src"]
mod driver {
    pub(crate) mod environment;
    pub(crate) mod exchanges;
    #[path = "silence.rs"]
    pub(crate) mod trace;

    pub(crate) mod source;
}

use edx_auth_core::{
    ClientName, ExchangeError, Invalidation, IssuedToken, LiveToken, TokenRequest,
};
use machine::time::Duration;
use scenarios::{Asked, Places, Plan, Source, site};

use driver::exchanges::Exchanges;
pub use driver::source::{TokenSource, TokenSourceBuilder};
use driver::{environment, exchanges, trace};
pub use edx_auth_core::{AccessToken, Origins, RenewalPolicy, TokenType};
pub use environment::{from_env, from_open_edx_env};
pub use scenarios::Error;

/// ureq's, which the scenario's site has no use for.
#[derive(Clone, Debug)]
pub struct Agent(());

mod exchange {
    use super::*;

    pub(crate) fn exchange_over(
        _over: &Agent,
        request: &TokenRequest,
    ) -> Result<IssuedToken, ExchangeError> {
        site::answer(request)
    }
}

mod stack {
    use super::*;

    pub(crate) fn agent(_name: Option<&ClientName>) -> Agent {
        Agent(())
    }
}

mod tls {
    pub(crate) fn ready() -> Result<(), std::fmt::Error> {
        Ok(())
    }
}

impl Source for TokenSource {
    fn of(plan: Plan) -> Self {
        let source = Self::builder(plan.request)
            .policy(plan.policy)
            .token_timeout(plan.patience);
        let source = match plan.credentials {
            Some(pair) => source.credentials(pair).build(),
            None => source.build(),
        };
        source.unwrap()
    }

    fn token(&self) -> Asked {
        self.token()
    }

    fn token_within(&self, patience: Duration) -> Asked {
        self.token_within(patience)
    }

    fn renew_now(&self) -> Asked {
        self.renew_now()
    }

    fn token_newer_than(&self, refused: &LiveToken) -> Asked {
        self.token_newer_than(refused)
    }

    fn invalidate(&self, token: &LiveToken) -> Invalidation {
        self.invalidate(token)
    }

    fn credentials_changed(&self) {
        self.credentials_changed();
    }

    fn exchanges() -> String {
        format!("{:?}", exchanges::ALL)
    }

    fn places(at_once: usize) -> impl Places {
        Exchanges::new(at_once, None)
    }
}

impl Places for Exchanges {
    fn run(&'static self, job: impl FnOnce() + Send + 'static) {
        self.run(job);
    }
}
