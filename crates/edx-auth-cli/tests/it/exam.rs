//! The examination of `edx-auth mock --grade`, taken by the clients of both adapters.

use std::process::Command;
use std::thread;

use serde_json::Value;

use crate::running::Running;

const WORKERS: usize = 8;
const ROUNDS: usize = 3;

/// An examination that is under way.
struct Exam {
    mock: Running,
    variables: Vec<(String, String)>,
}

impl Exam {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_edx-auth"));
        let mut mock = Running::start(command.args(["mock", "--grade"]).env_clear());
        let variables = mock.variables(6);
        Self { mock, variables }
    }

    fn variable(&self, name: &str) -> String {
        let mut variables = self.variables.iter();
        variables
            .find(|(known, _)| known == name)
            .unwrap()
            .1
            .clone()
    }

    fn request(&self) -> edx_auth_ureq::TokenRequest {
        use edx_auth_ureq::{ClientCredentials, TokenEndpoint, TokenRequest};

        let endpoint = TokenEndpoint::open_edx(&self.variable("EDX_TOKEN_URL")).unwrap();
        let (id, secret) = (
            self.variable("EDX_CLIENT_ID"),
            self.variable("EDX_CLIENT_SECRET"),
        );
        TokenRequest::new(endpoint, ClientCredentials::new(id, secret).unwrap())
    }

    /// Ends it, and checks that all checks passed.
    fn assert_passed(self) {
        self.mock.signal("INT");
        let (status, output, _) = self.mock.wait();
        let table = output.split_once("| check").unwrap().1;
        assert!(status.success(), "{table}");
    }
}

#[test]
fn the_blocking_client_passes_every_check() {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};

    let exam = Exam::start();
    let client = AuthorizedClient::new(TokenSource::new(exam.request()).unwrap()).unwrap();
    let list = exam.variable("EDX_API_URL");
    let read = || client.pages::<Value>(&list).map(Result::unwrap).count();

    thread::scope(|threads| {
        for _ in 0..WORKERS {
            threads.spawn(|| (0..ROUNDS).for_each(|_| assert_eq!(read(), 55)));
        }
    });
    assert_eq!(
        client
            .get(&exam.variable("EDX_MOVED_URL"))
            .send()
            .unwrap()
            .status(),
        302
    );
    let mut away = client.pages::<Value>(&exam.variable("EDX_AWAY_URL"));
    assert!(away.any(|item| item.is_err()));

    exam.assert_passed();
}

#[tokio::test(flavor = "current_thread")]
async fn the_async_client_passes_every_check() {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};

    let _installed = rustls_tls::crypto::ring::default_provider().install_default();
    let exam = Exam::start();
    let client = AuthorizedClient::new(TokenSource::new(exam.request()).unwrap()).unwrap();
    let list = exam.variable("EDX_API_URL");

    let read = || {
        let (client, list) = (client.clone(), list.clone());
        tokio::spawn(async move {
            for _ in 0..ROUNDS {
                let mut items = client.pages::<Value>(&list);
                while let Some(item) = items.next().await {
                    item.unwrap();
                }
            }
        })
    };
    let workers: Vec<_> = (0..WORKERS).map(|_| read()).collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let moved = client.get(&exam.variable("EDX_MOVED_URL")).send().await;
    assert_eq!(moved.unwrap().status(), 302);
    let mut away = client.pages::<Value>(&exam.variable("EDX_AWAY_URL"));
    let mut ended = Ok(Value::Null);
    while let Some(item) = away.next().await {
        ended = item;
    }
    assert!(ended.is_err());

    exam.assert_passed();
}
