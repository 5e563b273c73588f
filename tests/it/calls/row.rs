//! One row of the table: a site, a program, its actions, and what is to come of them.

use std::fmt;
use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, Reply};
use edx_auth_tests::clients::{Call, Setup};

use super::action::{Action, Outcome};
use super::sent::{Sent, token};

/// A scenario, written down before it runs. The usual one: a site that issues the token of
/// generation 1, then that of generation 2 and so on, whenever it is asked, and an API that takes
/// whatever it is sent.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) setup: fn(Setup) -> Setup,
    /// What is answered first, and where.
    pub(super) behaviors: Vec<(String, Behavior)>,
    pub(super) actions: Vec<Action>,
    outcomes: Vec<Outcome>,
    sent: Vec<Sent>,
}

/// What the program got and what the site was sent, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Story {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) sent: Vec<Sent>,
}

/// The path that calls go to.
pub(super) const API: &str = "/api/";

pub(super) fn row(name: impl Into<String>) -> Row {
    Row {
        name: name.into(),
        setup: |setup| setup,
        behaviors: Vec::new(),
        actions: Vec::new(),
        outcomes: Vec::new(),
        sent: Vec::new(),
    }
}

impl Row {
    /// A program that differs from the usual one.
    pub(super) fn by(self, setup: fn(Setup) -> Setup) -> Self {
        Self { setup, ..self }
    }

    /// What [`API`] answers first.
    pub(super) fn answered<const N: usize>(self, behaviors: [Behavior; N]) -> Self {
        self.answered_at(API, behaviors)
    }

    /// What another path answers first.
    pub(super) fn answered_at<const N: usize>(
        mut self,
        path: &str,
        behaviors: [Behavior; N],
    ) -> Self {
        let behaviors = behaviors
            .into_iter()
            .map(|behavior| (path.to_owned(), behavior));
        self.behaviors.extend(behaviors);
        self
    }

    /// What the token endpoint answers to all requests behind the first.
    pub(super) fn then_minting(self, behavior: impl Into<Behavior>) -> Self {
        self.answered_at(MockEdx::TOKEN_PATH, [minted(1), behavior.into()])
    }

    /// What the program does, each with what is to come of it.
    pub(super) fn does(mut self, actions: impl IntoIterator<Item = (Action, Outcome)>) -> Self {
        (self.actions, self.outcomes) = actions.into_iter().unzip();
        self
    }

    /// One call, and what is to come of it.
    pub(super) fn calls(self, call: Call, outcome: Outcome) -> Self {
        self.does([(Action::Send(call), outcome)])
    }

    /// The same once there is a token, so that all the time of the call is its own.
    pub(super) fn calls_with_a_token(self, call: Call, outcome: Outcome) -> Self {
        let token = (Action::Authorize(API), Outcome::Token(1));
        self.does([token, (Action::Send(call), outcome)])
    }

    /// What the site is to be sent: this, and no more.
    pub(super) fn sends<const N: usize>(self, sent: [Sent; N]) -> Self {
        let sent = Vec::from(sent);
        Self { sent, ..self }
    }

    pub(super) fn story(&self) -> Story {
        Story {
            outcomes: self.outcomes.clone(),
            sent: self.sent.clone(),
        }
    }
}

/// A GET of [`API`].
pub(super) fn get() -> Call {
    Call::get(API)
}

/// A POST to it.
pub(super) fn post() -> Call {
    Call::post(API)
}

/// The token of this generation, of an age that no policy here takes for young.
pub(super) fn minted(generation: u64) -> Behavior {
    let token = token(generation);
    let body = format!(r#"{{"access_token":"{token}","expires_in":3600,"token_type":"JWT"}}"#);
    Behavior::after(Duration::from_millis(3), Reply::json(200, body))
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.outcomes)?;
        self.sent
            .iter()
            .try_for_each(|sent| write!(f, "\n       {sent}"))
    }
}
