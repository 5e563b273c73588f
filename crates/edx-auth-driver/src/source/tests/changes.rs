//! Tasks that follow the token.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::Async;
use crate::testing::{
    Behavior, Count, LONG_BACKOFFS, Site, block_on, hold_due, hold_fresh, polled,
};

#[test]
fn the_cached_token_comes_first_then_each_newer_one() {
    let site = Site::new();
    let source = site.source::<Async>(LONG_BACKOFFS);
    hold_due(&source);
    let mut changes = source.changes();

    let first = block_on(changes.next()).unwrap();
    hold_fresh(&source);
    site.respond([Behavior::Token]);
    let new = block_on(source.token_newer_than(&first)).unwrap();
    let second = block_on(changes.next()).unwrap();

    assert_eq!(first.generation().to_string(), "1");
    assert_eq!(second.generation(), new.generation());
}

#[test]
fn following_requests_no_token() {
    let site = Site::new();
    let source = site.source::<Async>(LONG_BACKOFFS);
    let mut changes = source.changes();

    let mut context = Context::from_waker(Waker::noop());
    let waits = pin!(changes.next()).poll(&mut context);

    assert!(matches!(waits, Poll::Pending));
    assert_eq!(site.requests(), 0);
}

#[test]
fn a_task_that_waits_is_woken_by_the_next_token() {
    let site = Site::new();
    let source = site.source::<Async>(LONG_BACKOFFS);
    let polls = Arc::new(Count::default());

    let follower = {
        let (mut changes, polls) = (source.changes(), Arc::clone(&polls));
        std::thread::spawn(move || block_on(polled(changes.next(), polls)))
    };
    polls.reaches(1);
    hold_fresh(&source);

    follower.join().unwrap().unwrap();
}
