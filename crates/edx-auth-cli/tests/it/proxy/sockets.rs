//! A proxy on a Unix socket.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use edx_auth_testkit::{Behavior, MockEdx};

use crate::running::{HANG, Running, eventually};
use crate::site::{Ended, Site};

fn proxy(site: &Site, socket: &Path) -> Command {
    let mut command = site.command(&["proxy", "--no-store", "--to", site.edx.url(), "--socket"]);
    command.arg(socket);
    command
}

fn curl(socket: &Path, url: &str) -> Ended {
    let mut curl = Command::new("curl");
    curl.args([
        "-sS",
        "--max-time",
        "60",
        "-w",
        "%{http_code}",
        "--unix-socket",
    ]);
    Ended::of(curl.arg(socket).arg(url))
}

#[test]
fn its_owner_alone_can_use_it_and_needs_no_secret() {
    let site = Site::start();
    let socket = site.home().join("edx.sock");
    let mut running = Running::start(&mut proxy(&site, &socket));
    assert_eq!(running.line(), format!("unix:{}", socket.display()));

    let found = fs::metadata(&socket).unwrap();
    assert!(found.file_type().is_socket());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    let page = curl(
        &socket,
        &format!("http://localhost{}", MockEdx::CATALOGS_PATH),
    )
    .success();
    assert!(
        page.ends_with("200") && page.contains(r#""next":"http://localhost/api/"#),
        "{page}"
    );
    let other = curl(&socket, &format!("http://other{}", MockEdx::CATALOGS_PATH)).success();
    assert!(other.ends_with("421"), "{other}");

    running.signal("INT");
    assert!(running.wait().0.success());
    assert!(!socket.exists());
}

#[test]
fn a_socket_that_a_crash_left_is_replaced_and_nothing_else_is() {
    let site = Site::start();
    let left = site.home().join("left.sock");
    drop(UnixListener::bind(&left).unwrap());
    let mut running = Running::start(&mut proxy(&site, &left));
    assert_eq!(running.line(), format!("unix:{}", left.display()));

    let in_use = Ended::of(&mut proxy(&site, &left));
    assert_eq!(in_use.code, Some(7), "{in_use:?}");
    let file = site.write("file", "untouched");
    let taken = Ended::of(&mut proxy(&site, &file));
    assert_eq!(taken.code, Some(7), "{taken:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "untouched");
    assert!(left.exists());
}

#[test]
fn a_socket_that_replaced_the_one_of_the_proxy_stays() {
    let site = Site::start();
    let socket = site.home().join("edx.sock");
    let mut running = Running::start(&mut proxy(&site, &socket));
    running.line();

    fs::remove_file(&socket).unwrap();
    let _other = UnixListener::bind(&socket).unwrap();
    running.signal("HUP");

    assert!(running.wait().0.success());
    assert!(socket.exists());
}

#[test]
fn a_signal_before_there_is_a_token_leaves_no_socket() {
    let site = Site::start();
    let socket = site.home().join("edx.sock");
    let stall = site.edx.next_request(
        MockEdx::TOKEN_PATH,
        Behavior::until_released(Behavior::pass_through()),
    );
    let running = Running::start(&mut proxy(&site, &socket));
    eventually("it listens", || socket.exists());
    assert!(site.edx.wait_for_requests(1, HANG));

    running.signal("TERM");

    assert!(running.wait().0.success());
    assert!(!socket.exists());
    stall.release();
}
