//! Callers that are dropped at any of their awaits.

use concurrent::TokenSource;
use machine::{delay, thread, time};
use scenarios::site::{self, Answer};
use scenarios::{BRISK, HOUR, Plan, STEADY, Source};
use shuttle::future::block_on;

use crate::task::{dropped, patient};

pub(crate) fn callers_on_tasks_share_one_exchange() {
    let source = TokenSource::of(Plan::new(STEADY));

    patient(8, &source).one_token();

    assert_eq!(site::requests(), 1);
}

pub(crate) fn a_caller_dropped_at_any_await_takes_nobody_along() {
    let source = TokenSource::of(Plan::new(STEADY));

    let gone = dropped(3, || asking(&source));
    patient(3, &source).one_token();
    let _asked = gone.results();

    assert_eq!(site::requests(), 1);
}

pub(crate) fn a_caller_dropped_in_a_pause_takes_nobody_along() {
    let source = TokenSource::of(Plan::new(BRISK).patience(2 * HOUR));
    site::answers([Answer::Unavailable, Answer::Panic]);
    time::passes(HOUR);

    let gone = dropped(3, || asking(&source));
    patient(2, &source).one_token();
    let _asked = gone.results();

    assert_eq!(site::requests(), 3);
}

pub(crate) fn callers_that_are_all_dropped_leave_a_token_behind() {
    let source = TokenSource::of(Plan::new(STEADY));

    let _asked = dropped(3, || asking(&source)).results();

    thread::end();
    block_on(source.token()).unwrap();
    thread::end();
    assert_eq!(site::requests(), 1);
}

pub(crate) fn a_caller_dropped_in_a_renewal_takes_nobody_along() {
    let source = TokenSource::of(Plan::new(STEADY));
    let old = block_on(source.token()).unwrap();
    time::pass(HOUR / 6);

    let gone = dropped(2, || {
        let (source, old) = (source.clone(), old.clone());
        async move {
            let _refusal = source.invalidate(&old);
            source.token_newer_than(&old).await
        }
    });
    let newer = Source::token_newer_than(&source, &old).unwrap();
    let _asked = gone.results();

    assert!(newer.generation() > old.generation());
    assert_eq!(site::requests(), 2);
}

pub(crate) fn a_caller_without_a_clock_takes_nobody_along() {
    let source = TokenSource::of(Plan::new(STEADY));
    delay::refuse(2);

    let asked = patient(6, &source).results();

    let without_clock = asked.iter().filter(|asked| asked.is_err());
    assert!(without_clock.count() <= 2);
    thread::end();
    block_on(source.token()).unwrap();
    assert_eq!(site::requests(), 1);
}

fn asking(source: &TokenSource) -> impl Future<Output = scenarios::Asked> + Send + use<> {
    let source = source.clone();
    async move { source.token().await }
}
