//! The wakers of async callers.

use std::pin::{Pin, pin};
use std::task::{Context, Wake, Waker};
use std::thread;

use crate::engine::tests::engine;
use crate::engine::*;
use crate::testing::{Behavior, Count, LONG_BACKOFFS, Site, block_on};

#[test]
fn the_waker_of_a_dropped_caller_is_removed() {
    let site = Site::new();
    let engine = Arc::new(engine(&site, LONG_BACKOFFS));

    let (mut stays, mut leaves) = (Box::pin(acquiring(&engine)), Box::pin(acquiring(&engine)));
    poll(stays.as_mut(), Waker::noop());
    poll(leaves.as_mut(), Waker::noop());
    assert_eq!(engine.lock().waiters.len(), 2);
    drop(leaves);
    assert_eq!(engine.lock().waiters.len(), 1);
    drop(stays);

    assert_eq!(engine.lock().waiters.len(), 0);
}

#[test]
fn a_caller_that_is_polled_again_keeps_one_waker() {
    let site = Site::new();
    let engine = Arc::new(engine(&site, LONG_BACKOFFS));

    let mut caller = pin!(acquiring(&engine));
    for _ in 0..10 {
        poll(caller.as_mut(), Waker::noop());
    }

    assert_eq!(engine.lock().waiters.len(), 1);
}

#[test]
fn a_report_between_two_polls_is_noticed() {
    let site = Site::new();
    let engine = Arc::new(engine(&site, LONG_BACKOFFS));
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));

    let mut caller = pin!(acquiring(&engine));
    poll(caller.as_mut(), &waker);
    site.respond([Behavior::Token]);
    woken.0.reaches(1);
    let result = caller.as_mut().poll(&mut Context::from_waker(&waker));

    assert!(matches!(result, Poll::Ready(Ok(Ok(_)))));
    assert_eq!(engine.lock().waiters.len(), 0);
}

#[test]
fn a_waker_may_use_the_source_and_panic() {
    let site = Site::new();
    let engine = Arc::new(engine(&site, LONG_BACKOFFS));
    let panicking = Waker::from(Arc::new(UsesAndPanics(Arc::clone(&engine))));

    let mut first = pin!(acquiring(&engine));
    poll(first.as_mut(), &panicking);
    let (waits, other) = (Arc::new(Count::default()), Arc::clone(&engine));
    let polls = Arc::clone(&waits);
    let other = thread::spawn(move || block_on(crate::testing::polled(acquiring(&other), polls)));
    waits.reaches(1);
    site.respond([Behavior::Token]);

    other.join().unwrap().unwrap().unwrap();
}

async fn acquiring(engine: &Arc<Engine>) -> Result<Result<LiveToken, TokenError>, TimerError> {
    engine.wait_for(acquire(Need::any(), None)).await
}

fn poll<F: Future>(future: Pin<&mut F>, waker: &Waker) {
    let state = future.poll(&mut Context::from_waker(waker));
    assert!(state.is_pending());
}

#[derive(Default)]
struct Woken(Count);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.add();
    }
}

struct UsesAndPanics(Arc<Engine>);

impl Wake for UsesAndPanics {
    fn wake(self: Arc<Self>) {
        let health = self.0.look(TokenAgent::health);
        panic!("the waker breaks: {health}");
    }
}
