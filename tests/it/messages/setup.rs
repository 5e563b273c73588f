//! Messages before anything is sent: about the environment, the client credentials, URLs and settings.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientCredentials, ClientName, EnvConfig, EnvConfigError, EnvTokenFile, Origins,
    RenewalPolicy, Scope, TokenEndpoint, TokenType,
};
use edx_auth_driver::{EnvProxies, Error, TenancyError};

use super::list::List;

pub(super) fn list(list: &mut List) {
    list.section("The environment");
    for variables in ENVIRONMENTS {
        list.report(environment(variables, EnvConfig::read));
    }
    for (id, secret) in [("acme", ""), (" acme", "s3cret")] {
        list.report(files(id, secret));
    }
    list.report(EnvConfigError::NoFileStore);
    let both = EnvTokenFile::read(|name| {
        let are_set = ["EDX_ACCESS_TOKEN_FILE", "EDX_CLIENT_ID"];
        are_set.contains(&name).then(|| bytes("acme"))
    });
    list.report(both.unwrap_err());
    for variables in OPEN_EDX_ENVIRONMENTS {
        list.report(environment(variables, EnvConfig::read_open_edx));
    }
    let proxy =
        |name: &str| (name == "HTTPS_PROXY").then(|| bytes("http://proxy.example.org:port"));
    list.report(EnvProxies::read(proxy).unwrap_err());
    list.section("The client credentials");
    for (id, secret) in CREDENTIALS {
        list.report(ClientCredentials::new(id, secret).unwrap_err());
    }
    list.section("The URL of the site");
    for url in SITES {
        list.report(TokenEndpoint::open_edx(url).unwrap_err());
    }
    settings(list);
}

fn settings(list: &mut List) {
    list.section("Settings");
    list.report(Origins::none().allow("https://x.example/api").unwrap_err());
    for name in ["", "edX/org.edx.mobile"] {
        list.report(ClientName::new(name).unwrap_err());
    }
    list.report(Scope::new("").unwrap_err());
    list.report(AccessToken::new(TokenType::Jwt, "JWT a.b.c").unwrap_err());
    for policy in [
        RenewalPolicy::builder().lease(Duration::ZERO),
        RenewalPolicy::builder().renewal_margin(Duration::from_secs(1)),
        RenewalPolicy::builder().transient_backoff(Duration::from_secs(2), Duration::from_secs(1)),
    ] {
        list.report(policy.build().unwrap_err());
    }
    list.report(Error::setup("no feature for TLS is enabled"));
    list.report(Error::setup("could not start a thread for timers"));
    for error in [
        TenancyError::NoRequests,
        TenancyError::NoCapacity,
        TenancyError::AllInUse(1_000),
    ] {
        list.report(error);
    }
}

type Read = fn(
    Box<dyn Fn(&str) -> Option<Vec<u8>>>,
    fn(&str) -> Result<Vec<u8>, io::Error>,
) -> Result<EnvConfig, EnvConfigError>;

/// Returns the error in an environment of these variables: `name=value`, separated by a blank.
fn environment(variables: &str, read: Read) -> EnvConfigError {
    let values = variables.split(' ').filter_map(|text| text.split_once('='));
    let values: HashMap<_, _> = values
        .map(|(name, value)| (name.to_owned(), bytes(value)))
        .collect();
    let variable = Box::new(move |name: &str| values.get(name).cloned());
    read(variable, |_| Err(io::ErrorKind::NotFound.into())).unwrap_err()
}

/// Returns the error of files with these client credentials.
fn files(id: &'static str, secret: &'static str) -> EnvConfigError {
    let variable = |name: &str| name.ends_with("_FILE").then(|| bytes(name));
    let file = |path: &str| {
        let is_id = path.contains("ID");
        Ok::<_, io::Error>(if is_id { id } else { secret }.into())
    };
    EnvConfig::read(variable, file).unwrap_err()
}

/// An environment may hold bytes that are not UTF-8.
fn bytes(value: &str) -> Vec<u8> {
    match value {
        "latin-1" => vec![0xe9],
        text => text.replace('_', " ").into_bytes(),
    }
}

const ENVIRONMENTS: [&str; 13] = [
    "",
    "EDX_CLIENT_ID=acme",
    "BACKEND_SERVICE_EDX_OAUTH2_KEY=acme",
    "SOCIAL_AUTH_EDX_OAUTH2_KEY=acme",
    "EDX_CLIENT_ID=acme EDX_CLIENT_ID_FILE=/run/secrets/id",
    "EDX_CLIENT_ID=latin-1",
    "EDX_CLIENT_ID_FILE=/run/secrets/id EDX_CLIENT_SECRET_FILE=/run/secrets/secret",
    "EDX_CLIENT_ID=acme EDX_CLIENT_SECRET=s3cret_",
    "EDX_CLIENT_ID=acme EDX_CLIENT_SECRET=s3cret EDX_TOKEN_URL=http://lms",
    "EDX_CLIENT_ID=acme EDX_CLIENT_SECRET=s3cret EDX_ALLOW_PLAINTEXT_HTTP=http://lms",
    "EDX_CLIENT_ID=acme EDX_CLIENT_SECRET=s3cret EDX_ALLOWED_ORIGINS=studio.example.org",
    "EDX_CLIENT_ID=acme EDX_CLIENT_SECRET=s3cret EDX_REST_API_CLIENT_NAME=edX/org.edx.mobile",
    "EDX_CLIENT_ID=acme EDX_CLIENT_SECRET=s3cret EDX_TOKEN_STORE=true",
];

const OPEN_EDX_ENVIRONMENTS: [&str; 2] = [
    "",
    "BACKEND_SERVICE_EDX_OAUTH2_KEY=acme BACKEND_SERVICE_EDX_OAUTH2_SECRET=s3cret",
];

const CREDENTIALS: [(&str, &str); 5] = [
    ("", "s3cret"),
    ("acme", ""),
    ("acme", "s3cret\nEDX=1"),
    ("acme", "s3cret\u{200b}"),
    (" acme", "s3cret"),
];

const SITES: [&str; 9] = [
    "https://courses example.org",
    "https://kurse.exämple.org",
    "courses.example.org",
    "ftp://courses.example.org",
    "https://ada:pass@courses.example.org",
    "https://courses.example.org:0",
    "https://courses.example.org/?next=/",
    "https://courses.example.org/#top",
    "http://courses.example.org",
];
