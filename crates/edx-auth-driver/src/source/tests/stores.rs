//! Sources that share their token in a store, and stores that fail.

use std::collections::HashSet;
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use edx_auth_core::{AccessToken, StoredToken, TokenRequest, TokenType};

use crate::testing::{
    Ask, Behavior, Callers, Count, Flavor, LONG_BACKOFFS, SHORT_BACKOFFS, Site, credentials,
    in_both_flavors, one_token,
};
use crate::{Blocking, Claim, Event, RequestLimit, StoreError, TokenSource, TokenStore};

in_both_flavors!(
    many_sources_of_one_store_request_one_token,
    a_call_with_a_cached_token_never_touches_the_store,
    the_claim_is_given_back_after_a_failure,
    the_token_is_saved_before_its_caller_gets_it,
    a_rejected_token_is_replaced_in_the_store,
    a_store_that_fails_fails_no_caller_and_is_reported_once,
    a_store_that_panics_fails_no_caller,
    a_store_that_hangs_fails_no_caller,
    a_save_that_hangs_keeps_no_token_from_its_callers,
    saves_that_hang_delay_no_token_request,
    a_claim_that_panics_when_it_is_given_back_loses_no_event,
    a_claim_that_is_never_had_costs_a_token_request,
    a_claim_is_given_back_if_credentials_are_asked_for_instead_of_a_token,
);

fn many_sources_of_one_store_request_one_token<W: Flavor>() {
    let (site, shelf) = (Site::new(), Shelf::default());
    let sources: Vec<_> = (0..20).map(|_| shelf.source::<W>(&site)).collect();

    site.respond([Behavior::Token]);
    let callers: Vec<_> = sources
        .iter()
        .map(|source| W::start(1, source, Ask::Token))
        .collect();
    let got = callers.into_iter().flat_map(Callers::results);
    let tokens = got.map(|token| token.unwrap().into_authorization());

    let one: HashSet<_> = tokens.collect();
    assert_eq!(one.len(), 1);
    assert_eq!(site.requests(), 1);
}

fn a_call_with_a_cached_token_never_touches_the_store<W: Flavor>() {
    let (site, shelf) = (Site::new(), Shelf::default());
    let source = shelf.source::<W>(&site);
    site.respond([Behavior::Token]);
    W::ask(&source, Ask::Token).unwrap();
    let before = shelf.0.uses.number();

    one_token(W::start(100, &source, Ask::Token).results());

    assert_eq!(shelf.0.uses.number(), before);
}

fn the_claim_is_given_back_after_a_failure<W: Flavor>() {
    for failure in [Behavior::Unavailable, Behavior::Denied, Behavior::Panic] {
        let (site, shelf) = (Site::new(), Shelf::default());
        let (one, other) = (shelf.source::<W>(&site), shelf.source::<W>(&site));

        site.respond([failure]);
        W::ask(&one, Ask::Token).unwrap_err();
        site.respond([Behavior::Token]);
        W::ask(&other, Ask::Token).unwrap();

        assert_eq!(site.requests(), 2);
    }
}

fn the_token_is_saved_before_its_caller_gets_it<W: Flavor>() {
    let (site, shelf) = (Site::new(), Shelf::default());
    let source = shelf.source::<W>(&site);

    site.respond([Behavior::Token]);
    W::ask(&source, Ask::Token).unwrap();

    assert!(shelf.0.token.lock().unwrap().is_some());
}

fn a_rejected_token_is_replaced_in_the_store<W: Flavor>() {
    let (site, shelf) = (Site::new(), Shelf::default());
    let (one, other) = (shelf.source::<W>(&site), shelf.source::<W>(&site));
    site.respond([Behavior::Token; 2]);
    let rejected = W::ask(&one, Ask::Token).unwrap();

    let newer = W::ask(&one, Ask::NewerThan(rejected.clone())).unwrap();
    let shared = W::ask(&other, Ask::Token).unwrap();

    assert_ne!(newer.authorization(), rejected.authorization());
    assert_eq!(shared.authorization(), newer.authorization());
    assert_eq!(site.requests(), 2);
}

fn a_store_that_fails_fails_no_caller_and_is_reported_once<W: Flavor>() {
    let site = Site::new();
    let (heard, events) = mpsc::channel();
    let source = site.builder::<W>(SHORT_BACKOFFS).store(Failing);
    let source = source.on_event(move |event| heard.send(event.clone()).unwrap());
    let source = source.build().unwrap();

    site.respond([Behavior::Token; 2]);
    W::ask(&source, Ask::Token).unwrap();
    W::ask(&source, Ask::RenewNow).unwrap();

    let failed = events.recv().unwrap();
    assert!(matches!(failed, Event::StoreFailed { .. }), "{failed:?}");
    for _ in 0..2 {
        let renewed = events.recv().unwrap();
        assert!(matches!(renewed, Event::Renewed { .. }), "{renewed:?}");
    }
    assert_eq!(site.requests(), 2);
}

fn a_store_that_panics_fails_no_caller<W: Flavor>() {
    let site = Site::new();
    let source = site.builder::<W>(LONG_BACKOFFS).store(Panicking);
    let source = source.build().unwrap();

    site.respond([Behavior::Token]);
    one_token(W::start(20, &source, Ask::Token).results());

    assert_eq!(site.requests(), 1);
}

fn a_store_that_hangs_fails_no_caller<W: Flavor>() {
    let (site, gate) = (Site::new(), Arc::new(Count::default()));
    let store = Hanging(Arc::clone(&gate));
    let source = site.builder::<W>(LONG_BACKOFFS).store(store);
    let source = source.build().unwrap();

    site.respond([Behavior::Token]);
    one_token(W::start(20, &source, Ask::Token).results());

    assert_eq!(site.requests(), 1);
    gate.add();
}

/// They look one after the other, as there are places for looks, and each goes on after two seconds: long
/// before a hanging function of the program would lose its place.
#[test]
fn a_store_that_hangs_fails_no_caller_of_many_sources() {
    let (site, gate) = (Site::new(), Arc::new(Count::default()));
    let source = |_| {
        let store = Hanging(Arc::clone(&gate));
        let source = site.builder::<Blocking>(LONG_BACKOFFS).store(store);
        source
            .token_timeout(Duration::from_secs(25))
            .build()
            .unwrap()
    };
    let sources: Vec<_> = (0..130).map(source).collect();

    site.respond([Behavior::Token; 130]);
    let start = |source| Blocking::start(1, source, Ask::Token);
    let callers: Vec<_> = sources.iter().map(start).collect();
    for got in callers.into_iter().flat_map(Callers::results) {
        got.unwrap();
    }

    assert_eq!(site.requests(), 130);
    gate.add();
}

fn a_save_that_hangs_keeps_no_token_from_its_callers<W: Flavor>() {
    let (site, shelf) = (Site::new(), Shelf::default());
    let source = shelf.source::<W>(&site);
    // To save a token takes this lock.
    let hanging = shelf.0.saving.lock().unwrap();

    site.respond([Behavior::Token]);
    one_token(W::start(20, &source, Ask::Token).results());

    drop(hanging);
    assert_eq!(site.requests(), 1);
}

#[cfg(feature = "async")]
#[test]
fn a_save_that_hangs_keeps_no_token_from_those_that_follow_it() {
    use crate::testing::{block_on, polled};

    let (site, shelf) = (Site::new(), Shelf::default());
    let source = shelf.source::<crate::Async>(&site);
    let hanging = shelf.0.saving.lock().unwrap();
    let polls = Arc::new(Count::default());
    let (found, follows) = mpsc::channel();
    let (mut changes, polled_once) = (source.changes(), Arc::clone(&polls));
    thread::spawn(move || found.send(block_on(polled(changes.next(), polled_once))));
    polls.reaches(1);

    site.respond([Behavior::Token]);
    block_on(source.token()).unwrap();

    let token = follows.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(token.unwrap().generation().to_string(), "1");
    drop(hanging);
}

fn saves_that_hang_delay_no_token_request<W: Flavor>() {
    let site = Site::new();
    let shelves: Vec<_> = (0..20).map(|_| Shelf::default()).collect();
    let hanging: Vec<_> = shelves
        .iter()
        .map(|shelf| shelf.0.saving.lock().unwrap())
        .collect();
    // Less than the 30 seconds for which a token request may hold its place.
    let in_time = Duration::from_secs(25);
    let source = |shelf: &Shelf| {
        let source = site.builder::<W>(LONG_BACKOFFS).store(shelf.clone());
        source.token_timeout(in_time).build().unwrap()
    };
    let sources: Vec<_> = shelves.iter().map(source).collect();

    site.respond([Behavior::Token; 20]);
    let start = |source| W::start(1, source, Ask::Token);
    let callers: Vec<_> = sources.iter().map(start).collect();
    for got in callers.into_iter().flat_map(Callers::results) {
        got.unwrap();
    }

    drop(hanging);
    assert_eq!(site.requests(), 20);
}

fn a_claim_that_panics_when_it_is_given_back_loses_no_event<W: Flavor>() {
    let site = Site::new();
    let limit = RequestLimit::per_minute(1).unwrap();
    let (heard, events) = mpsc::channel();
    let source = site.builder::<W>(LONG_BACKOFFS).store(PanickingClaims);
    let source = source.on_event(move |event| heard.send(event.clone()).unwrap());
    let source = source.request_limit(&limit).build().unwrap();

    site.respond([Behavior::Token]);
    W::ask(&source, Ask::Token).unwrap();
    W::ask(&source, Ask::RenewNow).unwrap_err();

    let next = || events.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(matches!(next(), Event::Renewed { .. }));
    assert!(matches!(next(), Event::Failed { .. }));
}

fn a_claim_that_is_never_had_costs_a_token_request<W: Flavor>() {
    let (site, shelf) = (Site::new(), Shelf::default());
    let _held = shelf.claim(&site.request(), Duration::ZERO).unwrap();
    let source = site.builder::<W>(LONG_BACKOFFS).store(shelf.clone());
    let source = source.token_timeout(Duration::from_secs(2)).build();

    site.respond([Behavior::Token]);
    W::ask(&source.unwrap(), Ask::Within(Duration::from_secs(20))).unwrap();

    assert_eq!(site.requests(), 1);
    assert!(shelf.0.token.lock().unwrap().is_some());
}

fn a_claim_is_given_back_if_credentials_are_asked_for_instead_of_a_token<W: Flavor>() {
    let (site, shelf) = (Site::new(), Shelf::default());
    let source = site.builder::<W>(LONG_BACKOFFS).store(shelf.clone());
    let source = source.credentials(|| Ok(credentials("acme-api")));
    let source = source.build().unwrap();
    let of_other = shelf.claim(&site.request(), Duration::ZERO).unwrap();

    let callers = W::start(1, &source, Ask::Token);
    shelf.0.uses.reaches(3); // the claim of the other, a look, and a claim that waits
    source.credentials_changed();
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    let token = StoredToken::new(token, Duration::from_secs(3600), source.now().wall);
    *shelf.0.token.lock().unwrap() = Some(token);
    drop(of_other);
    one_token(callers.results());

    let claimed = shelf.claim(&site.request(), Duration::from_secs(20));
    assert!(claimed.is_ok(), "{claimed:?}");
    assert_eq!(site.requests(), 0);
}

/// A store in memory, with one token.
#[derive(Clone, Default)]
struct Shelf(Arc<Boards>);

#[derive(Default)]
struct Boards {
    token: Mutex<Option<StoredToken>>,
    is_claimed: Mutex<bool>,
    given_back: Condvar,
    saving: Mutex<()>,
    uses: Count,
}

impl Shelf {
    fn source<W>(&self, site: &Site) -> TokenSource<W> {
        let source = site.builder(LONG_BACKOFFS).store(self.clone());
        source.build().unwrap()
    }
}

impl TokenStore for Shelf {
    fn load(&self, _: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        self.0.uses.add();
        Ok(self.0.token.lock().unwrap().clone())
    }

    fn claim(&self, _: &TokenRequest, within: Duration) -> Result<Claim, StoreError> {
        self.0.uses.add();
        let is_claimed = self.0.is_claimed.lock().unwrap();
        let waited = self
            .0
            .given_back
            .wait_timeout_while(is_claimed, within, |claimed| *claimed);
        let (mut is_claimed, _) = waited.unwrap();
        if std::mem::replace(&mut *is_claimed, true) {
            return Err(StoreError::Busy);
        }
        Ok(Claim::new(GivesBack(Arc::clone(&self.0))))
    }

    fn save(
        &self,
        _: &TokenRequest,
        token: &StoredToken,
        _: Option<&Claim>,
    ) -> Result<(), StoreError> {
        self.0.uses.add();
        let _saving = self.0.saving.lock().unwrap();
        *self.0.token.lock().unwrap() = Some(token.clone());
        Ok(())
    }
}

struct GivesBack(Arc<Boards>);

impl Drop for GivesBack {
    fn drop(&mut self) {
        *self.0.is_claimed.lock().unwrap() = false;
        self.0.given_back.notify_all();
    }
}

/// A store whose disk is gone.
struct Failing;

impl TokenStore for Failing {
    fn load(&self, _: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        Err(StoreError::other("the disk is gone"))
    }

    fn claim(&self, _: &TokenRequest, _: Duration) -> Result<Claim, StoreError> {
        Err(StoreError::other("the disk is gone"))
    }

    fn save(&self, _: &TokenRequest, _: &StoredToken, _: Option<&Claim>) -> Result<(), StoreError> {
        Err(StoreError::other("the disk is gone"))
    }
}

struct Panicking;

impl TokenStore for Panicking {
    fn load(&self, _: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        panic!("the store breaks")
    }

    fn claim(&self, _: &TokenRequest, _: Duration) -> Result<Claim, StoreError> {
        panic!("the store breaks")
    }

    fn save(&self, _: &TokenRequest, _: &StoredToken, _: Option<&Claim>) -> Result<(), StoreError> {
        panic!("the store breaks")
    }
}

/// A store whose claims break when they are given back.
struct PanickingClaims;

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("the claim breaks")
    }
}

impl TokenStore for PanickingClaims {
    fn load(&self, _: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        Ok(None)
    }

    fn claim(&self, _: &TokenRequest, _: Duration) -> Result<Claim, StoreError> {
        Ok(Claim::new(PanicsWhenDropped))
    }

    fn save(&self, _: &TokenRequest, _: &StoredToken, _: Option<&Claim>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A store that never responds to a reader, until the test ends.
struct Hanging(Arc<Count>);

impl TokenStore for Hanging {
    fn load(&self, _: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        self.0.reaches(1);
        Ok(None)
    }

    fn claim(&self, _: &TokenRequest, _: Duration) -> Result<Claim, StoreError> {
        Err(StoreError::Busy)
    }

    fn save(&self, _: &TokenRequest, _: &StoredToken, _: Option<&Claim>) -> Result<(), StoreError> {
        Ok(())
    }
}
