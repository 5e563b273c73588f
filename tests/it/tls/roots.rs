//! When the drivers read the system's roots.

use std::fs;
use std::path::Path;

use super::authority::{Authority, Validity};
use super::peers;
use super::program::{DRIVERS, exchange, run, system_roots};

#[test]
fn the_roots_of_the_first_connection_are_those_of_the_next() {
    for driver in DRIVERS {
        let company = Authority::new();
        let (roots, file) = system_roots(&company, &format!("read-once-{driver}.pem"));
        let path = file.clone();
        let server = company.certify(HOST, Validity::Now).server();
        let site = peers::site_after(move || drop(fs::remove_file(&path)), server);

        let run = run(driver, &site.url(), &[(roots, &file)]);

        assert!(run.succeeded, "{driver}: {}", run.output);
    }
}

#[test]
fn a_token_of_the_store_needs_no_roots() {
    for driver in DRIVERS {
        let company = Authority::new();
        let site = peers::site(company.certify(HOST, Validity::Now).server());
        let (roots, file) = system_roots(&company, &format!("stored-{driver}.pem"));
        let folder = format!("stored-without-roots-{driver}");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        let _absent = fs::remove_dir_all(&folder);
        let store = format!("file:{}", folder.display());
        let settings = [(roots, &*file), ("EDX_TOKEN_STORE", &*store)];
        assert!(run(driver, &site.url(), &settings).succeeded, "{driver}");

        fs::write(&file, "").unwrap();
        let run = run(driver, &site.url(), &settings);

        let call = "/api could not be verified: the system has no CA certificates";
        assert!(run.output.contains(call), "{driver}: {}", run.output);
    }
}

#[test]
fn without_ca_certificates_the_error_says_what_to_install() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-certificates.pem");
    fs::write(&file, "").unwrap();
    let server = peers::silent();
    for driver in DRIVERS {
        let roots = [("SSL_CERT_FILE", file.to_str().unwrap())];
        for run in [run, exchange] {
            let output = run(driver, &server.url(), &roots).output;

            for part in [
                "could not be verified: the system has no CA certificates",
                "ca-certificates",
                "SSL_CERT_FILE",
            ] {
                assert!(output.contains(part), "{driver}: {output}");
            }
            assert!(
                !output.contains("could not be reached"),
                "{driver}: {output}"
            );
        }
    }
}

/// The host of all servers here.
const HOST: &str = "127.0.0.1";
