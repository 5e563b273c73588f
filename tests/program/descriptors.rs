//! A process that has used up its file descriptors.

use std::fs::File;
use std::iter;
use std::process::ExitCode;

use edx_auth_core::{AccessToken, Origins, TokenType};
use edx_auth_driver::Error;
use tokio::runtime::Builder;

/// Prints how a token request and an API call end over both drivers, one line each.
pub(crate) fn run(url: &str) -> ExitCode {
    let errors = over_ureq(url).into_iter().chain(over_reqwest(url));
    for error in errors.collect::<Vec<_>>() {
        println!("{}", error.report());
    }
    ExitCode::SUCCESS
}

fn over_ureq(url: &str) -> [Error; 2] {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let source = TokenSource::from_env().unwrap();
    let client = AuthorizedClient::new(TokenSource::fixed(token(), origins(url))).unwrap();
    let _used_up = use_up_descriptors();
    [
        source.token().unwrap_err(),
        client.post(url).send().unwrap_err(),
    ]
}

fn over_reqwest(url: &str) -> [Error; 2] {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let source = TokenSource::from_env().unwrap();
    let client = AuthorizedClient::new(TokenSource::fixed(token(), origins(url))).unwrap();
    let _used_up = use_up_descriptors();
    runtime.block_on(async {
        [
            source.token().await.unwrap_err(),
            client.post(url).send().await.unwrap_err(),
        ]
    })
}

pub(crate) fn token() -> AccessToken {
    AccessToken::new(TokenType::Jwt, "a.b.c").unwrap()
}

pub(crate) fn origins(url: &str) -> Origins {
    let origin = url.strip_suffix("/api").unwrap();
    Origins::none().allow(origin).unwrap()
}

fn use_up_descriptors() -> Vec<File> {
    iter::from_fn(|| File::open("/dev/null").ok()).collect()
}
