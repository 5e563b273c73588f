//! A row, performed by one driver on a site of its own.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use edx_auth_core::{
    ApiUrl, ClientCredentials, Invalidation, LiveToken, PlaintextHosts, TokenError,
};
use edx_auth_testkit::{Fingerprint, MockEdx};
use edx_auth_tests::drivers::{Column, Driver, Pair, Setup};
use edx_auth_tests::openedx::{CLIENT, TestClient};
use edx_auth_tests::patience::within_patience;

use super::deed::{Deed, Outcome};
use super::row::{Row, Story};
use super::sent::Sent;

/// What comes of a row.
pub(super) fn performed(row: Row, column: Column) -> Story {
    within_patience(move || {
        let requests = row.story().sent.len();
        let mut stage = Stage::set(&row, column);
        let outcomes = row.deeds.iter().map(|deed| stage.perform(*deed)).collect();
        stage.wait_for(requests);
        Story {
            outcomes,
            sent: stage.sent(),
        }
    })
}

/// A site, a program's token source, and the tokens that it has had so far.
struct Stage {
    edx: MockEdx,
    source: Arc<dyn Driver>,
    seen: BTreeMap<u64, LiveToken>,
}

impl Stage {
    fn set(row: &Row, column: Column) -> Self {
        let site = MockEdx::builder().client(CLIENT.id, CLIENT.secret);
        let edx = (row.site)(site).start().unwrap();
        for behavior in &row.behaviors {
            edx.next_request(MockEdx::TOKEN_PATH, behavior.clone());
        }
        Self {
            source: (column.hold)(setup(row, &edx)),
            edx,
            seen: BTreeMap::new(),
        }
    }

    fn perform(&mut self, deed: Deed) -> Outcome {
        match deed {
            Deed::Ask => self.note(self.source.token()),
            Deed::AskWithin(patience) => self.note(self.source.token_within(patience)),
            Deed::AskValidFor(validity) => self.note(self.source.token_valid_for(validity)),
            Deed::AskUntilNewer => {
                let last = self.last();
                self.ask_while(|outcome| *outcome == last)
            }
            Deed::AskUntilServed => self.ask_while(is_nothing),
            Deed::RenewNow => self.note(self.source.renew_now()),
            Deed::Report(generation) => self.report(generation),
            Deed::Refuse(generation) => {
                self.report(generation);
                self.note(self.source.token_newer_than(&self.seen[&generation]))
            }
            Deed::Call(generation) => self.call(generation),
            Deed::LookAtHealth => Outcome::Line(self.source.health().to_string()),
            Deed::RotateKey => {
                self.edx.rotate_signing_key();
                Outcome::Done
            }
        }
    }

    fn note(&mut self, asked: Result<LiveToken, TokenError>) -> Outcome {
        match asked {
            Ok(token) => {
                let generation = token.generation().to_string().parse().unwrap();
                self.seen.entry(generation).or_insert(token);
                Outcome::Token(generation)
            }
            Err(error) => Outcome::Nothing(without_url(&error.to_string(), &self.edx)),
        }
    }

    /// Asks again and again while what comes of it will not do.
    fn ask_while(&mut self, will_not_do: impl Fn(&Outcome) -> bool) -> Outcome {
        let mut outcome = self.note(self.source.token());
        for _breath in BREATHS {
            if !will_not_do(&outcome) {
                break;
            }
            thread::sleep(BREATH);
            outcome = self.note(self.source.token());
        }
        outcome
    }

    fn last(&self) -> Outcome {
        Outcome::Token(self.seen.keys().last().copied().unwrap_or_default())
    }

    /// A caller whose token is too young to be refused tries it once more, and is refused again.
    fn report(&self, generation: u64) -> Outcome {
        while let Invalidation::TooYoung { wait } = self.source.invalidate(&self.seen[&generation])
        {
            thread::sleep(wait);
        }
        Outcome::Done
    }

    fn call(&self, generation: u64) -> Outcome {
        let url = ApiUrl::new(&self.edx.catalogs_url(), &PlaintextHosts::none()).unwrap();
        let status = self.source.get(&url, &self.seen[&generation]);
        Outcome::Status(status.as_u16())
    }

    /// A request that nobody waits for is on its way for a moment.
    fn wait_for(&self, requests: usize) {
        for _breath in BREATHS {
            if self.edx.requests().len() >= requests {
                break;
            }
            thread::sleep(BREATH);
        }
    }

    fn sent(&self) -> Vec<Sent> {
        let generation = |token: Fingerprint| {
            let is_it = |seen: &LiveToken| Fingerprint::of(seen.token().expose()) == token;
            let known = self.seen.iter().find(|(_, seen)| is_it(seen));
            known.map(|(generation, _)| *generation)
        };
        let requests = self.edx.requests();
        let sent = requests.iter().map(|request| Sent::of(request, generation));
        sent.collect()
    }
}

fn setup(row: &Row, edx: &MockEdx) -> Setup {
    let (first, later) = row.pairs.split_first().unwrap();
    let setup = Setup::new(&edx.token_url(), first.id, first.secret);
    Setup {
        request: (row.request)(setup.request),
        pair: (!later.is_empty()).then(|| in_turn(&row.pairs)),
        policy: row.policy,
        patience: row.patience,
    }
}

/// A function that yields one pair after the other, and then the last one for ever.
fn in_turn(pairs: &[TestClient]) -> Pair {
    let (pairs, turn) = (pairs.to_vec(), AtomicUsize::new(0));
    Arc::new(move || {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        let TestClient { id, secret } = pairs[turn.min(pairs.len() - 1)];
        ClientCredentials::new(id, secret).unwrap()
    })
}

fn is_nothing(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Nothing(_))
}

fn without_url(text: &str, edx: &MockEdx) -> String {
    let url = format!("the token endpoint {} ", edx.token_url());
    text.strip_prefix(&url).unwrap_or(text).to_owned()
}

/// What has not come after so many of them is missing from the story.
const BREATHS: Range<usize> = 0..5000;
const BREATH: Duration = Duration::from_millis(1);
