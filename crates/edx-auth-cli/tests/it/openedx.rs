//! `edx-auth get --all-pages` at a real Open edX.

mod relay;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use edx_auth_tests::openedx::{CLIENT, OpenEdx, Options};

use crate::site::{Ended, Site};

use relay::Relay;

#[test]
fn all_catalogs_of_a_real_site_are_one_array_and_take_one_token() {
    for edx in OpenEdx::of_each_release(&Options::default()) {
        let user = User::of(edx.token_url());

        let all = Ended::of(&mut user.get(&[], &edx.catalogs_url())).success();

        assert_eq!(
            ids(&serde_json::from_str::<Vec<_>>(&all).unwrap()),
            whole_list()
        );
        let stats = edx.stats();
        assert_eq!(
            (stats.api, stats.token),
            ([(200, 3)].into(), [(200, 1)].into())
        );
    }
}

#[test]
fn a_list_of_a_real_site_that_is_killed_leaves_no_part_of_itself() {
    for edx in OpenEdx::of_each_release(&Options::default()) {
        let (relay, user) = through_relay(&edx);
        let out = user.output();

        kill_at_third_page(&relay, &mut user.get(&["--output", &out], &list(&relay)));

        let left: Vec<_> = fs::read_dir(user.folder()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(edx.stats().api, [(200, 2)].into());
    }
}

#[test]
fn a_killed_list_of_a_real_site_goes_on_with_every_item_once_and_the_same_token() {
    for edx in OpenEdx::of_each_release(&Options::default()) {
        let (relay, user) = through_relay(&edx);
        let (out, resume) = (user.output(), user.path("resume"));
        let arguments = ["--jsonl", "--output", &out, "--resume", &resume];

        kill_at_third_page(&relay, &mut user.get(&arguments, &list(&relay)));
        assert_eq!(ids(&lines(&out)), whole_list()[..20]);
        relay.open();
        Ended::of(&mut user.get(&arguments, &list(&relay))).success();

        assert_eq!(ids(&lines(&out)), whole_list());
        let left: Vec<_> = fs::read_dir(user.folder()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        let stats = edx.stats();
        assert_eq!(
            (stats.api, stats.token),
            ([(200, 3)].into(), [(200, 1)].into())
        );
    }
}

/// A user of a real site, with a folder for lists.
struct User {
    site: Site,
    token_url: String,
}

impl User {
    fn of(token_url: String) -> Self {
        let site = Site::start();
        fs::create_dir(site.home().join(LISTS)).unwrap();
        Self { site, token_url }
    }

    fn folder(&self) -> PathBuf {
        self.site.home().join(LISTS)
    }

    fn path(&self, name: &str) -> String {
        self.folder().join(name).to_str().unwrap().to_owned()
    }

    fn output(&self) -> String {
        self.path("out")
    }

    fn get(&self, arguments: &[&str], url: &str) -> Command {
        let mut command = self.site.bare_command(&["get", "--all-pages", url]);
        command
            .args(arguments)
            .env("EDX_TOKEN_URL", &self.token_url)
            .env("EDX_CLIENT_ID", CLIENT.id)
            .env("EDX_CLIENT_SECRET", CLIENT.secret);
        command
    }
}

/// Returns a relay that stops before the third page, and a user who knows the site by its address.
fn through_relay(edx: &OpenEdx) -> (Relay, User) {
    let relay = Relay::to(edx.url(), 2);
    let user = User::of(format!("{}/oauth2/access_token", relay.url()));
    (relay, user)
}

fn list(relay: &Relay) -> String {
    format!("{}/api/v1/catalogs/", relay.url())
}

fn kill_at_third_page(relay: &Relay, command: &mut Command) {
    let mut child = command.spawn().unwrap();
    relay.wait_until_full();
    child.kill().unwrap();
    child.wait().unwrap();
}

fn lines(path: &str) -> Vec<serde_json::Value> {
    let lines = fs::read_to_string(path).unwrap();
    let items = lines.lines().map(serde_json::from_str);
    items.collect::<Result<_, _>>().unwrap()
}

fn ids(items: &[serde_json::Value]) -> Vec<u64> {
    let ids = items.iter().map(|item| item["id"].as_u64().unwrap());
    ids.collect()
}

fn whole_list() -> Vec<u64> {
    (1..=25).collect()
}

const LISTS: &str = "lists";
