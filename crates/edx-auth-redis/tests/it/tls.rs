//! Redis with TLS.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use edx_auth_driver::TokenStore as _;
use edx_auth_redis::{RedisError, RedisStore};

use crate::outages::no_server;
use crate::real_redis::RealRedis;
use crate::tokens::{HOUR, cause, loaded, request, token};

#[test]
fn a_certificate_of_a_known_authority_is_needed() {
    let port = no_server().to_string();
    let (certificate, key) = certificate();
    let Some(_redis) = RealRedis::start_or_skip(&[
        "--tls-port",
        &port,
        "--tls-cert-file",
        certificate.to_str().unwrap(),
        "--tls-key-file",
        key.to_str().unwrap(),
        "--tls-ca-cert-file",
        certificate.to_str().unwrap(),
        "--tls-auth-clients",
        "no",
    ]) else {
        return;
    };

    let error = cause(store(&port).load(&request()));
    let RedisError::Unreachable(error) = error else {
        panic!("{error:?}")
    };
    assert!(error.to_string().contains("certificate"), "{error}");

    let program = env::current_exe().unwrap();
    let trusting = Command::new(program)
        .args([
            "--ignored",
            "--exact",
            "tls::a_process_that_trusts_the_certificate",
        ])
        .env("SSL_CERT_FILE", certificate)
        .env("EDX_AUTH_TEST_PORT", &port)
        .output();
    let output = trusting.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[test]
#[ignore = "runs in a process with its own environment"]
fn a_process_that_trusts_the_certificate() {
    let store = store(&env::var("EDX_AUTH_TEST_PORT").unwrap());

    store.save(&request(), &token("one", HOUR), None).unwrap();

    assert_eq!(loaded(&store).unwrap(), "one");
}

fn store(port: &str) -> RedisStore {
    let store = RedisStore::new(&format!("rediss://127.0.0.1:{port}"));
    store.unwrap().timeout(HOUR)
}

/// Writes a certificate for this machine, and its key.
fn certificate() -> (PathBuf, PathBuf) {
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (certificate, key) = (folder.join("redis.crt"), folder.join("redis.key"));
    fs::write(&certificate, certified.cert.pem()).unwrap();
    fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
    (certificate, key)
}
