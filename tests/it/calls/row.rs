//! One row of the table: a site, a program, its actions, and what they should lead to.

use std::fmt;
use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients::{Call, Setup};

use super::action::{Action, Outcome};
use super::sent::{Sent, token};

/// A scenario and its expected result. By default the site issues the tokens of generation 1, 2 and so
/// on, and the API accepts every request.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) setup: fn(Setup) -> Setup,
    /// The scripted responses, by path.
    pub(super) behaviors: Vec<(String, Behavior)>,
    pub(super) actions: Vec<Action>,
    outcomes: Vec<Outcome>,
    sent: Vec<Sent>,
}

/// What the program got, and which requests the site got, in order.
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
    /// Changes the settings of the program.
    pub(super) fn with_setup(self, setup: fn(Setup) -> Setup) -> Self {
        Self { setup, ..self }
    }

    /// Scripts the first responses of [`API`].
    pub(super) fn responds<const N: usize>(self, behaviors: [Behavior; N]) -> Self {
        self.responds_at(API, behaviors)
    }

    /// Scripts the first responses of another path.
    pub(super) fn responds_at<const N: usize>(
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

    /// Issues one token, and responds to the second token request like this.
    pub(super) fn responds_to_the_second_token_request(
        self,
        behavior: impl Into<Behavior>,
    ) -> Self {
        self.responds_at(MockEdx::TOKEN_PATH, [issued(1), behavior.into()])
    }

    /// Sets the actions of the program and their expected outcomes.
    pub(super) fn does(mut self, actions: impl IntoIterator<Item = (Action, Outcome)>) -> Self {
        (self.actions, self.outcomes) = actions.into_iter().unzip();
        self
    }

    /// Sets one call and its expected outcome.
    pub(super) fn calls(self, call: Call, outcome: Outcome) -> Self {
        self.does([(Action::Send(call), outcome)])
    }

    /// Like [`calls`](Self::calls), after the token was issued: the call has its whole timeout left.
    pub(super) fn calls_with_a_token(self, call: Call, outcome: Outcome) -> Self {
        let token = (Action::Authorize(API), Outcome::Token(1));
        self.does([token, (Action::Send(call), outcome)])
    }

    /// Sets the requests that the site must get, and no others.
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

/// Creates a GET of [`API`].
pub(super) fn get() -> Call {
    Call::get(API)
}

/// Creates a POST to [`API`].
pub(super) fn post() -> Call {
    Call::post(API)
}

/// Issues the token of this generation, with a delay: when it arrives, it is older than the shortest grace
/// for clock skew in these tests.
pub(super) fn issued(generation: u64) -> Behavior {
    let token = token(generation);
    let body = format!(r#"{{"access_token":"{token}","expires_in":3600,"token_type":"JWT"}}"#);
    Behavior::after(Duration::from_millis(3), MockResponse::json(200, body))
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.outcomes)?;
        self.sent
            .iter()
            .try_for_each(|sent| write!(f, "\n       {sent}"))
    }
}
