//! Client credentials in files that are replaced while the program runs, over both adapters.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use edx_auth_core::{EnvConfig, LiveToken, RenewalPolicy, Scope, TokenRequest};
use edx_auth_driver::Error;
use edx_auth_testkit::{Behavior, MockEdx};
use edx_auth_tests::timeout::{TIMEOUT, within_timeout};
use tokio::runtime::Builder;

/// The methods of a token source that these tests use.
trait Source: Send + Sync {
    fn token(&self) -> Result<LiveToken, Error>;
    fn renew_now(&self) -> Result<LiveToken, Error>;
    fn credentials_changed(&self);
    fn origins(&self) -> String;
}

/// Creates a source with a scope and a policy on top of its environment.
type New = fn(&EnvConfig) -> Box<dyn Source>;

const ADAPTERS: [New; 2] = [over_ureq, over_reqwest];

#[test]
fn files_are_read_again_before_a_token_request() {
    over_both(|new| {
        let site = Site::start();
        let source = new(&site.config());
        source.token().unwrap();

        site.rotate("new");

        source.renew_now().unwrap();
        assert_eq!(site.client_ids(), ["old", "new"]);
    });
}

#[test]
fn files_that_are_half_written_are_read_again_after_invalid_client() {
    over_both(|new| {
        let site = Site::start();
        site.write("secret", "half");
        let held = Behavior::until_released(Behavior::pass_through());
        let first = site.edx.next_request(MockEdx::TOKEN_PATH, held);
        let source = new(&site.config());

        thread::scope(|scope| {
            let caller = scope.spawn(|| source.token());
            assert!(site.edx.wait_for_requests(1, TIMEOUT));
            site.rotate("new");
            first.release();
            caller.join().unwrap().unwrap();
        });

        assert_eq!(site.client_ids(), ["old", "new"]);
    });
}

#[test]
fn files_are_read_again_when_the_program_says_that_they_changed() {
    over_both(|new| {
        let site = Site::start();
        site.write("secret", "half");
        let source = new(&site.config());
        source.token().unwrap_err();

        site.rotate("new");
        source.credentials_changed();

        source.renew_now().unwrap();
        assert_eq!(site.client_ids().last().unwrap(), "new");
    });
}

#[test]
fn files_whose_credentials_were_rejected_are_read_again_soon() {
    over_both(|new| {
        let site = Site::start();
        site.write("secret", "half");
        let source = new(&site.config());
        source.token().unwrap_err();

        site.rotate("new");

        while source.token().is_err() {
            thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(site.client_ids(), ["old", "new"]);
    });
}

#[test]
fn a_file_that_is_empty_for_a_moment_fails_no_caller_with_a_token() {
    over_both(|new| {
        let site = Site::start();
        let source = new(&site.config());
        source.token().unwrap();

        site.write("secret", "");
        thread::scope(|scope| {
            let caller = scope.spawn(|| source.renew_now());
            source.token().unwrap();
            site.rotate("new");
            caller.join().unwrap().unwrap();
        });

        assert_eq!(site.client_ids(), ["old", "new"]);
    });
}

#[test]
fn a_source_from_the_environment_keeps_its_origins_and_its_scope() {
    over_both(|new| {
        let site = Site::start();
        let source = new(&site.config());

        source.token().unwrap();

        assert!(
            source.origins().contains("https://studio.example"),
            "{}",
            source.origins()
        );
        let requests = site.edx.requests();
        assert_eq!(requests[0].form_field("scope"), Some("read"));
    });
}

fn over_both(test: fn(New)) {
    for new in ADAPTERS {
        within_timeout(move || test(new));
    }
}

/// A site that knows two clients, and the files with the credentials of one of them.
struct Site {
    edx: MockEdx,
    folder: PathBuf,
}

impl Site {
    fn start() -> Self {
        let clients = MockEdx::builder().client("old", "old").client("new", "new");
        let edx = clients.start().unwrap();
        let folder = format!("rotated_files_{}", edx.address().port());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        fs::create_dir_all(&folder).unwrap();
        let site = Self { edx, folder };
        site.rotate("old");
        site
    }

    fn rotate(&self, client: &str) {
        self.write("id", client);
        self.write("secret", client);
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), format!("{text}\n")).unwrap();
    }

    fn config(&self) -> EnvConfig {
        let path = |name| self.folder.join(name).to_str().unwrap().to_owned();
        let variable = |name: &str| match name {
            "EDX_CLIENT_ID_FILE" => Some(path("id").into()),
            "EDX_CLIENT_SECRET_FILE" => Some(path("secret").into()),
            "EDX_TOKEN_URL" => Some(self.edx.token_url().into()),
            "EDX_ALLOWED_ORIGINS" => Some("https://studio.example".into()),
            _ => None,
        };
        EnvConfig::read(variable, |path| fs::read(path)).unwrap()
    }

    fn client_ids(&self) -> Vec<String> {
        let requests = self.edx.requests();
        let ids = requests
            .iter()
            .filter_map(|request| request.form_field("client_id"));
        ids.map(str::to_owned).collect()
    }
}

fn with_scope(request: TokenRequest) -> TokenRequest {
    request.scope(Scope::new("read").unwrap())
}

/// Returns a policy by which failures are retried after a millisecond, but rejected credentials after ten
/// minutes.
fn backoffs() -> RenewalPolicy {
    let (moment, long) = (Duration::from_millis(1), Duration::from_secs(600));
    let policy = RenewalPolicy::builder().transient_backoff(moment, moment);
    policy.permanent_backoff(long, long).build().unwrap()
}

fn over_ureq(config: &EnvConfig) -> Box<dyn Source> {
    use edx_auth_ureq::TokenSource;
    let source = TokenSource::builder_from_config(config).map_request(with_scope);
    Box::new(source.policy(backoffs()).build().unwrap())
}

fn over_reqwest(config: &EnvConfig) -> Box<dyn Source> {
    use edx_auth_reqwest::TokenSource;
    let source = TokenSource::builder_from_config(config).map_request(with_scope);
    Box::new(source.policy(backoffs()).build().unwrap())
}

impl Source for edx_auth_ureq::TokenSource {
    fn token(&self) -> Result<LiveToken, Error> {
        self.token()
    }

    fn renew_now(&self) -> Result<LiveToken, Error> {
        self.renew_now()
    }

    fn credentials_changed(&self) {
        self.credentials_changed();
    }

    fn origins(&self) -> String {
        self.origins().to_string()
    }
}

impl Source for edx_auth_reqwest::TokenSource {
    fn token(&self) -> Result<LiveToken, Error> {
        block_on(self.token())
    }

    fn renew_now(&self) -> Result<LiveToken, Error> {
        block_on(self.renew_now())
    }

    fn credentials_changed(&self) {
        self.credentials_changed();
    }

    fn origins(&self) -> String {
        self.origins().to_string()
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(work)
}
