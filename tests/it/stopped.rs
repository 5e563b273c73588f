//! A process that is stopped for a moment, as by a debugger, a profiler or a paused container. Linux then ends
//! each of its reads that has a timeout: `signal(7)` lists them.

use std::process::{self, Command};
use std::thread;

use edx_auth_core::{ApiUrl, PlaintextHosts};
use edx_auth_testkit::{Behavior, MockEdx};
use edx_auth_tests::drivers::{DRIVERS, HttpStack, Setup};
use edx_auth_tests::timeout::{TIMEOUT, within_timeout};

#[test]
fn a_request_whose_process_is_stopped_and_continued_gets_its_response() {
    for stack in DRIVERS {
        let edx = MockEdx::start().unwrap();
        let setup = Setup::new(&edx.token_url(), edx.client_id(), edx.client_secret());
        let source = (stack.new_source)(setup);

        let asked = source.clone();
        let token = while_stopped(&edx, stack, MockEdx::TOKEN_PATH, move || asked.token());
        let token = token.unwrap();

        let url = ApiUrl::new(&edx.catalogs_url(), &PlaintextHosts::none()).unwrap();
        let path = url.uri().path().to_owned();
        let status = while_stopped(&edx, stack, &path, move || source.get(&url, &token));
        assert_eq!(status, 200, "{}", stack.name);

        assert_eq!(
            edx.requests().len(),
            2,
            "{}: no request was repeated",
            stack.name
        );
    }
}

/// Sends a request to this path. While it waits for its response, stops this process again and again.
fn while_stopped<T: Send + 'static>(
    edx: &MockEdx,
    stack: HttpStack,
    path: &str,
    send: impl FnOnce() -> T + Send + 'static,
) -> T {
    let before = edx.requests().len();
    let request = edx.next_request(path, Behavior::until_released(Behavior::pass_through()));
    let waiting = thread::spawn(move || within_timeout(send));
    assert!(edx.wait_for_requests(before + 1, TIMEOUT), "{}", stack.name);

    for _ in 0..5 {
        stop_and_continue();
    }

    request.release();
    waiting.join().unwrap()
}

fn stop_and_continue() {
    let signals = "kill -STOP \"$0\"; sleep 0.02; kill -CONT \"$0\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", signals, &process::id().to_string()]);
    assert!(shell.status().unwrap().success());
}
