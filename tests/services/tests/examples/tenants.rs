//! Many tenants: each has its own token, and credentials that are replaced while it runs.

#[path = "../../examples/tenants.rs"]
mod example;

use std::fs;
use std::path::Path;

use edx_auth_testkit::MockEdx;
use edx_auth_ureq::TokenEndpoint;

use super::folder;

#[test]
fn each_tenant_has_its_own_token_and_label() {
    let (_site, tenants, _) = start("tenants");

    let acme = tenants.get("acme").unwrap();
    let umbrella = tenants.get("umbrella").unwrap();
    let (one, two) = (acme.token().unwrap(), umbrella.token().unwrap());

    assert_ne!(one.authorization(), two.authorization());
    assert_eq!(acme.health().label.as_deref(), Some("acme"));
    assert!(tenants.get("hooli").is_none());
}

#[test]
fn replaced_files_are_used_for_the_next_token() {
    let (site, tenants, folder) = start("rotated-tenants");
    let acme = tenants.get("acme").unwrap();
    acme.token().unwrap();

    site.set_secret("acme-api", "third");
    write(&folder, "acme", "third");

    acme.renew_now().unwrap();
    assert_eq!(acme.health().failures, 0);
}

#[test]
fn a_tenant_without_access_does_not_disturb_the_others() {
    let (site, tenants, _) = start("revoked-tenants");
    site.revoke("acme-api");

    assert!(tenants.get("acme").unwrap().token().is_err());
    tenants.get("umbrella").unwrap().token().unwrap();
}

fn start(name: &str) -> (MockEdx, example::Tenants, std::path::PathBuf) {
    let folder = folder(name);
    write(&folder, "acme", "first");
    write(&folder, "umbrella", "second");
    let site = MockEdx::builder()
        .client("acme-api", "first")
        .client("umbrella-api", "second");
    let site = site.start().unwrap();
    let endpoint = TokenEndpoint::open_edx(site.url()).unwrap();
    let tenants = example::Tenants::open(&folder, &endpoint).unwrap();
    (site, tenants, folder)
}

/// Writes a tenant's client credentials, each with a line break as an editor leaves it.
fn write(folder: &Path, tenant: &str, secret: &str) {
    let folder = folder.join(tenant);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("client_id"), format!("{tenant}-api\n")).unwrap();
    fs::write(folder.join("client_secret"), format!("{secret}\n")).unwrap();
}
