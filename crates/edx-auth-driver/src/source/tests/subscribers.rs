//! Subscribers of `tracing` that panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::with_default;
use tracing::{Event, Metadata, Subscriber};

use crate::testing::{
    Ask, Behavior, Flavor, LONG_BACKOFFS, SHORT_BACKOFFS, Site, credentials, hold_fresh,
    in_both_flavors,
};

in_both_flavors!(
    a_panicking_subscriber_keeps_no_caller_from_its_token,
    a_panicking_subscriber_keeps_no_caller_from_its_error,
    a_panicking_subscriber_of_a_caller_leaves_the_source_in_order,
);

/// A callback of a subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Callback {
    Event,
    NewSpan,
    Enter,
    Exit,
    Record,
    Close,
    FollowsFrom,
}

const CALLBACKS: [Callback; 7] = [
    Callback::Event,
    Callback::NewSpan,
    Callback::Enter,
    Callback::Exit,
    Callback::Record,
    Callback::Close,
    Callback::FollowsFrom,
];

fn a_panicking_subscriber_keeps_no_caller_from_its_token<W: Flavor>() {
    for callback in CALLBACKS {
        let site = Site::new();
        let provide = || Ok(credentials("acme-api"));
        let source = site.source_with::<W>(SHORT_BACKOFFS, provide);

        // The transport panics at the first request, and fails at the second.
        site.respond([Behavior::Panic, Behavior::Unavailable, Behavior::Token]);
        let token = with_default(PanicsIn(callback), || W::ask(&source, Ask::Token));

        assert!(token.is_ok(), "{callback:?}");
        assert_eq!(site.requests(), 3, "{callback:?}");
    }
}

fn a_panicking_subscriber_keeps_no_caller_from_its_error<W: Flavor>() {
    for callback in CALLBACKS {
        for behavior in [Behavior::Panic, Behavior::Denied] {
            let site = Site::new();
            let source = site.source::<W>(LONG_BACKOFFS);

            site.respond([behavior]);
            let result = with_default(PanicsIn(callback), || W::ask(&source, Ask::Token));

            assert!(result.is_err(), "{callback:?}, {behavior:?}");
            assert_eq!(source.health().failures, 1, "{callback:?}, {behavior:?}");
        }
    }
}

fn a_panicking_subscriber_of_a_caller_leaves_the_source_in_order<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    hold_fresh(&source);
    let old = W::ask(&source, Ask::Token).unwrap();

    let rejects = AssertUnwindSafe(|| source.invalidate(&old));
    let panics = with_default(PanicsIn(Callback::Event), || catch_unwind(rejects));
    site.respond([Behavior::Token]);
    let new = W::ask(&source, Ask::NewerThan(old.clone())).unwrap();

    assert!(panics.is_err());
    assert!(new.generation() > old.generation());
}

/// A subscriber that panics in one of its callbacks.
struct PanicsIn(Callback);

impl PanicsIn {
    fn called(&self, callback: Callback) {
        assert!(self.0 != callback, "the subscriber breaks in {callback:?}");
    }
}

impl Subscriber for PanicsIn {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        self.called(Callback::NewSpan);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {
        self.called(Callback::Record);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {
        self.called(Callback::FollowsFrom);
    }

    fn event(&self, _: &Event<'_>) {
        self.called(Callback::Event);
    }

    fn enter(&self, _: &Id) {
        self.called(Callback::Enter);
    }

    fn exit(&self, _: &Id) {
        self.called(Callback::Exit);
    }

    fn try_close(&self, _: Id) -> bool {
        self.called(Callback::Close);
        true
    }
}
