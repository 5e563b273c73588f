//! Servers that are trusted, and by what a program hands in.

use super::authority::{Authority, Identity, Validity};
use super::doors::{DOORS, SECRET, TOKEN};
use super::peers;
use super::way::Way;

#[test]
fn a_companys_own_authority_can_be_supplied() {
    let company = Authority::new();
    let server = peers::site(company.certify(HOST, Validity::Now).server());
    let way = Way::to(&server.url()).trusting(&company);

    for door in DOORS {
        if let Err(refused) = door.go(&way) {
            panic!("{}: {}", door.name, refused.shown)
        }
    }

    let said = server.opened();
    assert_eq!(said.matches(SECRET).count(), 2, "{said}");
    assert_eq!(said.matches(TOKEN).count(), 2, "{said}");
}

#[test]
fn the_single_certificate_of_a_site_can_be_supplied() {
    let identity = Identity::self_signed(HOST);
    let server = peers::site(identity.server());
    let way = Way::to(&server.url()).trusting_der(identity.certificate_der());

    for door in DOORS {
        assert!(door.go(&way).is_ok(), "{}", door.name);
    }
}

#[test]
fn a_supplied_client_certificate_is_presented() {
    let company = Authority::new();
    let server = peers::site(company.mutual(&company.certify(HOST, Validity::Now)));
    let way = Way::to(&server.url()).trusting(&company);
    let member = way.clone().showing(&company.certify("acme", Validity::Now));
    let stranger = way
        .clone()
        .showing(&Authority::new().certify("acme", Validity::Now));

    for door in DOORS {
        for outsider in [&way, &stranger] {
            assert!(door.go(outsider).is_err(), "{}", door.name);
        }
    }
    assert_eq!(server.opened(), "");
    for door in DOORS {
        if let Err(refused) = door.go(&member) {
            panic!("{}: {}", door.name, refused.shown)
        }
    }
}

const HOST: &str = "127.0.0.1";
