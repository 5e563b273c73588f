//! Bodies that end with their connection. Under TLS a server announces this end; a connection that ends
//! without the announcement was cut (RFC 9112 section 9.8).

use super::authority::{Authority, Validity};
use super::backend::DETECTING;
use super::peers::{self, Cut};
use super::program::{DRIVERS, Run, run, system_roots};

#[test]
fn a_body_that_ends_with_its_tls_connection_is_whole() {
    for driver in DRIVERS {
        let run = run_at(driver, Cut::Nothing);

        assert!(run.succeeded, "{driver}: {}", run.output);
        assert!(
            run.output.ends_with("a,b\n1,2\n3,4\n\n"),
            "{driver}: {}",
            run.output
        );
    }
}

#[test]
fn a_body_cut_off_under_tls_is_an_error() {
    for driver in DETECTING {
        let run = run_at(driver, Cut::Call);

        assert!(!run.succeeded, "{driver}: {}", run.output);
        assert!(
            run.output.starts_with("200 OK\nbroken: "),
            "{driver}: {}",
            run.output
        );
    }
}

/// The error is not that the response contains no token: another request may bring it.
#[test]
fn a_token_response_cut_off_under_tls_is_an_error_of_the_connection() {
    for driver in DETECTING {
        let run = run_at(driver, Cut::Token);

        assert!(!run.succeeded, "{driver}: {}", run.output);
        let words = "closed the connection before the response was complete";
        assert!(run.output.contains(words), "{driver}: {}", run.output);
        assert!(run.output.contains("Try again"), "{driver}: {}", run.output);
    }
}

fn run_at(driver: &str, cut: Cut) -> Run {
    let company = Authority::new();
    let server = company.certify("127.0.0.1", Validity::Now).server();
    let site = peers::cutting(server, cut);
    let (roots, file) = system_roots(&company, &format!("endings-{driver}-{}.pem", cut as u8));
    run(driver, &site.url(), &[(roots, &file)])
}
