//! Many processes with one token: in a store of files, or in a file that one of them keeps fresh.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use edx_auth_driver::{EnvConfig, FileStore, Moment, TokenStore as _};
use edx_auth_testkit::{Behavior, BehaviorHandle, MockEdx};
use edx_auth_tests::timeout::{TIMEOUT, within_timeout};

const DRIVERS: [&str; 2] = ["ureq", "reqwest"];

#[test]
fn two_hundred_processes_at_once_request_one_token() {
    let site = Site::start("herd");
    let processes: Vec<_> = (0..200)
        .map(|n| site.start_process(DRIVERS[n % 2]))
        .collect();

    all_succeed(processes);

    assert_eq!(site.edx.token_requests(), 1);
}

#[test]
fn a_program_that_runs_thirty_times_requests_one_token() {
    let site = Site::start("cron");

    for n in 0..30 {
        all_succeed(vec![site.start_process(DRIVERS[n % 2])]);
    }

    assert_eq!(site.edx.token_requests(), 1);
}

#[test]
fn a_process_that_is_killed_while_it_requests_the_token_costs_one_more_request() {
    let site = Site::start("killed");
    let (mut holder, request) = site.holder();
    let others: Vec<_> = (0..20)
        .map(|n| site.start_process(DRIVERS[n % 2]))
        .collect();

    holder.kill().unwrap();
    holder.wait().unwrap();
    all_succeed(others);

    assert_eq!(site.edx.token_requests(), 2);
    request.release();
}

#[test]
fn no_process_waits_without_end_for_one_that_is_stopped() {
    let site = Site::start("stopped");
    let (holder, request) = site.holder();
    signal(&holder, "STOP");

    let others = (0..8)
        .map(|n| site.start_with(DRIVERS[n % 2], &["2000"]))
        .collect();
    all_succeed(others);

    // They have saved their tokens: the next process requests none.
    let requests = site.edx.token_requests();
    all_succeed(vec![site.start_process("ureq")]);
    assert_eq!(site.edx.token_requests(), requests);
    let stored = site.stored();

    signal(&holder, "CONT");
    request.release();
    all_succeed(vec![holder]);
    assert_eq!(site.stored(), stored, "an older token has replaced it");
}

#[test]
fn a_folder_that_cannot_be_used_fails_no_call() {
    for (name, spoil) in SPOILS {
        for driver in DRIVERS {
            let site = Site::start(&format!("spoiled-{name}-{driver}"));
            spoil(&site.folder);

            all_succeed(vec![site.start_process(driver)]);

            assert_eq!(site.edx.token_requests(), 1, "{name}");
        }
    }
}

#[test]
fn a_stored_token_that_apis_reject_is_replaced_for_all() {
    let site = Site::start("rejected");
    all_succeed(vec![site.start_process("ureq")]);
    site.make_older();
    site.edx.rotate_signing_key();

    for driver in DRIVERS {
        all_succeed(vec![site.start_process(driver)]);
    }

    assert_eq!(site.edx.token_requests(), 2);
}

#[test]
fn a_program_with_a_token_file_needs_no_credentials_and_requests_no_token() {
    for driver in DRIVERS {
        let site = Site::start(&format!("file-{driver}"));
        let file = site.folder.with_extension("token");
        fs::write(&file, site.issue()).unwrap();
        let before = site.edx.token_requests();

        let mut program = site.program(driver, &[]);
        program
            .env_remove("EDX_CLIENT_ID")
            .env_remove("EDX_CLIENT_SECRET");
        let program = program.env("EDX_ACCESS_TOKEN_FILE", &file);
        all_succeed(vec![program.spawn().unwrap()]);

        assert_eq!(site.edx.token_requests(), before);
    }
}

/// What may be wrong with a folder, and how to make it so.
type Spoil = (&'static str, fn(&Path));

const SPOILS: [Spoil; 5] = [
    ("file", |folder| fs::write(folder, "").unwrap()),
    ("link", |folder| {
        let target = folder.with_extension("target");
        fs::create_dir_all(&target).unwrap();
        std::os::unix::fs::symlink(target, folder).unwrap();
    }),
    ("open", |folder| {
        use std::os::unix::fs::PermissionsExt as _;
        fs::create_dir(folder).unwrap();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
    }),
    ("device", |folder| {
        std::os::unix::fs::symlink("/dev/full", folder).unwrap();
    }),
    ("proc", |folder| {
        std::os::unix::fs::symlink("/proc/self", folder).unwrap();
    }),
];

/// A site, and the folder in which the processes share its token.
struct Site {
    edx: MockEdx,
    folder: PathBuf,
}

impl Site {
    fn start(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shared-{name}"));
        remove(&folder);
        remove(&folder.with_extension("target"));
        Self {
            edx: MockEdx::start().unwrap(),
            folder,
        }
    }

    fn program(&self, driver: &str, arguments: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_program"));
        program
            .arg(driver)
            .args(arguments)
            .env_clear()
            .env("EDX_TOKEN_URL", self.edx.token_url())
            .env("EDX_API_URL", self.edx.catalogs_url())
            .env("EDX_CLIENT_ID", self.edx.client_id())
            .env("EDX_CLIENT_SECRET", self.edx.client_secret())
            .env("EDX_TOKEN_STORE", format!("file:{}", self.folder.display()))
            .stdout(Stdio::piped());
        program
    }

    fn start_process(&self, driver: &str) -> Child {
        self.start_with(driver, &[])
    }

    fn start_with(&self, driver: &str, arguments: &[&str]) -> Child {
        self.program(driver, arguments).spawn().unwrap()
    }

    /// Starts a process whose token request waits for its response, while it has the claim.
    fn holder(&self) -> (Child, BehaviorHandle) {
        let held = Behavior::until_released(Behavior::pass_through());
        let request = self.edx.next_request(MockEdx::TOKEN_PATH, held);
        let holder = self.start_process("ureq");
        assert!(self.edx.wait_for_requests(1, TIMEOUT));
        (holder, request)
    }

    /// Makes the stored token older by a minute: a rejection of a token that was just issued may mean that
    /// clocks differ.
    fn make_older(&self) {
        let (config, store) = (self.config(), FileStore::new(&self.folder));
        let request = config.token_request();
        let stored = store.load(request).unwrap().unwrap();
        let now = Moment {
            monotonic: Duration::ZERO,
            wall: UNIX_EPOCH.elapsed().unwrap(),
        };
        let left = stored.left(now).saturating_sub(Duration::from_secs(60));
        fs::remove_file(self.stored().0).unwrap();
        let older = stored.lasting(left, now);
        store.save(request, &older, None).unwrap();
    }

    /// Returns the file of the stored token, and what is in it.
    fn stored(&self) -> (PathBuf, String) {
        let files = fs::read_dir(&self.folder).unwrap();
        let mut paths = files.map(|file| file.unwrap().path());
        let path = paths.find(|path| path.extension().is_some_and(|end| end == "token"));
        let path = path.unwrap();
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    }

    fn config(&self) -> EnvConfig {
        let config = EnvConfig::read(
            |name| match name {
                "EDX_TOKEN_URL" => Some(self.edx.token_url().into()),
                "EDX_CLIENT_ID" => Some(self.edx.client_id().into()),
                "EDX_CLIENT_SECRET" => Some(self.edx.client_secret().into()),
                _ => None,
            },
            |_| Err("no file"),
        );
        config.unwrap()
    }

    /// Has the site issue a token, as another process would.
    fn issue(&self) -> String {
        let source = edx_auth_ureq::TokenSource::from_config(&self.config()).unwrap();
        let token = source.token().unwrap();
        token.authorization().to_str().unwrap().to_owned()
    }
}

/// Waits for all of them, and shows what the first says that fails.
fn all_succeed(processes: Vec<Child>) {
    for process in processes {
        let run = within_timeout(move || process.wait_with_output()).unwrap();
        let output = String::from_utf8(run.stdout).unwrap();
        assert!(run.status.success(), "{output}");
        assert!(output.starts_with("200 OK"), "{output}");
    }
}

fn signal(process: &Child, name: &str) {
    let kill = format!("kill -{name} {}", process.id());
    let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(sent.success());
}

fn remove(path: &Path) {
    let _not_there = fs::remove_dir_all(path);
    let _no_file = fs::remove_file(path);
}
