//! A store in a folder, and what may be in that folder.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod calls;

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientCredentials, Scope, StoredTokenError, TokenEndpoint, TokenRequest, TokenType,
};

use super::*;
use crate::StorePart;
use crate::testing::{Folder as TestFolder, HangGuard};

#[test]
fn a_token_is_saved_and_loaded() {
    let shelf = Shelf::new();

    assert!(shelf.store.load(&request()).unwrap().is_none());
    shelf.save("one");

    assert_eq!(shelf.loaded().unwrap(), "one");
    assert_eq!(mode(&shelf.path), 0o700);
    assert_eq!(mode(&shelf.token_file()), 0o600);
}

#[test]
fn a_store_knows_its_folder() {
    let (shelf, nowhere) = (Shelf::new(), FileStore { folder: None });

    assert_eq!(shelf.store.folder().unwrap(), shelf.path);
    assert!(matches!(nowhere.folder(), Err(StoreError::NoCache)));
}

#[test]
fn what_was_saved_last_is_loaded_and_leaves_nothing_behind() {
    let shelf = Shelf::new();
    let claim = shelf.store.claim(&request(), Duration::ZERO).unwrap();

    for name in ["one", "two", "three"] {
        let token = stored(name, HOUR);
        shelf.store.save(&request(), &token, Some(&claim)).unwrap();
    }

    assert_eq!(shelf.loaded().unwrap(), "three");
    assert_eq!(fs::read_dir(&shelf.path).unwrap().count(), 2);
}

#[test]
fn neither_the_client_id_nor_the_secret_is_in_the_folder() {
    let shelf = Shelf::new();
    let _claim = shelf.store.claim(&request(), Duration::ZERO).unwrap();
    shelf.save("one");

    for entry in fs::read_dir(&shelf.path).unwrap() {
        let path = entry.unwrap().path();
        let text = format!("{path:?} {}", fs::read_to_string(&path).unwrap());
        assert!(!text.contains("s3cret") && !text.contains("acme"), "{text}");
    }
}

#[test]
fn each_request_has_its_own_token() {
    let shelf = Shelf::new();
    shelf.save("one");
    for (number, request) in others().iter().enumerate() {
        assert!(shelf.store.load(request).unwrap().is_none(), "{request:?}");
        let token = stored(&number.to_string(), HOUR);
        shelf.store.save(request, &token, None).unwrap();
    }

    assert_eq!(shelf.loaded().unwrap(), "one");
}

#[test]
fn a_token_that_was_copied_from_another_request_is_rejected_and_replaced() {
    for other in others() {
        let shelf = Shelf::new();
        let token = stored("other", HOUR);
        shelf.store.save(&other, &token, None).unwrap();
        fs::rename(shelf.path.join(token_name(&other)), shelf.token_file()).unwrap();

        let error = shelf.loaded().unwrap_err();
        assert!(
            matches!(error, StoreError::OtherRequest),
            "{other:?}: {error:?}"
        );

        shelf.save("new");
        assert_eq!(shelf.loaded().unwrap(), "new");
    }
}

#[test]
fn without_a_claim_a_token_that_outlives_this_one_stays() {
    let shelf = Shelf::new();
    shelf.save("long");
    shelf
        .store
        .save(&request(), &stored("short", HOUR / 2), None)
        .unwrap();
    assert_eq!(shelf.loaded().unwrap(), "long");

    let claim = shelf.store.claim(&request(), Duration::ZERO).unwrap();
    let token = stored("short", HOUR / 2);
    shelf.store.save(&request(), &token, Some(&claim)).unwrap();
    assert_eq!(shelf.loaded().unwrap(), "short");
}

#[test]
fn a_token_from_the_future_is_replaced_with_a_claim_and_without() {
    for has_claim in [true, false] {
        let shelf = Shelf::new();
        let future = born("future", Clock::new().now().wall + HOUR);
        shelf.store.save(&request(), &future, None).unwrap();

        let claim = has_claim.then(|| shelf.store.claim(&request(), Duration::ZERO).unwrap());
        let now = stored("now", HOUR);
        shelf.store.save(&request(), &now, claim.as_ref()).unwrap();

        assert_eq!(shelf.loaded().unwrap(), "now");
    }
}

#[test]
fn a_process_that_was_stopped_with_the_claim_replaces_no_newer_token() {
    let shelf = Shelf::new();
    let claim = shelf.store.claim(&request(), Duration::ZERO).unwrap();
    let now = Clock::new().now().wall;
    let (stopped, newer) = (
        born("stopped", now.saturating_sub(HOUR / 2)),
        born("newer", now),
    );

    shelf.store.save(&request(), &newer, None).unwrap();
    shelf
        .store
        .save(&request(), &stopped, Some(&claim))
        .unwrap();

    assert_eq!(shelf.loaded().unwrap(), "newer");
    assert_eq!(fs::read_dir(&shelf.path).unwrap().count(), 2);
}

#[test]
fn one_process_has_the_claim_until_it_is_dropped() {
    let shelf = Shelf::new();
    let claim = shelf.store.claim(&request(), Duration::ZERO).unwrap();

    let busy = shelf.store.claim(&request(), Duration::from_millis(20));
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
    // A reader needs none.
    assert!(shelf.store.load(&request()).unwrap().is_none());

    drop(claim);
    let _next = shelf.store.claim(&request(), Duration::ZERO).unwrap();
}

#[test]
fn a_lock_ends_though_a_forked_process_has_its_file_open() {
    let folder = TestFolder::new();
    let path = folder.join("lock");
    let file = File::create(&path).unwrap();
    let copy = file.try_clone().unwrap();
    let lock = Locked::within(file, Duration::ZERO).unwrap();
    let locked_by_another = || Locked::within(File::open(&path).unwrap(), Duration::ZERO).is_err();
    assert!(locked_by_another());

    drop(lock);

    assert!(!locked_by_another());
    drop(copy);
}

#[test]
fn a_claim_is_waited_for() {
    let _guard = HangGuard::new();
    let shelf = Shelf::new();
    let claim = shelf.store.claim(&request(), Duration::ZERO).unwrap();

    let store = shelf.store.clone();
    let waiting = thread::spawn(move || store.claim(&request(), Duration::MAX).is_ok());
    drop(claim);

    assert!(waiting.join().unwrap());
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_system_without_locks_is_named() {
    use rustix::fs::{Mode, OFlags};
    // Opened like this, a file takes no lock, as on some network file systems.
    let file = rustix::fs::open("/", OFlags::PATH, Mode::empty()).unwrap();

    let error = Locked::within(File::from(file), Duration::MAX)
        .err()
        .unwrap();

    assert!(matches!(error, StoreError::NoLocks(_)), "{error:?}");
}

#[test]
fn a_folder_that_is_open_to_others_is_rejected() {
    for mode in [0o750, 0o705, 0o770, 0o711, 0o777, 0o2755] {
        let shelf = Shelf::new();
        fs::create_dir(&shelf.path).unwrap();
        fs::set_permissions(&shelf.path, Permissions::from_mode(mode)).unwrap();

        let errors = shelf.errors();

        let is_open = |error: &StoreError| matches!(error, StoreError::Open(StorePart::Folder));
        assert!(errors.iter().all(is_open), "{mode:o}: {errors:?}");
    }
}

#[test]
fn a_token_that_is_open_to_others_is_rejected_and_replaced() {
    for mode in [0o640, 0o604, 0o660, 0o666, 0o620, 0o601] {
        let shelf = Shelf::new();
        shelf.save("planted");
        fs::set_permissions(shelf.token_file(), Permissions::from_mode(mode)).unwrap();

        let error = shelf.loaded().unwrap_err();
        assert!(
            matches!(error, StoreError::Open(StorePart::TokenFile)),
            "{mode:o}: {error:?}"
        );

        shelf.save("new");
        assert_eq!(shelf.loaded().unwrap(), "new");
    }
}

#[test]
fn anything_planted_as_the_token_is_rejected_and_replaced() {
    let plants: [Plant; 6] = [
        link,
        link_to_nothing,
        second_name,
        pipe,
        device_link,
        socket,
    ];
    for (what, plant) in plants.into_iter().enumerate() {
        let _guard = HangGuard::new();
        let shelf = Shelf::new();
        shelf.save("own");
        let path = shelf.token_file();
        let target = shelf.outside.join("target");
        fs::rename(&path, &target).unwrap();
        plant(&path, &target);

        let error = shelf.loaded().unwrap_err();
        assert!(
            matches!(error, StoreError::OtherKind(StorePart::TokenFile)),
            "{what}: {error:?}"
        );
        let before = fs::read(&target).unwrap();
        shelf.save("new");
        assert_eq!(shelf.loaded().unwrap(), "new", "{what}");
        assert_eq!(fs::read(&target).unwrap(), before, "{what} was followed");
    }
}

#[test]
fn a_device_in_the_place_of_the_token_is_rejected_and_replaced() {
    let shelf = Shelf::new();
    shelf.save("own");
    let path = shelf.token_file();
    fs::remove_file(&path).unwrap();
    let mut mknod = Command::new("mknod");
    mknod.args(["-m", "600"]).arg(&path).args(["c", "1", "5"]);
    if !mknod.output().is_ok_and(|made| made.status.success()) {
        return skipped("a device in the place of a token, for this user may make none");
    }

    // A file system may have no devices.
    let error = shelf.loaded().unwrap_err();
    let is_denied = |cause: &io::Error| cause.kind() == io::ErrorKind::PermissionDenied;
    assert!(
        matches!(&error, StoreError::OtherKind(StorePart::TokenFile))
            || matches!(&error, StoreError::Io(cause) if is_denied(cause)),
        "{error:?}"
    );

    shelf.save("new");
    assert_eq!(shelf.loaded().unwrap(), "new");
}

#[test]
fn a_folder_in_the_place_of_the_token_is_rejected() {
    let shelf = Shelf::new();
    shelf.save("own");
    let path = shelf.token_file();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();

    assert!(shelf.loaded().is_err());
    let saved = shelf.store.save(&request(), &stored("new", HOUR), None);
    assert!(matches!(saved, Err(StoreError::Io(_))), "{saved:?}");
    assert_eq!(fs::read_dir(&shelf.path).unwrap().count(), 1);
}

#[test]
fn anything_planted_as_the_lock_is_rejected() {
    let plants: [Plant; 4] = [link, link_to_nothing, pipe, folder];
    for (what, plant) in plants.into_iter().enumerate() {
        let _guard = HangGuard::new();
        let shelf = Shelf::new();
        fs::create_dir(&shelf.path).unwrap();
        fs::set_permissions(&shelf.path, Permissions::from_mode(0o700)).unwrap();
        let target = shelf.outside.join("target");
        fs::write(&target, "kept").unwrap();
        plant(&shelf.path.join(lock_name(&request())), &target);

        let error = shelf.store.claim(&request(), Duration::ZERO).unwrap_err();

        assert!(
            matches!(error, StoreError::OtherKind(StorePart::LockFile)),
            "{what}: {error:?}"
        );
        assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
        assert!(!target.with_extension("no").exists());
    }
}

#[test]
fn anything_planted_as_the_folder_is_rejected() {
    let plants: [Plant; 3] = [link, file, pipe];
    for (what, plant) in plants.into_iter().enumerate() {
        let _guard = HangGuard::new();
        let shelf = Shelf::new();
        let target = shelf.outside.join("target");
        fs::create_dir(&target).unwrap();
        plant(&shelf.path, &target);

        for error in shelf.errors() {
            assert!(
                matches!(error, StoreError::OtherKind(StorePart::Folder)),
                "{what}: {error:?}"
            );
        }
        assert_eq!(fs::read_dir(&target).unwrap().count(), 0);
    }
}

#[test]
fn what_belongs_to_another_user_is_rejected() {
    // The root folder has another owner, unless root runs the tests.
    let shelf = Shelf::new();
    let store = if rustix::process::geteuid().is_root() {
        fs::create_dir(&shelf.path).unwrap();
        fs::set_permissions(&shelf.path, Permissions::from_mode(0o700)).unwrap();
        chown(&shelf.path, Some(65534), None).unwrap();
        shelf.store
    } else {
        FileStore::new("/")
    };

    for error in errors(&store) {
        assert!(
            matches!(error, StoreError::Foreign(StorePart::Folder)),
            "{error:?}"
        );
    }
}

#[test]
fn what_is_no_token_is_named_and_replaced() {
    use StoredTokenError::{Damaged, Version};
    let whole = StoreKey::of(&request()).seal(&stored("whole", HOUR));
    let torn = &whole[..whole.len() - 1];
    for (bytes, expected) in [
        (&b""[..], Some(Damaged)),
        (torn, Some(Damaged)),
        (&whole[..20], Some(Damaged)),
        (&b"edx-auth-sealed/2 and more\n"[..], Some(Version)),
        (&stored("unsealed", HOUR).to_bytes(), Some(Damaged)),
        (&b"{\"access_token\": \"a.b.c\"}"[..], Some(Damaged)),
        (&[0xff; 1000], Some(Damaged)),
        (&vec![b'a'; 64 << 20], None),
    ] {
        let shelf = Shelf::new();
        shelf.save("good");
        fs::write(shelf.token_file(), bytes).unwrap();

        match (shelf.loaded().unwrap_err(), expected) {
            (StoreError::Token(error), Some(expected)) => assert_eq!(error, expected),
            (StoreError::TooLarge, None) => {}
            (error, _) => panic!("{error:?}"),
        }

        shelf.save("new");
        assert_eq!(shelf.loaded().unwrap(), "new");
    }
}

#[test]
fn a_full_disk_keeps_the_token_that_is_there() {
    let Some(disk) = TinyDisk::mount() else {
        return;
    };
    let store = FileStore::new(disk.path.join("store"));
    store
        .save(&request(), &stored("old", HOUR / 2), None)
        .unwrap();
    disk.fill();

    let saved = store.save(&request(), &stored("new", HOUR), None);

    assert!(matches!(saved, Err(StoreError::Io(_))), "{saved:?}");
    let loaded = store.load(&request()).unwrap().unwrap();
    assert_eq!(name(&loaded), "old");
    assert_eq!(fs::read_dir(disk.path.join("store")).unwrap().count(), 1);
}

#[test]
fn without_a_cache_every_use_says_so() {
    let store = FileStore { folder: None };

    for error in errors(&store) {
        assert!(matches!(error, StoreError::NoCache), "{error:?}");
        assert!(error.advice().contains("EDX_TOKEN_STORE=file:/path"));
    }
}

#[test]
fn no_reader_sees_a_part_of_a_token() {
    let shelf = Shelf::new();
    shelf.save("first");

    thread::scope(|scope| {
        let read = || (0..reads() / 4).for_each(|_| drop(shelf.loaded().unwrap()));
        let readers = [(); 4].map(|()| scope.spawn(read));
        let mut length = 0;
        while readers.iter().any(|reader| !reader.is_finished()) {
            shelf.save(&"x".repeat(length));
            length = (length + 137) % 1000;
        }
    });
}

/// A store that does not exist yet, and a folder beside it.
struct Shelf {
    outside: TestFolder,
    path: PathBuf,
    store: FileStore,
}

impl Shelf {
    fn new() -> Self {
        let outside = TestFolder::new();
        let path = outside.join("store");
        Self {
            store: FileStore::new(&path),
            outside,
            path,
        }
    }

    fn save(&self, name: &str) {
        self.store
            .save(&request(), &stored(name, HOUR), None)
            .unwrap();
    }

    /// Returns the name of the stored token.
    fn loaded(&self) -> Result<String, StoreError> {
        let loaded = self.store.load(&request())?;
        Ok(name(&loaded.unwrap()))
    }

    fn errors(&self) -> [StoreError; 3] {
        errors(&self.store)
    }

    fn token_file(&self) -> PathBuf {
        self.path.join(token_name(&request()))
    }
}

/// Returns the errors of every use.
fn errors(store: &FileStore) -> [StoreError; 3] {
    let request = request();
    [
        store.load(&request).map(drop).unwrap_err(),
        store.claim(&request, Duration::ZERO).map(drop).unwrap_err(),
        store
            .save(&request, &stored("new", HOUR), None)
            .unwrap_err(),
    ]
}

/// A file system of a few pages, where the tests may mount one.
struct TinyDisk {
    path: PathBuf,
    _around: TestFolder,
}

impl TinyDisk {
    fn mount() -> Option<Self> {
        let folder = TestFolder::new();
        let path = folder.join("disk");
        fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
            .arg(&path);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        if !mounted {
            skipped("a full or read-only disk, for this user may mount none");
        }
        mounted.then_some(Self {
            path,
            _around: folder,
        })
    }

    fn make_read_only(&self) {
        let mut mount = Command::new("mount");
        let mount = mount.args(["-o", "remount,ro"]).arg(&self.path);
        assert!(mount.status().unwrap().success());
    }

    fn fill(&self) {
        let _full = fs::write(self.path.join("ballast"), vec![0; 1 << 20]);
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _unmounted = Command::new("umount").arg(&self.path).status();
    }
}

/// Says past the test harness's capture of output that this was not tested.
fn skipped(what: &str) {
    let line = format!("\nSKIPPED: {what}\n\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
}

fn request() -> TokenRequest {
    let credentials = ClientCredentials::new("acme-api", "s3cret").unwrap();
    TokenRequest::new(TokenEndpoint::edx(), credentials)
}

/// Returns requests of other clients, secrets, scopes and sites.
fn others() -> [TokenRequest; 6] {
    let edx = |secret: &str| {
        let credentials = ClientCredentials::new("acme-api", secret).unwrap();
        TokenRequest::new(TokenEndpoint::edx(), credentials)
    };
    let site = TokenEndpoint::open_edx("https://courses.example.org").unwrap();
    [
        edx("another"),
        edx("s3cret").scope(Scope::new("read").unwrap()),
        TokenRequest::new(
            TokenEndpoint::edx_stage(),
            edx("s3cret").credentials().clone(),
        ),
        TokenRequest::new(site.clone(), edx("s3cret").credentials().clone()),
        TokenRequest::new(site, edx("another").credentials().clone()).basic_auth(),
        TokenRequest::new(
            TokenEndpoint::edx(),
            ClientCredentials::new("other", "s3cret").unwrap(),
        ),
    ]
}

fn token_name(request: &TokenRequest) -> String {
    token_file(&StoreKey::of(request))
}

fn lock_name(request: &TokenRequest) -> String {
    lock_file(&StoreKey::of(request))
}

/// Returns a token that was issued now.
fn stored(name: &str, lifetime: Duration) -> StoredToken {
    let token = AccessToken::new(TokenType::Jwt, &format!("name-{name}")).unwrap();
    StoredToken::new(token, lifetime, Clock::new().now().wall)
}

/// Returns a token of an hour that was issued at this time by the wall clock.
fn born(name: &str, wall: Duration) -> StoredToken {
    let token = AccessToken::new(TokenType::Jwt, &format!("name-{name}")).unwrap();
    StoredToken::new(token, HOUR, wall)
}

fn name(stored: &StoredToken) -> String {
    let bytes = String::from_utf8(stored.to_bytes()).unwrap();
    let (_, name) = bytes.trim_end().split_once("name-").unwrap();
    name.to_owned()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Puts something else in the place of a file, such as a link to the target.
type Plant = fn(&Path, &Path);

fn link(path: &Path, target: &Path) {
    symlink(target, path).unwrap();
}

fn link_to_nothing(path: &Path, target: &Path) {
    symlink(target.with_extension("no"), path).unwrap();
}

fn second_name(path: &Path, target: &Path) {
    fs::hard_link(target, path).unwrap();
}

fn pipe(path: &Path, _: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

fn device_link(path: &Path, _: &Path) {
    symlink("/dev/zero", path).unwrap();
}

fn socket(path: &Path, _: &Path) {
    drop(UnixListener::bind(path).unwrap());
}

fn folder(path: &Path, _: &Path) {
    fs::create_dir(path).unwrap();
}

fn file(path: &Path, _: &Path) {
    fs::write(path, "").unwrap();
}

/// Returns how often to read beside a writer: by default as often as a test has time for.
fn reads() -> usize {
    let reads = env::var("EDX_AUTH_TEST_READS");
    reads.map_or(10_000, |reads| reads.parse().unwrap())
}

const HOUR: Duration = Duration::from_secs(60 * 60);
