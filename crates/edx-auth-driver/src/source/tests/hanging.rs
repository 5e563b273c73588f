//! Hosts that never respond, and functions that never return.

use std::sync::Arc;
use std::time::Duration;

use crate::testing::{
    Ask, Behavior, Count, Flavor, LONG_BACKOFFS, Site, credentials, in_both_flavors, one_token,
};
use crate::threads::{EXCHANGES, FUNCTIONS};
use crate::{Blocking, TokenSource};

in_both_flavors!(
    a_hanging_host_with_320_sources_does_not_block_another_host,
    a_function_that_hangs_takes_one_thread,
    a_slow_function_still_brings_a_token,
);

fn a_hanging_host_with_320_sources_does_not_block_another_host<W: Flavor>() {
    let (sick, healthy) = (Site::new(), Site::new());
    let hanging: Vec<_> = (0..320).map(|_| sick.source::<W>(LONG_BACKOFFS)).collect();
    for source in &hanging {
        W::ask(source, Ask::Within(Duration::ZERO)).unwrap_err();
    }
    sick.receives(16);

    healthy.respond([Behavior::Token]);
    let source = healthy.source::<W>(LONG_BACKOFFS);
    W::ask(&source, Ask::Token).unwrap();

    assert_eq!(sick.requests(), 16);
    assert_eq!(EXCHANGES.waiting_for(sick.host()), 304);
    sick.respond([Behavior::Token; 320]);
    for source in &hanging {
        W::ask(source, Ask::Token).unwrap();
    }
    assert_eq!(sick.requests(), 320);
    assert_eq!(sick.most_at_once(), 16);
}

/// Tests blocking and async callers one after the other: each time, hanging functions take all the places
/// for functions in this process.
#[test]
fn hanging_functions_do_not_block_other_sources() {
    functions_that_hang::<Blocking>();
    #[cfg(feature = "async")]
    functions_that_hang::<crate::Async>();
}

fn functions_that_hang<W: Flavor>() {
    let (sick, other) = (Site::new(), Site::new());
    let gate = Gate::default();
    let hanging: Vec<_> = (0..80).map(|_| gate.source::<W>(&sick)).collect();
    for source in &hanging {
        W::ask(source, Ask::Within(Duration::ZERO)).unwrap_err();
    }
    gate.0.waiting.reaches(64);

    // A source without a function is served at once,
    other.respond([Behavior::Token]);
    W::ask(&other.source::<W>(LONG_BACKOFFS), Ask::Token).unwrap();

    // a source with another function as soon as the places were held for too long.
    let called = Arc::new(Count::default());
    let calls = Arc::clone(&called);
    let source = other.source_with::<W>(LONG_BACKOFFS, move || {
        calls.add();
        Ok(credentials("acme-api"))
    });
    W::ask(&source, Ask::Within(Duration::ZERO)).unwrap_err();
    assert_eq!((called.number(), gate.0.waiting.number()), (0, 64));
    FUNCTIONS.age_places_of(sick.host());
    other.respond([Behavior::Token]);
    W::ask(&source, Ask::Token).unwrap();

    assert_eq!(sick.requests(), 0);
}

#[test]
fn listeners_that_hang_delay_no_function_of_another_source() {
    let (told, other) = (Site::new(), Site::new());
    let gate = Gate::default();
    told.respond([Behavior::Token; 80]);
    let hanging: Vec<_> = (0..80).map(|_| gate.listener(&told)).collect();
    for source in &hanging {
        Blocking::ask(source, Ask::Token).unwrap();
    }
    gate.0.waiting.reaches(64);

    other.respond([Behavior::Token]);
    let provide = || Ok(credentials("acme-api"));
    let source = other.source_with::<Blocking>(LONG_BACKOFFS, provide);
    Blocking::ask(&source, Ask::Token).unwrap();

    assert_eq!(gate.0.waiting.number(), 64);
}

fn a_function_that_hangs_takes_one_thread<W: Flavor>() {
    let (site, gate) = (Site::new(), Gate::default());
    let source = gate.source::<W>(&site);

    W::ask(&source, Ask::Within(Duration::ZERO)).unwrap_err();
    gate.0.waiting.reaches(1);
    for _ in 0..20 {
        source.credentials_changed();
        W::ask(&source, Ask::Within(Duration::from_millis(1))).unwrap_err();
    }

    assert_eq!(gate.0.waiting.number(), 1);
    assert_eq!(FUNCTIONS.waiting_for(site.host()), 0);
}

fn a_slow_function_still_brings_a_token<W: Flavor>() {
    let (site, gate) = (Site::new(), Gate::default());
    let source = gate.source::<W>(&site);

    let callers = W::start(8, &source, Ask::Token);
    gate.0.waiting.reaches(1);
    callers.have_asked();
    drop(gate);
    site.respond([Behavior::Token]);

    one_token(callers.results());
    assert_eq!(site.requests(), 1);
}

/// Functions wait at this gate. It opens when it is dropped, even if a test fails.
#[derive(Default)]
struct Gate(Arc<Doors>);

#[derive(Default)]
struct Doors {
    waiting: Count,
    open: Count,
}

impl Gate {
    /// Returns a source whose listener waits here.
    fn listener(&self, site: &Site) -> TokenSource<Blocking> {
        let doors = Arc::clone(&self.0);
        let source = site.builder(LONG_BACKOFFS);
        let source = source.on_event(move |_| {
            doors.waiting.add();
            doors.open.reaches(1);
        });
        source.build().unwrap()
    }

    fn source<W>(&self, site: &Site) -> TokenSource<W> {
        let doors = Arc::clone(&self.0);
        site.source_with(LONG_BACKOFFS, move || {
            doors.waiting.add();
            doors.open.reaches(1);
            Ok(credentials("acme-api"))
        })
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.0.open.add();
    }
}
