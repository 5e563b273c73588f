//! Servers to which the drivers send nothing.

use edx_auth_core::TransportFailure;

use super::authority::{Authority, Identity, Validity};
use super::connectors::{CONNECTORS, Connector, Failed, SECRET, TOKEN};
use super::listener::Listener;
use super::peers;
use super::target::Target;

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
        let target = Target::to(&server.url()).trusting(&company);
        for connector in CONNECTORS {
            distrusted(connector, &target, case);
        }
        assert_eq!(server.decrypted(), "", "{case}");
    }
}

#[test]
fn an_authority_unknown_to_the_system_is_untrusted() {
    let server = peers::site(Authority::new().certify(HOST, Validity::Now).server());
    for connector in CONNECTORS {
        distrusted(
            connector,
            &Target::to(&server.url()),
            "with the system's roots",
        );
    }
    assert_eq!(server.decrypted(), "");
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
        let server = peers::responding(server);
        let target = Target::to(&server.url()).trusting(&company);
        for connector in CONNECTORS {
            let rejected = connector.connect(&target).expect_err(case);

            let case = format!("{}: {case}: {}", connector.name, rejected.shown);
            assert_eq!(rejected.failure, TransportFailure::NotSent, "{case}");
            assert!(rejected.advice.contains("speaks https or http"), "{case}");
        }
        received_no_secret(&server, case);
    }
}

#[test]
fn a_server_that_hangs_up_on_the_client_hello_receives_nothing() {
    let server = peers::hanging_up();
    for connector in CONNECTORS {
        let rejected = connector
            .connect(&Target::to(&server.url()))
            .expect_err(connector.name);

        let case = format!("{}: {}", connector.name, rejected.shown);
        assert_eq!(rejected.failure, TransportFailure::NotSent, "{case}");
        assert!(rejected.advice.contains("speaks https or http"), "{case}");
    }
    received_no_secret(&server, "hanging up");
}

#[test]
fn a_token_request_alone_reports_an_invalid_proxy_as_a_source_does() {
    for driver in super::program::DRIVERS {
        let proxy = [("HTTPS_PROXY", "http://proxy.example.org:port")];

        let output = super::program::exchange(driver, "https://127.0.0.1:9", &proxy).output;

        assert!(
            output.starts_with("HTTPS_PROXY is not the URL of a proxy\n"),
            "{driver}: {output}"
        );
    }
}

/// Checks that the connection failed for the certificate, and that a retry will not help.
fn distrusted(connector: Connector, target: &Target, case: &str) {
    let Failed {
        failure,
        is_retryable,
        advice,
        shown,
    } = connector.connect(target).expect_err(case);

    let case = format!("{}: {case}: {shown}", connector.name);
    assert_eq!(failure, TransportFailure::NotTrusted, "{case}");
    assert!(!is_retryable, "{case}");
    assert!(advice.contains("certificate"), "{case}");
    assert!(shown.contains("certificate"), "{case}");
}

fn received_no_secret(server: &Listener, case: &str) {
    let wire = server.wire();
    for output in [SECRET, TOKEN, "HTTP/1.1"] {
        assert!(!wire.contains(output), "{case}: {wire}");
    }
}

/// The host of all servers here.
const HOST: &str = "127.0.0.1";
