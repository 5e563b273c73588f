//! A process that can start no thread, and one that counts its threads.

use std::env;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use edx_auth_driver::Error;
use tokio::runtime::Builder;

use crate::descriptors::{origins, token};

/// Prints how a call and a list end over the driver that the first argument names.
pub(crate) fn run(url: &str) -> ExitCode {
    thread::Builder::new().spawn(|| ()).unwrap_err();
    let errors = match env::args().nth(1).as_deref() {
        Some("ureq") => over_ureq(url),
        _ => over_reqwest(url),
    };
    for error in errors {
        println!("{}", error.report());
    }
    ExitCode::SUCCESS
}

/// Prints how many threads each of four calls over ureq starts.
pub(crate) fn count(url: &str) -> ExitCode {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let client = AuthorizedClient::new(TokenSource::fixed(token(), origins(url))).unwrap();
    for _ in 0..4 {
        let before = number_of_a_new_thread();
        let mut response = client.get(url).send().unwrap();
        response.body_mut().read_to_vec().unwrap();
        println!("{}", number_of_a_new_thread() - before - 1);
    }
    ExitCode::SUCCESS
}

/// Starts a thread, and returns its number: std numbers the threads of a process as they start.
fn number_of_a_new_thread() -> u64 {
    let id = thread::spawn(|| thread::current().id()).join().unwrap();
    let id = format!("{id:?}");
    id.trim_matches(|c: char| !c.is_ascii_digit())
        .parse()
        .unwrap()
}

fn over_ureq(url: &str) -> [Error; 2] {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let client = AuthorizedClient::new(TokenSource::fixed(token(), origins(url))).unwrap();
    let mut pages = client.pages::<u32>(url).retry_timeout(Duration::ZERO);
    [
        client.get(url).send().unwrap_err(),
        pages.next().unwrap().unwrap_err(),
    ]
}

fn over_reqwest(url: &str) -> [Error; 2] {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let client = AuthorizedClient::new(TokenSource::fixed(token(), origins(url))).unwrap();
    let mut pages = client.pages::<u32>(url).retry_timeout(Duration::ZERO);
    runtime.block_on(async {
        [
            client.get(url).send().await.unwrap_err(),
            pages.next().await.unwrap().unwrap_err(),
        ]
    })
}
