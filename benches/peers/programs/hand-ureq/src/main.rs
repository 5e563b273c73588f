//! One token by ureq alone.

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("a URL")?;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "id"),
        ("client_secret", "secret"),
    ];
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
    let config = Agent::config_builder().tls_config(tls.build());
    let body = Agent::from(config.build())
        .post(&url)
        .send_form(form)?
        .body_mut()
        .read_to_string()?;
    let response: serde_json::Value = serde_json::from_str(&body)?;
    println!(
        "{}",
        response["access_token"].as_str().ok_or("a token")?.len()
    );
    Ok(())
}
