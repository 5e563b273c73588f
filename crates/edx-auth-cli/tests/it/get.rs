//! `edx-auth get`.

mod terminal;

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use edx_auth_testkit::{Behavior, BehaviorHandle, MockEdx, MockList, MockResponse};

use crate::running::{HANG, Running};
use crate::site::{Ended, Site, set_mode, take_variables};

const LIST: &str = "/api/v1/courses/";

/// Returns a site with a list of 50 numbers, ten to a page.
fn site() -> Site {
    let site = Site::start();
    site.edx
        .list(LIST, (0..50).map(|number| number.to_string()));
    site
}

fn list(site: &Site) -> String {
    format!("{}{LIST}?page_size=10", site.edx.url())
}

fn numbers(end: u32) -> String {
    (0..end).fold(String::new(), |lines, number| format!("{lines}{number}\n"))
}

/// Holds the response with the third page until it is released.
fn stall_page(site: &Site) -> BehaviorHandle {
    site.edx.next_request(LIST, Behavior::pass_through());
    site.edx.next_request(LIST, Behavior::pass_through());
    site.edx
        .next_request(LIST, Behavior::until_released(Behavior::pass_through()))
}

#[test]
fn a_request_and_a_page_take_no_longer_than_they_may() {
    let site = site();
    site.edx.next_request(LIST, Behavior::stall());
    site.edx.next_request(LIST, Behavior::stall());
    let list = list(&site);

    let start = Instant::now();
    let request = site.run(&["get", "--max-time=1", &list]);
    assert!(start.elapsed() < HANG, "it took the default time of 90 s");
    let start = Instant::now();
    let pages = site.run(&["get", "--all-pages", "--jsonl", "--max-time=1", &list]);
    assert!(start.elapsed() < HANG, "it took the default time of 90 s");

    assert_eq!(request.code, Some(5), "{request:?}");
    assert!(
        request.stderr.contains("did not respond in time"),
        "{request:?}"
    );
    assert_eq!(pages.success(), numbers(50));
}

/// Starts the command, and kills it while it waits for the third page.
fn kill_at_third_page(site: &Site, arguments: &[&str], stdout: Stdio) {
    let stall = stall_page(site);
    let mut command = site.command(arguments);
    let mut child: Child = command.stdout(stdout).spawn().unwrap();
    assert!(site.edx.wait_for_requests(4, Duration::from_secs(30)));
    child.kill().unwrap();
    child.wait().unwrap();
    stall.release();
}

#[test]
fn a_response_is_printed_to_the_byte() {
    let site = Site::start();
    let body = "{\"b\": 1.10,\n \"a\": []}";
    site.edx
        .on_authorized("GET", "/api/x", MockResponse::json(200, body));

    assert_eq!(site.run(&["get", "/api/x"]).success(), body);
    let url = format!("{}/api/x", site.edx.url());
    assert_eq!(site.run(&["get", &url]).success(), body);
}

#[test]
fn a_header_is_sent_and_a_line_without_a_colon_is_none() {
    let site = Site::start();
    site.edx
        .on_authorized("GET", "/api/x", MockResponse::json(200, "{}"));

    site.run(&["get", "/api/x", "--header", "X-Acme: a:b"])
        .success();
    let ended = site.run(&["get", "/api/x", "-H", "planted"]);

    let requests = site.edx.requests();
    assert_eq!(requests.last().unwrap().header("x-acme"), Some("a:b"));
    assert_eq!(ended.code, Some(2));
    assert!(!ended.stderr.contains("planted"), "{ended:?}");
}

#[test]
fn what_the_api_says_is_part_of_the_error() {
    let site = Site::start();
    let body = r#"{"detail": "You do not have permission."}"#;
    site.edx
        .on_authorized("GET", "/api/x", MockResponse::json(403, body));

    let ended = site.run(&["get", "/api/x"]);

    let line = ended.stderr.lines().next().unwrap();
    assert!(
        line.ends_with(r#"responded with status 403: "You do not have permission.""#),
        "{line}"
    );
}

#[test]
fn the_exit_code_says_what_the_api_did() {
    let site = Site::start();
    for (path, status, code) in [("/403", 403, 3), ("/404", 404, 6), ("/500", 500, 6)] {
        site.edx
            .on_authorized("GET", path, MockResponse::json(status, "{}"));
        let ended = site.run(&["get", path]);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(code), ""),
            "{ended:?}"
        );
    }
    site.edx
        .on_authorized("GET", "/429", MockResponse::throttled(90));
    assert_eq!(site.run(&["get", "/429"]).code, Some(4));
}

#[test]
fn the_token_goes_to_no_other_origin() {
    let site = Site::start();
    let other = MockEdx::start().unwrap();

    let ended = site.run(&["get", &format!("{}/api/x", other.url())]);

    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(other.requests().is_empty());
}

#[test]
fn all_pages_are_one_array() {
    let site = site();

    let all = site.run(&["get", "--all-pages", &list(&site)]).success();

    let items: Vec<u32> = serde_json::from_str(&all).unwrap();
    assert_eq!(items, (0..50).collect::<Vec<_>>());
}

#[test]
fn an_empty_list_is_an_empty_array() {
    let site = Site::start();
    site.edx.list(LIST, Vec::<String>::new());

    assert_eq!(site.run(&["get", "--all-pages", LIST]).success(), "[]\n");
}

#[test]
fn items_are_found_at_their_place() {
    let site = Site::start();
    let page = r#"{"next": null, "data": {"courses": [1, 2]}}"#;
    site.edx
        .on_authorized("GET", LIST, MockResponse::json(200, page));

    let arguments = [
        "get",
        "--all-pages",
        "--jsonl",
        "--items-at=data.courses",
        LIST,
    ];
    assert_eq!(site.run(&arguments).success(), "1\n2\n");
}

#[test]
fn a_list_with_a_broken_page_is_no_list() {
    let site = site();
    site.edx.next_request(LIST, Behavior::pass_through());
    site.edx.next_request(LIST, MockResponse::json(404, "{}"));
    let file = site.write("out.json", "before");
    let output = format!("--output={}", file.display());

    let ended = site.run(&["get", "--all-pages", &output, &list(&site)]);

    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(6), ""),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("the list ended early"), "{ended:?}");
    assert_eq!(fs::read_to_string(file).unwrap(), "before");
}

#[test]
fn an_output_keeps_its_mode_and_nothing_beside_it_is_written_to() {
    let site = site();
    let file = site.write("out.json", "before");
    set_mode(&file, 0o644);
    let victim = site.write("victim", "untouched");
    symlink(&victim, site.home().join("out.json.new")).unwrap();

    site.run(&["get", "--all-pages", &option("output", &file), &list(&site)])
        .success();

    assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn an_output_that_is_no_file_is_written_to() {
    let site = site();
    let pipe = site.home().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    // Open for both, so that neither side waits for the other. What is written fits into the pipe.
    let both = OpenOptions::new().read(true).write(true).open(&pipe);
    let mut all = BufReader::new(both.unwrap());

    site.run(&["get", "--all-pages", &option("output", &pipe), &list(&site)])
        .success();

    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    let mut first = String::new();
    all.read_line(&mut first).unwrap();
    assert_eq!(first, "[0,\n");
}

#[test]
fn a_killed_list_leaves_no_part_of_itself() {
    let site = site();
    let file = site.home().join("out.json");
    let output = format!("--output={}", file.display());

    kill_at_third_page(
        &site,
        &["get", "--all-pages", &output, &list(&site)],
        Stdio::null(),
    );

    assert!(!file.exists());
}

#[test]
fn lines_are_written_page_by_page() {
    let site = site();
    let file = site.home().join("out");

    let arguments = ["get", "--all-pages", "--jsonl", &list(&site)];
    kill_at_third_page(&site, &arguments, File::create(&file).unwrap().into());

    assert_eq!(fs::read_to_string(file).unwrap(), numbers(20));
}

#[test]
fn a_terminated_list_ends_with_a_whole_page() {
    let site = site();
    let file = site.home().join("out");
    let stall = stall_page(&site);
    let mut command = site.command(&["get", "--all-pages", "--jsonl", &list(&site)]);
    let mut child = command
        .stdout(File::create(&file).unwrap())
        .spawn()
        .unwrap();
    assert!(site.edx.wait_for_requests(4, Duration::from_secs(30)));

    let terminate = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(terminate.unwrap().success());
    let ended = child.wait().unwrap();
    stall.release();

    assert_eq!(ended.signal(), Some(15));
    assert_eq!(fs::read_to_string(file).unwrap(), numbers(20));
}

#[test]
fn an_item_with_line_breaks_is_one_line() {
    let site = Site::start();
    let page = "{\"next\": null, \"results\": [{\n\"a\":\r\n\"\\n\"}]}";
    site.edx
        .on_authorized("GET", LIST, MockResponse::json(200, page));

    let arguments = ["get", "--all-pages", "--jsonl", LIST];
    assert_eq!(site.run(&arguments).success(), "{ \"a\":  \"\\n\"}\n");
}

#[test]
fn a_killed_list_goes_on_with_every_item_once() {
    let site = site();
    let (out, state) = (site.home().join("out"), site.home().join("state"));
    let (output, resume) = (option("output", &out), option("resume", &state));
    let arguments = [
        "get",
        "--all-pages",
        "--jsonl",
        &output,
        &resume,
        &list(&site),
    ];

    kill_at_third_page(&site, &arguments, Stdio::null());
    assert_eq!(fs::read_to_string(&out).unwrap(), numbers(20));
    // A kill after a part of the third page was written.
    append(&out, "20\n21\n2");
    site.run(&arguments).success();

    assert_eq!(fs::read_to_string(out).unwrap(), numbers(50));
    assert!(!state.exists());
}

#[test]
fn a_list_that_ctrl_c_ends_loses_nothing_written_and_leaves_nothing_beside() {
    let site = site();
    let folder = site.home().join("lists");
    fs::create_dir(&folder).unwrap();
    let (out, state) = (folder.join("out"), folder.join("state"));
    let (output, resume) = (option("output", &out), option("resume", &state));
    let list = list(&site);
    let arguments = ["get", "--all-pages", "--jsonl", &output, &resume, &list];
    let stall = stall_page(&site);
    let running = Running::start(&mut interruptible(&site.command(&arguments)));
    assert!(site.edx.wait_for_requests(4, HANG));

    running.signal("INT");
    let (ended, stdout, stderr) = running.wait();
    stall.release();

    assert_eq!(ended.signal(), Some(2));
    assert_eq!((&*stdout, &*stderr), ("", ""));
    assert_eq!(fs::read_to_string(&out).unwrap(), numbers(20));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    site.run(&arguments).success();
    assert_eq!(fs::read_to_string(out).unwrap(), numbers(50));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

/// Returns the command as a terminal starts it. A shell lets its background jobs ignore Ctrl-C, and the tests
/// may be one.
fn interruptible(command: &Command) -> Command {
    let mut env = Command::new("env");
    env.arg("--default-signal=INT")
        .arg(command.get_program())
        .args(command.get_args());
    take_variables(&mut env, command);
    env
}

#[test]
fn a_killed_list_goes_on_in_the_file_that_the_shell_appends_to() {
    let site = site();
    let (out, state) = (site.home().join("out"), site.home().join("state"));
    let resume = option("resume", &state);
    let arguments = ["get", "--all-pages", "--jsonl", &resume, &list(&site)];
    let appended = || {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&out)
            .unwrap()
    };

    kill_at_third_page(&site, &arguments, appended().into());
    append(&out, "20\n21\n2");
    let ended = Ended::of(site.command(&arguments).stdout(appended()));

    assert_eq!(ended.success(), "");
    assert_eq!(fs::read_to_string(out).unwrap(), numbers(50));
}

#[test]
fn a_killed_list_goes_on_at_the_end_of_a_file_that_is_open_for_writing() {
    let site = site();
    let (out, state) = (site.home().join("out"), site.home().join("state"));
    let resume = option("resume", &state);
    let arguments = ["get", "--all-pages", "--jsonl", &resume, &list(&site)];

    kill_at_third_page(&site, &arguments, File::create(&out).unwrap().into());
    let again = OpenOptions::new().write(true).open(&out).unwrap();
    let ended = Ended::of(site.command(&arguments).stdout(again));

    assert_eq!(ended.success(), "");
    assert_eq!(fs::read_to_string(out).unwrap(), numbers(50));
}

#[test]
fn a_list_does_not_go_on_without_what_was_written_of_it() {
    let site = site();
    let (out, state) = (site.home().join("out"), site.home().join("state"));
    let (output, resume) = (option("output", &out), option("resume", &state));
    let arguments = [
        "get",
        "--all-pages",
        "--jsonl",
        &output,
        &resume,
        &list(&site),
    ];
    kill_at_third_page(&site, &arguments, Stdio::null());
    fs::remove_file(&out).unwrap();

    let ended = site.run(&arguments);

    assert_eq!(ended.code, Some(7), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("shorter than when the list was interrupted")
    );
}

#[test]
fn a_list_does_not_go_on_from_the_position_of_another() {
    let site = site();
    let state = site.home().join("state");
    let resume = option("resume", &state);
    let arguments = ["get", "--all-pages", "--jsonl", &resume, &list(&site)];
    kill_at_third_page(&site, &arguments, Stdio::null());

    let ended = site.run(&["get", "--all-pages", "--jsonl", &resume, "/api/other/"]);

    assert_eq!(ended.code, Some(7), "{ended:?}");
    assert!(ended.stderr.contains("is not the resume file of this list"));
}

#[test]
fn a_list_goes_on_in_its_own_output_and_from_its_own_items_alone() {
    let site = site();
    let (out, state) = (site.home().join("out"), site.home().join("state"));
    let (output, resume) = (option("output", &out), option("resume", &state));
    let list = list(&site);
    let arguments = ["get", "--all-pages", "--jsonl", &output, &resume, &list];
    kill_at_third_page(&site, &arguments, Stdio::null());
    let other = option("output", &site.write("other", &numbers(50)));

    for arguments in [
        &["get", "--all-pages", "--jsonl", &other, &resume, &list][..],
        &[&arguments[..], &["--items-at=data"]].concat(),
    ] {
        let ended = site.run(arguments);
        assert_eq!(ended.code, Some(7), "{ended:?}");
        assert!(ended.stderr.contains("is not the resume file of this list"));
    }
    assert_eq!(
        fs::read_to_string(site.home().join("other")).unwrap(),
        numbers(50)
    );
    site.run(&arguments).success();
    assert_eq!(fs::read_to_string(out).unwrap(), numbers(50));
}

#[test]
fn an_output_stays_as_it_is_until_a_page_arrives() {
    let site = site();
    let file = site.write("out", "before");
    let output = option("output", &file);
    let resume = option("resume", &site.home().join("state"));
    let list = list(&site);

    for arguments in [
        &["get", "--all-pages", "--jsonl", &output, &list][..],
        &["get", "--all-pages", "--jsonl", &output, &resume, &list],
    ] {
        site.edx.next_request(LIST, MockResponse::json(404, "{}"));
        assert_eq!(site.run(arguments).code, Some(6));
        assert_eq!(fs::read_to_string(&file).unwrap(), "before");
        site.run(arguments).success();
        assert_eq!(fs::read_to_string(&file).unwrap(), numbers(50));
        fs::write(&file, "before").unwrap();
    }
}

#[test]
fn an_empty_list_empties_its_output() {
    let site = Site::start();
    site.edx.list(LIST, Vec::<String>::new());
    let file = site.write("out", "before");

    site.run(&[
        "get",
        "--all-pages",
        "--jsonl",
        &option("output", &file),
        LIST,
    ])
    .success();

    assert_eq!(fs::read_to_string(file).unwrap(), "");
}

#[test]
fn a_list_by_cursor_is_followed_too() {
    let site = Site::start();
    let items = (0..50).map(|number| number.to_string());
    site.edx.list(LIST, MockList::new(items).by_cursor());

    let arguments = ["get", "--all-pages", "--jsonl", LIST];
    assert_eq!(site.run(&arguments).success(), numbers(50));
}

fn option(name: &str, path: &Path) -> String {
    format!("--{name}={}", path.display())
}

fn append(path: &Path, text: &str) {
    use std::io::Write as _;

    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}
