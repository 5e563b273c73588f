//! No argument and no variable of a process contains the secret or the token.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};

use crate::running::{Running, eventually};
use crate::site::{Ended, Site};

const SECRET: &str = "planted-secret-of-the-secrecy-tests";

#[test]
fn while_a_command_runs_no_process_shows_the_secret_or_the_token() {
    let site = Site::of(MockEdx::builder().client("secrecy", SECRET));
    let file = site.write("secret", SECRET);
    let url = format!("{}/api/x", site.edx.url());
    let options = [
        format!("--endpoint={}", site.edx.url()),
        "--client-id=secrecy".to_owned(),
        format!("--client-secret-file={}", file.display()),
    ];
    let options = options.each_ref().map(String::as_str);
    let token = Ended::of(&mut site.bare_command(&[&["token"][..], &options].concat())).success();

    for (command, path) in [
        (&["get", &url][..], "/api/x"),
        (&["get", "--all-pages", &url], "/api/x"),
        (&["curl", "--", "-s", &url], "/api/x"),
        (&["token", "--fresh"], MockEdx::TOKEN_PATH),
        (&["inspect", "--no-store"], MockEdx::TOKEN_PATH),
        (&["doctor"], MockEdx::TOKEN_PATH),
    ] {
        let arguments = [&options, command].concat();
        let stalled = Behavior::until_released(MockResponse::json(200, "[]"));
        let stalled = site.edx.next_request(path, stalled);
        let before = site.edx.requests().len();
        let mut running = site.bare_command(&arguments);
        let running = running.stdout(Stdio::piped()).stderr(Stdio::piped());
        let running = running.spawn().unwrap();
        assert!(
            site.edx
                .wait_for_requests(before + 1, Duration::from_secs(30)),
            "{command:?}"
        );
        let seen = processes_with(&[SECRET, token.trim_end()]);
        stalled.release();
        let ended = Ended::from(running.wait_with_output().unwrap());

        assert_eq!(seen, Vec::<String>::new(), "{command:?}");
        for text in [&ended.stdout, &ended.stderr] {
            assert!(!text.contains(SECRET), "{command:?}: {text}");
        }
        assert!(!ended.stderr.contains(token.trim_end()), "{command:?}");
    }
}

#[test]
fn while_a_command_serves_others_no_process_shows_the_secret_or_the_token() {
    let site = Site::of(MockEdx::builder().client("secrecy", SECRET));
    let secret = site.write("secret", SECRET);
    let (kept, header) = (site.home().join("token"), site.home().join("header"));
    let options = [
        format!("--endpoint={}", site.edx.url()),
        "--client-id=secrecy".to_owned(),
        format!("--client-secret-file={}", secret.display()),
    ];
    let start = |arguments: &[&str], file: &Path| {
        let mut command = site.bare_command(arguments);
        let command = command.arg(file).args(&options);
        Running::start(command)
    };

    let keep = start(&["keep", "--to"], &kept);
    eventually("there is a token", || kept.exists());
    let proxy = ["proxy", "--port=0", "--to", site.edx.url(), "--secret-file"];
    let mut proxy = start(&proxy, &header);
    assert!(proxy.line().starts_with("http://127.0.0.1:"));
    let (token, header) = (
        fs::read_to_string(&kept).unwrap(),
        fs::read_to_string(&header).unwrap(),
    );
    let of_run = header.trim_end().rsplit(' ').next().unwrap();

    let seen = processes_with(&[SECRET, token.trim_end(), of_run]);

    assert_eq!(seen, Vec::<String>::new());
    for running in [keep, proxy] {
        running.signal("TERM");
        let (_, stdout, stderr) = running.wait();
        assert_eq!((&*stdout, &*stderr), ("", ""));
    }
}

/// Returns the processes whose arguments or variables contain one of these texts.
fn processes_with(texts: &[&str]) -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten();
    let processes = processes.map(|process| process.unwrap().path());
    let shows = |process: &Path| {
        ["cmdline", "environ"].iter().any(|part| {
            let content = fs::read(process.join(part)).unwrap_or_default();
            let content = String::from_utf8_lossy(&content);
            texts.iter().any(|text| content.contains(text))
        })
    };
    let found = processes.filter(|process| shows(process));
    found.map(|process| process.display().to_string()).collect()
}

#[test]
fn the_search_finds_what_is_planted() {
    let planted = format!("planted-in-an-argument-{}", std::process::id());
    let mut child = std::process::Command::new("sleep");
    let mut child = child.arg("30").env("PLANTED", &planted).spawn().unwrap();

    let seen = processes_with(&[&planted]);
    child.kill().unwrap();
    child.wait().unwrap();

    assert_eq!(seen, [format!("/proc/{}", child.id())]);
}
