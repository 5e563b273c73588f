//! A site in trouble.

use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, MockResponse, ReceivedRequest};

use super::Proxy;
use crate::running::{HANG, Running, eventually};
use crate::site::{Ended, Site};

/// Programs call an API that goes on, and learn nothing of the restart but how long to wait.
#[test]
fn while_the_lms_restarts_programs_get_a_wait_and_no_expired_token_is_sent() {
    let mut site = Site::of(MockEdx::builder().token_lifetime(Duration::from_secs(5)));
    let api = MockEdx::start().unwrap();
    api.on("GET", "/a", MockResponse::json(200, "{}"));
    let proxy = Proxy::with(&site, api.url(), &["--timeout", "1s"]);
    let lms = site.edx.address();

    thread::scope(|programs| {
        for _ in 0..PROGRAMS {
            programs.spawn(|| call_until(&proxy, 503));
        }
        assert!(api.wait_for_requests(PROGRAMS, HANG));
        site.stop();
    });
    let sent = api.requests();
    thread::scope(|programs| {
        for _ in 0..PROGRAMS {
            programs.spawn(|| call_until(&proxy, 200));
        }
        assert_eq!(api.requests().len(), sent.len());
        eventually("its port is free", || site.start_again(lms.port()).is_ok());
    });

    let expired: Vec<_> = sent.iter().map(ReceivedRequest::token).collect();
    for request in api.requests().iter().skip(sent.len()) {
        assert!(!expired.contains(&request.token()), "{request:?}");
    }
    assert_eq!(proxy.health().status, 200);
}

/// Calls the API until a response has this status. Meanwhile each is a success, or says how long to wait.
fn call_until(proxy: &Proxy, status: u16) {
    eventually("a response has the status", || {
        let received = proxy.get("/a");
        let wait = received.header("retry-after").map(str::parse::<u64>);
        match received.status {
            200 => assert_eq!(wait, None),
            503 => assert!(matches!(wait, Some(Ok(1..=60))), "{received:?}"),
            _ => panic!("{received:?}"),
        }
        received.status == status
    });
}

const PROGRAMS: usize = 4;

/// The API goes on, so that it could get an expired token.
#[test]
fn without_the_lms_the_response_is_503_with_a_wait_and_never_an_expired_token() {
    let mut site = Site::of(MockEdx::builder().token_lifetime(Duration::from_secs(5)));
    let api = MockEdx::start().unwrap();
    api.on("GET", "/a", MockResponse::json(200, "{}"));
    let proxy = Proxy::with(&site, api.url(), &["--timeout", "1s"]);
    assert_eq!(proxy.get("/a").status, 200);
    assert_eq!(proxy.health().status, 200);

    site.stop();
    eventually("the token has expired", || proxy.get("/a").status == 503);

    let before = api.requests().len();
    let received = proxy.get("/a");
    let wait: u64 = received.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(received.status, 503, "{received:?}");
    assert!((1..=60).contains(&wait), "{received:?}");
    assert_eq!(api.requests().len(), before);
    assert_eq!(proxy.health().status, 503);
}

#[test]
fn a_start_without_a_token_is_reported_with_the_cause() {
    let site = Site::start();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let lms = format!("http://{}", closed.unwrap());
    let secret_file = site.home().join("secret");
    let mut command = site.command(&["proxy", "--no-store", "--port=0", "--timeout=1s", "--to"]);
    command.args([&lms, "--secret-file"]).arg(&secret_file);
    let mut running = Running::start(command.env("EDX_TOKEN_URL", &lms));
    running.line();

    running.signal("TERM");
    let (.., stderr) = running.wait();

    let (said, advice) = stderr.split_once('\n').unwrap();
    assert!(
        said.starts_with("edx-auth: there is no token yet: "),
        "{said}"
    );
    assert!(said.contains("os error"), "{said}");
    assert!(advice.ends_with(".\n"), "{advice}");
}

#[test]
fn without_the_api_the_response_is_503_with_a_wait() {
    let (site, api) = (Site::start(), MockEdx::start().unwrap());
    let proxy = Proxy::with(&site, api.url(), &[]);
    drop(api);

    let received = proxy.get("/a");

    assert_eq!(received.status, 503, "{received:?}");
    assert!(received.header("retry-after").is_some());
    assert_eq!(proxy.health().status, 200);
}

/// The API may have acted: to send the write again is for the program to decide.
#[test]
fn a_write_without_a_response_is_502_without_a_wait() {
    let site = Site::start();
    let path = "/api/1/";
    site.edx.next_request(path, Behavior::close());
    let proxy = Proxy::with(&site, site.edx.url(), &["--allow-writes", "/api"]);

    let received = proxy.send("POST", path, "Content-Length: 0");

    assert_eq!(received.status, 502, "{received:?}");
    assert_eq!(received.header("retry-after"), None);
}

#[test]
fn a_write_under_way_at_the_end_has_its_response() {
    let site = Site::start();
    let path = "/api/1/";
    let held = Behavior::until_released(MockResponse::json(201, "[7]"));
    let write = site.edx.next_request(path, held);
    let proxy = Proxy::with(&site, site.edx.url(), &["--allow-writes", "/api"]);
    let before = site.edx.requests().len();

    let received = thread::scope(|scope| {
        let sent = scope.spawn(|| proxy.send("POST", path, "Content-Length: 0"));
        assert!(site.edx.wait_for_requests(before + 1, HANG));
        proxy.running.signal("TERM");
        eventually("it takes no more connections", || {
            TcpStream::connect(("127.0.0.1", proxy.port)).is_err()
        });
        write.release();
        sent.join().unwrap()
    });

    assert_eq!(received.status, 201);
    assert!(received.body.contains("[7]"), "{received:?}");
    assert!(proxy.running.wait().0.success());
}

/// As `nohup` starts a program.
#[test]
fn it_survives_its_terminal_if_hangups_were_ignored_at_its_start() {
    let site = Site::start();
    let secret_file = site.home().join("secret");
    let proxy = site.command(&["proxy", "--no-store", "--port=0", "--to", site.edx.url()]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
        .arg(proxy.get_program())
        .args(proxy.get_args())
        .arg("--secret-file")
        .arg(&secret_file)
        .env_clear()
        .envs(
            proxy
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    let mut running = Running::start(&mut shell);
    let url = running.line();
    let address = url.strip_prefix("http://").unwrap();

    running.signal("HUP");
    // It would have ended by now.
    thread::sleep(Duration::from_millis(500));
    assert!(TcpStream::connect(address).is_ok());

    running.signal("TERM");
    let (status, ..) = running.wait();

    assert!(status.success());
}

#[test]
fn the_health_is_for_reading_alone_and_says_nothing_of_the_site() {
    let mut site = Site::of(MockEdx::builder().token_lifetime(Duration::from_secs(5)));
    let proxy = Proxy::with(&site, site.edx.url(), &["--timeout", "1s"]);
    let host = format!("Host: localhost:{}", proxy.port);
    let ask = |line| proxy.send_bare(&format!("{line} HTTP/1.1\r\n{host}"));

    assert_eq!(ask("POST /-/health").status, 405);
    assert_eq!(ask("GET http://evil.example/-/health").status, 400);
    let lms = site.edx.url().to_owned();
    site.stop();
    eventually("a renewal has failed", || {
        let received = proxy.health();
        assert!(!received.body.contains(&lms), "{received:?}");
        received.status == 503 && !received.body.contains(r#""failures":0"#)
    });
}

/// While a token is seconds old, a rejection may come from a clock that is behind.
#[test]
fn a_rejected_token_is_replaced() {
    let site = Site::start();
    let proxy = Proxy::to(&site);
    assert_eq!(proxy.get(MockEdx::CATALOGS_PATH).status, 200);

    site.edx.rotate_signing_key();
    eventually("there is another token", || {
        proxy.get(MockEdx::CATALOGS_PATH).status == 200
    });

    assert_eq!(site.edx.token_requests(), 2);
}

#[test]
fn rejected_credentials_end_the_start() {
    let site = Site::start();
    site.edx.set_secret(site.edx.client_id(), "regenerated");

    let secret = site.home().join("secret");
    let mut command = site.command(&[
        "proxy",
        "--port",
        "0",
        "--to",
        site.edx.url(),
        "--secret-file",
    ]);
    let ended = Ended::of(command.arg(&secret));

    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(!secret.exists());
}

impl Proxy {
    /// Asks as a supervisor does, which does not know the secret.
    fn health(&self) -> super::Received {
        let received = self.send_bare(&format!(
            "GET /-/health HTTP/1.1\r\nHost: localhost:{}",
            self.port
        ));
        assert!(received.body.contains(r#""token":"#), "{received:?}");
        assert!(!received.body.contains("mock-edx"), "{received:?}");
        received
    }
}
