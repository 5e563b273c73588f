//! `edx-auth keep`.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};

use crate::running::{Running, eventually};
use crate::site::{Ended, Site};

/// A site whose tokens are renewed within seconds.
fn short_lived() -> Site {
    Site::of(MockEdx::builder().token_lifetime(Duration::from_secs(5)))
}

fn keep(site: &Site, arguments: &[&str]) -> Command {
    let mut command = site.command(&["keep", "--no-store", "--to"]);
    command.arg(site.home().join("token")).args(arguments);
    command
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn the_file_has_each_token_in_time_and_for_its_owner_alone() {
    let site = short_lived();
    let path = site.home().join("token");
    let _keep = Running::start(&mut keep(&site, &[]));

    eventually("there is a token", || path.exists());
    let first = read(&path);
    eventually("there is a newer token", || read(&path) != first);

    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(first.lines().count(), 1);
    let beside: Vec<_> = fs::read_dir(site.home()).unwrap().collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
}

#[test]
fn another_program_uses_the_file_instead_of_credentials() {
    let site = Site::start();
    let path = site.home().join("token");
    let _keep = Running::start(&mut keep(&site, &[]));
    eventually("there is a token", || path.exists());

    let mut token = site.bare_command(&["token"]);
    token
        .env("EDX_ACCESS_TOKEN_FILE", &path)
        .env("EDX_TOKEN_URL", site.edx.url());

    assert_eq!(Ended::of(&mut token).success(), read(&path));
    assert_eq!(site.edx.token_requests(), 1);
}

#[test]
fn the_command_runs_after_each_token_and_is_given_no_secret() {
    let site = short_lived();
    let (path, runs) = (site.home().join("token"), site.home().join("runs"));
    let command = format!(
        "cat /proc/$$/environ /proc/$$/cmdline >> {0}; echo END >> {0}",
        runs.display()
    );
    let keep = Running::start(&mut keep(&site, &["--exec", &command]));

    eventually("it ran twice", || read(&runs).matches("END").count() >= 2);

    let (secret, token) = (site.edx.client_secret(), read(&path));
    let own = fs::read_to_string(format!("/proc/{}/cmdline", keep.id())).unwrap();
    for seen in [read(&runs), own] {
        assert!(!seen.contains(secret) && !seen.contains(token.trim()) && !seen.contains("JWT"));
    }
    assert!(!read(&runs).contains("EDX_CLIENT"));
}

#[test]
fn a_command_that_fails_is_reported() {
    let site = short_lived();
    let keep = Running::start(&mut keep(&site, &["--exec", "exit 3"]));
    eventually("it ran", || site.edx.token_requests() > 2);

    keep.signal("TERM");
    let (_, _, stderr) = keep.wait();

    let said = "edx-auth: --exec ended with exit status: 3\n";
    assert!(stderr.contains(said), "{stderr}");
}

#[test]
fn a_token_that_comes_while_the_command_runs_gets_a_run_after_that() {
    let site = short_lived();
    let (path, runs, go) = (
        site.home().join("token"),
        site.home().join("runs"),
        site.home().join("go"),
    );
    let command = format!(
        "while ! [ -e {} ]; do sleep 0.02; done; echo END >> {}",
        go.display(),
        runs.display()
    );
    let _keep = Running::start(&mut keep(&site, &["--timeout=1s", "--exec", &command]));
    eventually("there is a token", || path.exists());
    let first = read(&path);
    eventually("there is a newer token", || read(&path) != first);
    let down = MockResponse::html(503, "<h1>down</h1>");
    site.edx.on("POST", MockEdx::TOKEN_PATH, down);

    fs::write(&go, "").unwrap();

    eventually("it ran twice", || read(&runs).matches("END").count() == 2);
}

#[test]
fn systemd_is_told_when_the_file_is_there_and_how_the_token_is() {
    let site = Site::start();
    let socket = UnixDatagram::bind(site.home().join("notify")).unwrap();
    socket.set_read_timeout(Some(crate::running::HANG)).unwrap();
    site.edx.next_request(
        MockEdx::TOKEN_PATH,
        MockResponse::html(503, "<h1>down</h1>"),
    );
    let mut command = keep(&site, &["--timeout", "1s"]);
    let _keep = Running::start(command.env("NOTIFY_SOCKET", site.home().join("notify")));

    let mut told = String::new();
    while !told.contains("READY=1") {
        let mut datagram = [0; 4096];
        let length = match socket.recv(&mut datagram) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            received => received.unwrap(),
        };
        told = String::from_utf8_lossy(&datagram[..length]).into_owned();
    }

    assert!(site.home().join("token").exists());
    assert!(told.contains(": fresh, 59m left"), "{told}");
    assert_eq!(told.lines().count(), 2, "{told}");
}

#[test]
fn a_file_that_was_removed_is_written_again() {
    let site = Site::of(MockEdx::builder().token_lifetime(Duration::from_secs(60)));
    let path = site.home().join("token");
    let _keep = Running::start(&mut keep(&site, &[]));
    eventually("there is a token", || path.exists());
    let first = read(&path);

    fs::remove_file(&path).unwrap();
    eventually("there is one again", || path.exists());

    assert_eq!(read(&path), first);
}

#[test]
fn a_folder_that_is_gone_is_looked_for_now_and_then() {
    let site = short_lived();
    let folder = site.home().join("folder");
    fs::create_dir(&folder).unwrap();
    let socket = UnixDatagram::bind(site.home().join("notify")).unwrap();
    let mut command = site.command(&["keep", "--no-store", "--to"]);
    command.arg(folder.join("token"));
    let _keep = Running::start(command.env("NOTIFY_SOCKET", site.home().join("notify")));
    eventually("there is a token", || folder.join("token").exists());

    fs::remove_dir_all(&folder).unwrap();
    eventually("there are more tokens", || site.edx.token_requests() > 3);

    // It tells its state after each attempt.
    socket.set_nonblocking(true).unwrap();
    let mut datagram = [0; 4096];
    let told = std::iter::from_fn(|| socket.recv(&mut datagram).ok()).count();
    assert!(told < 50, "{told} attempts");

    fs::create_dir(&folder).unwrap();
    eventually("it is there again", || folder.join("token").exists());
}

#[test]
fn credentials_that_are_rejected_end_it_before_there_is_a_file() {
    let site = Site::start();
    site.edx.set_secret(site.edx.client_id(), "regenerated");

    let ended = Ended::of(&mut keep(&site, &[]));

    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert!(!site.home().join("token").exists());
}

#[test]
fn an_outage_is_reported_once_and_leaves_the_file() {
    let site = short_lived();
    let path = site.home().join("token");
    let keep = Running::start(&mut keep(&site, &["--timeout", "1s"]));
    eventually("there is a token", || path.exists());
    let first = Fingerprint::of(read(&path));

    site.edx.on(
        "POST",
        MockEdx::TOKEN_PATH,
        MockResponse::html(503, "<h1>down</h1>"),
    );
    let before = site.edx.token_requests();
    eventually("it was tried again", || {
        site.edx.token_requests() >= before + 3
    });
    assert!(path.exists());
    site.edx.on(
        "POST",
        MockEdx::TOKEN_PATH,
        edx_auth_testkit::Behavior::pass_through(),
    );
    eventually("there is a newer token", || {
        Fingerprint::of(read(&path)) != first
    });

    keep.signal("TERM");
    let (_, stdout, stderr) = keep.wait();
    assert_eq!(stdout, "");
    assert_eq!(stderr.matches("edx-auth: ").count(), 1, "{stderr}");
}

#[test]
fn a_folder_that_does_not_exist_is_an_error() {
    let site = Site::start();

    let ended = site.run(&["keep", "--to", "/nowhere/token"]);

    assert_eq!(ended.code, Some(7), "{ended:?}");
    assert!(ended.stderr.contains("/nowhere/token"), "{ended:?}");
}

/// A copy of an opaque token would not say how old it is.
#[test]
fn a_file_that_another_process_keeps_is_not_copied() {
    let site = Site::start();
    let other = site.write("other", "opaque\n");
    let mut command = site.bare_command(&["keep", "--no-store", "--to"]);
    command
        .arg(site.home().join("token"))
        .env("EDX_ACCESS_TOKEN_FILE", other)
        .env("EDX_TOKEN_URL", site.edx.url());

    let ended = Ended::of(&mut command);

    assert_eq!(ended.code, Some(7), "{ended:?}");
    assert!(ended.stderr.contains("that another process keeps"));
    assert!(!site.home().join("token").exists());
}
