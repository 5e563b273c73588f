//! The wakers of async callers.

use std::panic;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use machine::thread;
use shuttle::future::{block_on, spawn};

use crate::plan::{LONG_BACKOFFS, Plan};
use crate::site;
use crate::source::Source;
use crate::tasks::waiting;

/// The schedule decides at which moment of the caller's polls the notification comes.
pub(super) fn a_report_is_never_lost_between_two_polls() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut caller = pin!(source.token_async());

    let first = caller.as_mut().poll(&mut Context::from_waker(&waker));
    thread::join_all();

    if first.is_pending() {
        assert!(woken.0.load(Ordering::Relaxed), "the report was lost");
        let second = caller.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(matches!(second, Poll::Ready(Ok(_))));
    }
    assert_eq!(site::requests(), 1);
}

/// A future may move from one task to another between two polls.
pub(super) fn the_last_waker_of_a_caller_is_woken() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let mut caller = Box::pin(source.token_async());

    let first = caller
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));

    let moved = spawn(async move {
        match first {
            Poll::Ready(asked) => asked,
            Poll::Pending => caller.await,
        }
    });
    block_on(moved).unwrap().unwrap();
    assert_eq!(site::requests(), 1);
}

pub(super) fn a_panicking_waker_harms_no_other_caller() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let panicking = Waker::from(Arc::new(UsesAndPanics(source.clone())));
    let mut caller = pin!(source.token_async());
    let others = waiting(3, &source);

    let first = caller.as_mut().poll(&mut Context::from_waker(&panicking));

    others.one_token();
    thread::join_all();
    assert!(first.is_pending() || matches!(first, Poll::Ready(Ok(_))));
    assert_eq!(site::requests(), 1);
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct UsesAndPanics(Source);

impl Wake for UsesAndPanics {
    fn wake(self: Arc<Self>) {
        let _health = self.0.health();
        panic::resume_unwind(Box::new("the waker panics"));
    }
}
