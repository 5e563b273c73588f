//! A source over a folder in which something is wrong: its calls succeed, and the reason is told.

use std::sync::Arc;
use std::sync::mpsc;

use super::*;
use crate::testing::{Behavior, LONG_BACKOFFS, Site};
use crate::{Blocking, Event, TokenSource};

/// What is wrong, and whether this error says so. Where none is told, the token is of no use.
type Case = (fn(&Path, &TokenRequest), Option<fn(&StoreError) -> bool>);

#[test]
fn no_call_fails_and_the_reason_is_told() {
    for (number, (spoil, expected)) in CASES.into_iter().enumerate() {
        let (site, folder) = (Site::new(), TestFolder::new());
        let (path, request) = (folder.join("store"), site.request());
        save(&path, &request, &issued(now()));
        spoil(&path, &request);

        let told = call(&site, &path);

        match (told.as_ref().map(store_error), expected) {
            (None, None) => {}
            (Some(error), Some(is_expected)) => {
                assert!(is_expected(error), "{number}: {error:?}");
                assert!(!error.advice().is_empty());
            }
            (told, _) => panic!("{number}: {told:?}"),
        }
        assert_eq!(site.requests(), 1, "{number}");
    }
}

#[test]
fn no_call_fails_over_what_belongs_to_another_user() {
    if !rustix::process::geteuid().is_root() {
        return skipped("calls over files of another user, for only root can give files away");
    }
    for part in [StorePart::Folder, StorePart::LockFile, StorePart::TokenFile] {
        let (site, folder) = (Site::new(), TestFolder::new());
        let (path, request) = (folder.join("store"), site.request());
        save(&path, &request, &issued(now().saturating_sub(HOUR)));
        let planted = match part {
            StorePart::Folder => path.clone(),
            StorePart::LockFile => path.join(lock_name(&request)),
            StorePart::TokenFile => path.join(token_name(&request)),
        };
        chown(planted, Some(65534), None).unwrap();

        let told = call(&site, &path).unwrap();

        let error = store_error(&told);
        assert!(
            matches!(error, StoreError::Foreign(of) if *of == part),
            "{error:?}"
        );
        assert_eq!(site.requests(), 1);
    }
}

#[test]
fn what_is_in_a_read_only_folder_is_read_and_the_rest_requested() {
    let (Some(disk), site) = (TinyDisk::mount(), Site::new()) else {
        return;
    };
    let path = disk.path.join("store");
    save(&path, &site.request(), &issued(now()));
    disk.make_read_only();

    let (reader, _events) = source(&site, &path);
    let token = reader.token().unwrap();
    assert_eq!(token.authorization(), "JWT name-stored");
    assert_eq!(site.requests(), 0);

    let other = Site::new();
    let told = call(&other, &path).unwrap();
    assert!(matches!(store_error(&told), StoreError::Io(_)), "{told:?}");
    assert_eq!(other.requests(), 1);
}

#[test]
fn no_call_fails_over_a_full_disk() {
    let Some(disk) = TinyDisk::mount() else {
        return;
    };
    let (site, path) = (Site::new(), disk.path.join("store"));
    disk.fill();

    let (source, events) = source(&site, &path);
    site.respond([Behavior::Token]);
    source.token().unwrap();

    let told = events.iter().find_map(|event| store_failed(&event));
    let told = told.unwrap();
    assert!(matches!(store_error(&told), StoreError::Io(_)), "{told:?}");
    assert_eq!(site.requests(), 1);
}

#[test]
fn a_call_with_a_cached_token_needs_no_folder() {
    let (site, folder) = (Site::new(), TestFolder::new());
    let path = folder.join("store");
    let (source, events) = source(&site, &path);
    site.respond([Behavior::Token]);
    let first = source.token().unwrap();
    fs::remove_dir_all(&path).unwrap();
    fs::write(&path, "no folder").unwrap();

    for _ in 0..1_000 {
        let token = source.token().unwrap();
        assert_eq!(token.authorization(), first.authorization());
    }

    drop(source);
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| store_failed(&event))
        .collect();
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(site.requests(), 1);
}

/// Gets a token from a source over this folder, while the site issues one. Returns what was told of the store.
fn call(site: &Site, path: &Path) -> Option<Told> {
    let (source, events) = source(site, path);
    site.respond([Behavior::Token]);
    source.token().unwrap();
    let mut before = events
        .iter()
        .take_while(|event| !matches!(event, Event::Renewed { .. }));
    before.find_map(|event| store_failed(&event))
}

fn store_failed(event: &Event) -> Option<Told> {
    match event {
        Event::StoreFailed { error } => Some(Arc::clone(error)),
        _ => None,
    }
}

type Told = Arc<dyn std::error::Error + Send + Sync>;

/// Returns what is wrong with the store.
fn store_error(told: &Told) -> &StoreError {
    told.downcast_ref().unwrap()
}

fn source(site: &Site, path: &Path) -> (TokenSource<Blocking>, mpsc::Receiver<Event>) {
    let (tell, events) = mpsc::channel();
    let source = site.builder(LONG_BACKOFFS).store(FileStore::new(path));
    let source = source.on_event(move |event| drop(tell.send(event.clone())));
    (source.build().unwrap(), events)
}

fn save(path: &Path, request: &TokenRequest, token: &StoredToken) {
    let store = FileStore::new(path);
    drop(store.claim(request, Duration::ZERO).unwrap());
    store.save(request, token, None).unwrap();
}

/// Returns a token of an hour that was issued at this time.
fn issued(wall: Duration) -> StoredToken {
    born("stored", wall)
}

fn now() -> Duration {
    Clock::new().now().wall
}

fn year_old(path: &Path, request: &TokenRequest) {
    fs::remove_file(path.join(token_name(request))).unwrap();
    save(
        path,
        request,
        &issued(now().saturating_sub(365 * 24 * HOUR)),
    );
}

/// As if the clock was set back since.
fn from_the_future(path: &Path, request: &TokenRequest) {
    fs::remove_file(path.join(token_name(request))).unwrap();
    save(path, request, &issued(now() + HOUR));
}

fn empty(path: &Path, request: &TokenRequest) {
    fs::write(path.join(token_name(request)), "").unwrap();
}

fn huge(path: &Path, request: &TokenRequest) {
    fs::write(path.join(token_name(request)), vec![b'a'; 1 << 20]).unwrap();
}

/// As if the files of two tenants were swapped.
fn swapped(path: &Path, request: &TokenRequest) {
    let other = super::request();
    save(path, &other, &issued(now()));
    let (own, other) = (token_name(request), token_name(&other));
    fs::rename(path.join(other), path.join(own)).unwrap();
}

fn open_token(path: &Path, request: &TokenRequest) {
    let path = path.join(token_name(request));
    fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
}

fn open_lock(path: &Path, request: &TokenRequest) {
    fs::remove_file(path.join(token_name(request))).unwrap();
    let path = path.join(lock_name(request));
    fs::set_permissions(path, Permissions::from_mode(0o660)).unwrap();
}

fn open_folder(path: &Path, _: &TokenRequest) {
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

fn planted(path: &Path, name: &str, plant: Plant) {
    let target = path.with_extension("target");
    fs::rename(path.join(name), &target).unwrap();
    plant(&path.join(name), &target);
}

fn linked_token(path: &Path, request: &TokenRequest) {
    planted(path, &token_name(request), link);
}

fn pipe_as_token(path: &Path, request: &TokenRequest) {
    planted(path, &token_name(request), pipe);
}

fn device_as_token(path: &Path, request: &TokenRequest) {
    planted(path, &token_name(request), device_link);
}

fn socket_as_token(path: &Path, request: &TokenRequest) {
    planted(path, &token_name(request), socket);
}

fn folder_as_token(path: &Path, request: &TokenRequest) {
    planted(path, &token_name(request), folder);
}

fn linked_lock(path: &Path, request: &TokenRequest) {
    fs::remove_file(path.join(token_name(request))).unwrap();
    planted(path, &lock_name(request), link);
}

fn pipe_as_lock(path: &Path, request: &TokenRequest) {
    fs::remove_file(path.join(token_name(request))).unwrap();
    planted(path, &lock_name(request), pipe);
}

fn is_other_token(error: &StoreError) -> bool {
    matches!(error, StoreError::OtherKind(StorePart::TokenFile))
}

fn is_other_lock(error: &StoreError) -> bool {
    matches!(error, StoreError::OtherKind(StorePart::LockFile))
}

const CASES: [Case; 15] = [
    (year_old, None),
    (from_the_future, None),
    (empty, Some(|error| matches!(error, StoreError::Token(_)))),
    (huge, Some(|error| matches!(error, StoreError::TooLarge))),
    (
        swapped,
        Some(|error| matches!(error, StoreError::OtherRequest)),
    ),
    (
        open_token,
        Some(|error| matches!(error, StoreError::Open(StorePart::TokenFile))),
    ),
    (
        open_lock,
        Some(|error| matches!(error, StoreError::Open(StorePart::LockFile))),
    ),
    (
        open_folder,
        Some(|error| matches!(error, StoreError::Open(StorePart::Folder))),
    ),
    (linked_token, Some(is_other_token)),
    (pipe_as_token, Some(is_other_token)),
    (device_as_token, Some(is_other_token)),
    (socket_as_token, Some(is_other_token)),
    (folder_as_token, Some(is_other_token)),
    (linked_lock, Some(is_other_lock)),
    (pipe_as_lock, Some(is_other_lock)),
];
