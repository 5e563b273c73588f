//! The conformance kit over our own drivers, and over drivers with one fault each.

mod caught;
mod faulty_drivers;
mod over_layers;
mod over_reqwest;
mod over_ureq;

use edx_auth_testkit::conformance::{self, Outcome};
use edx_auth_tests::unified::differs;

use crate::layers::{OverMiddleware, OverTower};
use over_layers::Over;
use over_reqwest::OverReqwest;
use over_ureq::OverUreq;

#[test]
fn the_driver_over_ureq_conforms() {
    let report = conformance::check::<OverUreq>();
    let failed = report.findings().iter().filter(|finding| {
        let failed = matches!(finding.outcome, Outcome::Failed(_));
        failed != differs("ureq", finding.item.name())
    });
    assert_eq!(failed.count(), 0, "{report}");
}

#[test]
fn the_driver_over_reqwest_conforms() {
    conformance::check::<OverReqwest>().assert_conforming();
}

#[test]
fn the_layer_for_tower_conforms() {
    conformance::check::<Over<OverTower>>().assert_conforming();
}

#[test]
fn the_middleware_for_reqwest_conforms() {
    conformance::check::<Over<OverMiddleware>>().assert_conforming();
}
