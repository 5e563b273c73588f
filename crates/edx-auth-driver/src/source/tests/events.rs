//! Listeners, and what they are told.

use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use edx_auth_core::{AccessToken, StoredToken, TokenType};

use crate::testing::{
    Ask, Behavior, Flavor, LONG_BACKOFFS, SHORT_BACKOFFS, Site, hold_due, hold_fresh,
    in_both_flavors,
};
use crate::{Blocking, Event, Invalidation, TokenSource};

in_both_flavors!(
    a_listener_is_told_of_every_change_in_order,
    a_listener_that_panics_is_told_of_the_next_event,
    a_listener_that_hangs_delays_no_caller_and_no_renewal,
    what_changes_nothing_is_not_told,
);

fn a_listener_is_told_of_every_change_in_order<W: Flavor>() {
    let site = Site::new();
    let (source, events) = listened_to::<W>(&site);

    site.respond([Behavior::Unavailable, Behavior::Token]);
    let token = W::ask(&source, Ask::Token).unwrap();
    let _invalidation = source.invalidate(&token);
    outlive(&source);

    assert!(matches!(next(&events), Event::Failed { .. }));
    assert!(matches!(next(&events), Event::Renewed { .. }));
    let rejected = next(&events);
    assert!(
        matches!(rejected, Event::Rejected { generation, invalidation: Invalidation::TooYoung { .. } }
            if generation == token.generation()),
        "{rejected:?}"
    );
    assert!(matches!(next(&events), Event::Restored { .. }));
}

fn a_listener_that_panics_is_told_of_the_next_event<W: Flavor>() {
    let site = Site::new();
    let (heard, events) = mpsc::channel();
    let source = site.builder::<W>(LONG_BACKOFFS).on_event(move |event| {
        heard.send(event.clone()).unwrap();
        panic!("the listener breaks");
    });
    let source = source.build().unwrap();

    hold_due(&source);
    assert!(matches!(next(&events), Event::Restored { .. }));
    hold_fresh(&source);
    outlive(&source);

    assert!(matches!(next(&events), Event::Restored { .. }));
}

fn a_listener_that_hangs_delays_no_caller_and_no_renewal<W: Flavor>() {
    let site = Site::new();
    let (entered, entries) = mpsc::channel();
    let (release, hangs) = mpsc::channel::<()>();
    let hangs = std::sync::Mutex::new(hangs);
    let source = site.builder::<W>(LONG_BACKOFFS).on_event(move |_| {
        entered.send(()).unwrap();
        let _released = hangs.lock().unwrap().recv();
    });
    let source = source.build().unwrap();

    site.respond([Behavior::Token; 3]);
    W::ask(&source, Ask::Token).unwrap();
    entries.recv().unwrap();
    W::ask(&source, Ask::RenewNow).unwrap();
    W::ask(&source, Ask::RenewNow).unwrap();

    assert_eq!(site.requests(), 3);
    drop(release);
}

fn what_changes_nothing_is_not_told<W: Flavor>() {
    let site = Site::new();
    let (source, events) = listened_to::<W>(&site);

    hold_fresh(&source);
    hold_fresh(&source);
    outlive(&source);

    assert!(
        matches!(next(&events), Event::Restored { generation, .. } if generation.to_string() == "1")
    );
    assert!(
        matches!(next(&events), Event::Restored { generation, .. } if generation.to_string() == "2")
    );
}

#[test]
fn a_thread_that_waits_for_a_newer_token_requests_none() {
    let site = Site::new();
    let source = site.source::<Blocking>(LONG_BACKOFFS);

    assert!(source.wait_newer(None, Duration::from_millis(1)).is_none());
    hold_due(&source);
    let due = source.wait_newer(None, Duration::ZERO).unwrap();
    assert!(
        source
            .wait_newer(Some(due.generation()), Duration::from_millis(1))
            .is_none()
    );

    assert_eq!(site.requests(), 0);
}

#[test]
fn a_thread_that_waits_for_a_newer_token_gets_it_when_it_comes() {
    let site = Site::new();
    let source = site.source::<Blocking>(LONG_BACKOFFS);
    hold_due(&source);
    let old = source.wait_newer(None, Duration::ZERO).unwrap();

    let follower = {
        let (source, old) = (source.clone(), old.generation());
        std::thread::spawn(move || source.wait_newer(Some(old), Duration::MAX))
    };
    site.respond([Behavior::Token]);
    let new = source.token_newer_than(&old).unwrap();

    let received = follower.join().unwrap().unwrap();
    assert_eq!(received.generation(), new.generation());
}

fn listened_to<W: Flavor>(site: &Site) -> (TokenSource<W>, Receiver<Event>) {
    let (heard, events) = mpsc::channel();
    let source = site.builder::<W>(SHORT_BACKOFFS);
    let source = source.on_event(move |event| heard.send(event.clone()).unwrap());
    (source.build().unwrap(), events)
}

fn next(events: &Receiver<Event>) -> Event {
    events.recv().unwrap()
}

/// Restores a token that outlives every other one.
fn outlive<W>(source: &TokenSource<W>) {
    let token = AccessToken::new(TokenType::Jwt, "d.e.f").unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    source.restore(StoredToken::new(token, day, source.now().wall));
}
