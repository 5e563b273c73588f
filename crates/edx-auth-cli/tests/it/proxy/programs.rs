//! Programs in other languages, which read a list through the proxy.

use std::fs;
use std::process::Command;

use edx_auth_testkit::MockEdx;

use super::Proxy;
use crate::site::{Ended, Site};

#[test]
fn curl_follows_the_links_of_a_list() {
    let site = Site::start();
    let proxy = Proxy::to(&site);
    let mut next = Some(format!("{}{}", proxy.url(), MockEdx::CATALOGS_PATH));
    let mut items = 0;

    while let Some(url) = next {
        assert!(url.starts_with(&proxy.url()), "{url}");
        let page = Ended::of(&mut proxy.curl(&[&url])).success();
        let page: serde_json::Value = serde_json::from_str(&page).unwrap();
        items += page["results"].as_array().unwrap().len();
        next = page["next"].as_str().map(str::to_owned);
    }

    assert_eq!(items, 25);
    assert_eq!(site.edx.token_requests(), 1);
}

#[test]
fn python_follows_the_links_of_a_list() {
    let site = Site::start();
    let proxy = Proxy::to(&site);

    let mut python = Command::new("python3");
    python.args(["-c", include_str!("read_list.py")]);
    python.arg(format!("{}{}", proxy.url(), MockEdx::CATALOGS_PATH));
    python.arg(&proxy.secret_file);

    assert_eq!(Ended::of(&mut python).success(), "25\n");
}

/// Where PHP is installed.
#[test]
fn php_follows_the_links_of_a_list() {
    let site = Site::start();
    let proxy = Proxy::to(&site);

    let mut php = Command::new("php");
    php.args(["-r", include_str!("read_list.php"), "--"]);
    php.arg(format!("{}{}", proxy.url(), MockEdx::CATALOGS_PATH));
    php.arg(&proxy.secret_file);
    let Ok(ended) = php.output() else {
        eprintln!("SKIPPED: there is no php");
        return;
    };

    assert_eq!(Ended::from(ended).success(), "25\n");
}

#[test]
fn neither_secret_nor_token_is_in_its_arguments_or_output() {
    let site = Site::start();
    let proxy = Proxy::to(&site);
    let token = proxy.get(MockEdx::CATALOGS_PATH);
    assert_eq!(token.status, 200);

    let arguments = fs::read_to_string(format!("/proc/{}/cmdline", proxy.running.id())).unwrap();
    let run_secret = proxy.secret();
    let run_secret = run_secret.rsplit(' ').next().unwrap().to_owned();
    proxy.running.signal("TERM");
    let (status, stdout, stderr) = proxy.running.wait();

    assert!(status.success(), "{stderr}");
    assert!(!proxy.secret_file.exists());
    for written in [arguments, stdout, stderr] {
        assert!(!written.contains(site.edx.client_secret()), "{written}");
        assert!(
            !written.contains(&run_secret) && !written.contains("eyJ"),
            "{written}"
        );
    }
}
