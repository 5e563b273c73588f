//! Servers that nothing is said to.

use edx_auth_core::TransportFailure;

use super::authority::{Authority, Identity, Validity};
use super::backend::UNTRUSTED;
use super::doors::{DOORS, Door, Refused, SECRET, TOKEN};
use super::listener::Listener;
use super::peers;
use super::way::Way;

#[test]
fn a_server_without_a_valid_certificate_receives_nothing() {
    let company = Authority::new();
    let signed = |name, validity| company.certify(name, validity).server();
    for (case, server) in [
        ("for another host", signed("lms.example", Validity::Now)),
        ("expired", signed(HOST, Validity::Over)),
        ("not valid yet", signed(HOST, Validity::ToCome)),
        ("self-signed", Identity::self_signed(HOST).server()),
        (
            "of an unknown authority",
            Authority::new().certify(HOST, Validity::Now).server(),
        ),
    ] {
        let server = peers::site(server);
        let way = Way::to(&server.url()).trusting(&company);
        for door in DOORS {
            distrusted(door, &way, case);
        }
        assert_eq!(server.opened(), "", "{case}");
    }
}

#[test]
fn an_authority_unknown_to_the_system_is_not_trusted() {
    let server = peers::site(Authority::new().certify(HOST, Validity::Now).server());
    for door in DOORS {
        distrusted(door, &Way::to(&server.url()), "with the system's roots");
    }
    assert_eq!(server.opened(), "");
}

#[test]
fn a_server_without_modern_tls_receives_only_the_client_hello() {
    let company = Authority::new();
    for (case, server) in [
        ("plain text", peers::PLAIN_TEXT),
        ("TLS 1.1", peers::HELLO_OF_TLS_1_1),
        ("no common version", peers::NO_COMMON_VERSION),
        ("no common suite", peers::NO_COMMON_SUITE),
    ] {
        let server = peers::answering(server);
        let way = Way::to(&server.url()).trusting(&company);
        for door in DOORS {
            let refused = door.go(&way).expect_err(case);

            let case = format!("{}: {case}: {}", door.name, refused.shown);
            assert_eq!(refused.failure, TransportFailure::NotSent, "{case}");
            assert!(refused.advice.contains("speaks https or http"), "{case}");
        }
        heard_no_secret(&server, case);
    }
}

#[test]
fn a_server_that_hangs_up_on_the_client_hello_was_sent_nothing() {
    let server = peers::hanging_up();
    for door in DOORS {
        let refused = door.go(&Way::to(&server.url())).expect_err(door.name);

        let case = format!("{}: {}", door.name, refused.shown);
        assert_eq!(refused.failure, TransportFailure::NotSent, "{case}");
        assert!(refused.advice.contains("speaks https or http"), "{case}");
    }
    heard_no_secret(&server, "hanging up");
}

#[cfg(feature = "rustls")]
#[test]
fn without_ca_certificates_the_error_says_what_to_install() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-certificates.pem");
    std::fs::write(&file, "").unwrap();
    for driver in super::program::DRIVERS {
        let roots = [("SSL_CERT_FILE", file.to_str().unwrap())];

        let said = super::program::run(driver, "https://127.0.0.1:9", &roots).said;

        for part in [
            "the system has no CA certificates",
            "ca-certificates",
            "SSL_CERT_FILE",
        ] {
            assert!(said.contains(part), "{driver}: {said}");
        }
        assert!(!said.contains("could not be reached"), "{driver}: {said}");
    }
}

/// Nothing came of it, it stays so, and a person learns that it is the certificate.
fn distrusted(door: Door, way: &Way, case: &str) {
    let Refused {
        failure,
        is_retryable,
        advice,
        shown,
    } = door.go(way).expect_err(case);

    let case = format!("{}: {case}: {shown}", door.name);
    assert_eq!((failure, is_retryable), UNTRUSTED, "{case}");
    assert!(advice.contains("certificate"), "{case}");
    assert!(shown.contains("certificate"), "{case}");
}

fn heard_no_secret(server: &Listener, case: &str) {
    let wire = server.wire();
    for said in [SECRET, TOKEN, "HTTP/1.1"] {
        assert!(!wire.contains(said), "{case}: {wire}");
    }
}

/// The name under which the servers here are asked.
const HOST: &str = "127.0.0.1";
