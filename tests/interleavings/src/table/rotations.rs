//! Client credentials that change during a token request with the old ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use machine::thread;

use crate::callers::callers;
use crate::plan::{LONG_BACKOFFS, Plan};
use crate::site;
use crate::source::{Asked, Source, no_token};

pub(super) fn newer_credentials_have_the_last_word() {
    let (source, clients) = changing();

    let callers = callers(3, &source, |source| {
        let earlier = source.token();
        let later = source.token();
        assert!(
            is_of(NEW, &later) || !is_of(NEW, &earlier),
            "back to the old one"
        );
        later
    });
    let before = clients.rotate(&source);
    let _tokens = callers.tokens();

    thread::join_all();
    let _renews = source.token().unwrap();
    thread::join_all();
    assert!(is_of(NEW, &source.token()));
    assert_only(NEW, &site::clients()[before..]);
    assert!(site::requests() <= 3, "{:?}", site::clients());
}

pub(super) fn of_two_changes_the_later_has_the_last_word() {
    let (source, clients) = changing();

    let callers = callers(4, &source, Source::token);
    clients.rotate(&source);
    let before = clients.rotate(&source);
    let _tokens = callers.tokens();

    thread::join_all();
    let _renews = source.token().unwrap();
    thread::join_all();
    assert!(is_of(NEWEST, &source.token()));
    assert_only(NEWEST, &site::clients()[before..]);
}

pub(super) fn rejected_credentials_are_replaced_before_a_caller_gets_the_error() {
    let was_asked = AtomicBool::new(false);
    let old_once = move || {
        if was_asked.swap(true, Ordering::Relaxed) {
            NEW
        } else {
            OLD
        }
    };
    let source = Source::new(Plan::new(LONG_BACKOFFS).provided(old_once));
    site::forget(OLD);

    callers(6, &source, Source::token).one_token();

    assert_eq!(site::clients(), [OLD, NEW]);
}

pub(super) fn changed_credentials_end_what_the_old_ones_caused() {
    let (source, clients) = changing();
    site::forget(OLD);

    let callers = callers(3, &source, Source::token);
    let before = clients.rotate(&source);
    for asked in callers.results() {
        assert!(is_of(NEW, &asked) || no_token(asked).renewal_error().is_some());
    }

    thread::join_all();
    assert!(is_of(NEW, &source.token()));
    assert_only(NEW, &site::clients()[before..]);
}

/// The program changes its client while the token request with the old one is in flight.
pub(super) fn credentials_that_change_during_a_request_replace_it() {
    let (source, clients) = changing();
    let (changes, during) = (source.clone(), clients.clone());
    site::during_next_request(move || {
        during.rotate(&changes);
    });

    let _tokens = callers(4, &source, Source::token).tokens();

    thread::join_all();
    let _renews = source.token().unwrap();
    thread::join_all();
    assert!(is_of(NEW, &source.token()));
    assert_eq!(site::clients(), [OLD, NEW]);
}

pub(super) fn a_change_that_no_caller_waits_for_is_applied() {
    let (source, clients) = changing();
    source.token().unwrap();

    clients.rotate(&source);
    thread::join_all();

    let _renews = source.token().unwrap();
    thread::join_all();
    assert!(is_of(NEW, &source.token()));
    assert_eq!(site::clients(), [OLD, NEW]);
}

/// The program's current client.
#[derive(Clone, Default)]
struct Clients(Arc<AtomicUsize>);

impl Clients {
    fn current(&self) -> &'static str {
        CLIENTS[self.0.load(Ordering::Relaxed)]
    }

    /// Changes to the next client. Returns how many token requests came before that was announced.
    fn rotate(&self, source: &Source) -> usize {
        self.0.fetch_add(1, Ordering::Relaxed);
        source.credentials_changed();
        site::requests()
    }
}

fn changing() -> (Source, Clients) {
    let clients = Clients::default();
    let current = clients.clone();
    let plan = Plan::new(LONG_BACKOFFS).provided(move || current.current());
    (Source::new(plan), clients)
}

fn is_of(client: &str, asked: &Asked) -> bool {
    let token = asked.as_ref().map(|token| token.authorization().to_str());
    token.is_ok_and(|token| token.unwrap().ends_with(client))
}

/// Checks that all token requests but the first are of this client. The first may have read its credentials
/// before the change was announced.
fn assert_only(client: &str, clients: &[String]) {
    let mut later = clients.iter().skip(1);
    assert!(later.all(|other| other == client), "{clients:?}");
}

const OLD: &str = "old-client";
const NEW: &str = "new-client";
const NEWEST: &str = "newest-client";
const CLIENTS: [&str; 3] = [OLD, NEW, NEWEST];
