//! Servers that are trusted, by the settings that a program supplies.

use super::authority::{Authority, Identity, Validity};
use super::connectors::{CONNECTORS, SECRET, TOKEN};
use super::peers;
use super::target::Target;

#[test]
fn a_companys_own_authority_can_be_supplied() {
    let company = Authority::new();
    let server = peers::site(company.certify(HOST, Validity::Now).server());
    let target = Target::to(&server.url()).trusting(&company);

    for connector in CONNECTORS {
        if let Err(rejected) = connector.connect(&target) {
            panic!("{}: {}", connector.name, rejected.shown)
        }
    }

    let output = server.decrypted();
    assert_eq!(output.matches(SECRET).count(), 2, "{output}");
    assert_eq!(output.matches(TOKEN).count(), 2, "{output}");
}

#[test]
fn the_single_certificate_of_a_site_can_be_supplied() {
    let identity = Identity::self_signed(HOST);
    let server = peers::site(identity.server());
    let target = Target::to(&server.url()).trusting_der(identity.certificate_der());

    for connector in CONNECTORS {
        assert!(connector.connect(&target).is_ok(), "{}", connector.name);
    }
}

#[test]
fn a_supplied_client_certificate_is_presented() {
    let company = Authority::new();
    let server = peers::site(company.mutual(&company.certify(HOST, Validity::Now)));
    let target = Target::to(&server.url()).trusting(&company);
    let member = target
        .clone()
        .showing(&company.certify("acme", Validity::Now));
    let stranger = target
        .clone()
        .showing(&Authority::new().certify("acme", Validity::Now));

    for connector in CONNECTORS {
        for outsider in [&target, &stranger] {
            assert!(connector.connect(outsider).is_err(), "{}", connector.name);
        }
    }
    assert_eq!(server.decrypted(), "");
    for connector in CONNECTORS {
        if let Err(rejected) = connector.connect(&member) {
            panic!("{}: {}", connector.name, rejected.shown)
        }
    }
}

const HOST: &str = "127.0.0.1";
