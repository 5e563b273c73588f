//! The conformance kit over our own drivers, and over drivers with one fault each.

mod caught;
mod over_reqwest;
mod over_ureq;
mod wrong;

use edx_auth_testkit::conformance;

use over_reqwest::OverReqwest;
use over_ureq::OverUreq;

#[test]
fn the_driver_over_ureq_conforms() {
    conformance::check::<OverUreq>().assert_conforming();
}

#[test]
fn the_driver_over_reqwest_conforms() {
    conformance::check::<OverReqwest>().assert_conforming();
}
