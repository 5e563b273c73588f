//! A token in a file that another process keeps fresh.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use edx_auth_core::{Need, Origins, RenewalError, StoredToken, StoredTokenError};

use crate::engine::acquire;
use crate::testing::{Ask, Flavor, Folder, HangGuard, cause, in_both_flavors, one_token};
use crate::{LiveToken, StoreError, TokenSource};

in_both_flavors!(
    a_file_is_read_for_its_first_callers,
    a_file_that_is_replaced_is_read_after_a_rejection,
    links_that_are_swapped_are_followed_again,
    a_file_that_is_still_the_same_keeps_the_good_token,
    what_is_wrong_with_a_file_keeps_the_good_token,
    a_file_that_comes_late_is_waited_for,
    without_a_file_callers_are_told_why,
    a_source_over_a_file_is_called_so_or_as_the_program_says,
);

fn a_file_is_read_for_its_first_callers<W: Flavor>() {
    let (_guard, folder) = (HangGuard::new(), Folder::new());
    write(&folder.join("token"), &jwt("one", HOUR));
    let source = source::<W>(&folder);

    one_token(W::start(20, &source, Ask::Token).results());

    let token = W::ask(&source, Ask::Token).unwrap();
    assert!(token.usable_for() <= Duration::from_secs(HOUR));
    assert!(token.authorization().to_str().unwrap().starts_with("JWT "));
    assert_eq!(source.health().failures, 0);
}

fn a_file_that_is_replaced_is_read_after_a_rejection<W: Flavor>() {
    let (_guard, folder, source, first) = with_token::<W>();

    write(&folder.join("token"), &jwt("two", 2 * HOUR));
    let newer = W::ask(&source, Ask::NewerThan(first.clone())).unwrap();

    assert!(newer.generation() > first.generation());
    let served = W::ask(&source, Ask::Token).unwrap();
    assert_eq!(served.generation(), newer.generation());
}

/// As Kubernetes replaces the files of a volume.
#[cfg(unix)]
fn links_that_are_swapped_are_followed_again<W: Flavor>() {
    use std::os::unix::fs::symlink;
    let (_guard, folder) = (HangGuard::new(), Folder::new());
    for (version, name, life) in [("..1", "one", HOUR), ("..2", "two", 2 * HOUR)] {
        fs::create_dir(folder.join(version)).unwrap();
        write(&folder.join(version).join("token"), &jwt(name, life));
    }
    symlink("..1", folder.join("..data")).unwrap();
    symlink("..data/token", folder.join("token")).unwrap();
    let source = source::<W>(&folder);
    let first = W::ask(&source, Ask::Token).unwrap();

    symlink("..2", folder.join("..new")).unwrap();
    fs::rename(folder.join("..new"), folder.join("..data")).unwrap();
    let newer = W::ask(&source, Ask::NewerThan(first.clone())).unwrap();

    assert_ne!(newer.authorization(), first.authorization());
}

#[cfg(not(unix))]
fn links_that_are_swapped_are_followed_again<W: Flavor>() {}

fn a_file_that_is_still_the_same_keeps_the_good_token<W: Flavor>() {
    let (_guard, _folder, source, first) = with_token::<W>();

    let unchanged = Some(StoredTokenError::Unchanged);
    assert_eq!(why(&source, &first), unchanged);

    let served = W::ask(&source, Ask::Token).unwrap();
    assert_eq!(served.generation(), first.generation());
}

fn what_is_wrong_with_a_file_keeps_the_good_token<W: Flavor>() {
    use StoredTokenError::{Damaged, Empty, Expired, Older, Version};
    let whole = jwt("two", 2 * HOUR);
    for (text, expected) in [
        (String::new(), Some(Empty)),
        (whole[..whole.len() / 2].to_owned(), Some(Damaged)),
        (jwt("old", HOUR / 2), Some(Older)),
        (jwt("expired", 0), Some(Expired)),
        (
            "edx-auth-token/1 0 3600000 JWT a.b.c\n".to_owned(),
            Some(Expired),
        ),
        (
            "edx-auth-token/7 0 3600000 JWT a.b.c\n".to_owned(),
            Some(Version),
        ),
        ("a".repeat(StoredToken::LONGEST + 1), None),
        ("é".to_owned(), Some(Damaged)),
    ] {
        let (_guard, folder, source, first) = with_token::<W>();

        write(&folder.join("token"), &text);
        assert_eq!(why(&source, &first), expected, "{text:.60}");

        let served = W::ask(&source, Ask::Token).unwrap();
        assert_eq!(served.generation(), first.generation());
        assert_eq!(source.health().failures, 1);
    }
}

#[test]
fn what_is_no_file_keeps_the_good_token() {
    use crate::Blocking;
    for replace in [
        remove,
        replace_by_folder,
        replace_by_pipe,
        replace_by_device,
    ] {
        let (_guard, folder, source, first) = with_token::<Blocking>();

        replace(&folder.join("token"));
        assert_eq!(why(&source, &first), None);

        let served = source.token().unwrap();
        assert_eq!(served.generation(), first.generation());
    }
}

fn a_file_that_comes_late_is_waited_for<W: Flavor>() {
    let (_guard, folder) = (HangGuard::new(), Folder::new());
    let source = source::<W>(&folder);

    let callers = W::start(20, &source, Ask::Token);
    callers.have_asked();
    write(&folder.join("token"), &jwt("late", HOUR));

    one_token(callers.results());
}

fn without_a_file_callers_are_told_why<W: Flavor>() {
    let (_guard, folder) = (HangGuard::new(), Folder::new());
    let source = source::<W>(&folder);

    W::ask(&source, Ask::Within(Duration::ZERO)).unwrap_err();
    let error = loop {
        let error = W::ask(&source, Ask::Within(Duration::from_millis(10))).unwrap_err();
        if cause(&error).is_some() {
            break error;
        }
    };

    assert!(error.is_retryable());
    assert!(error.advice().contains("keeps the token fresh"));
    assert!(
        error.report().to_string().contains("No such file"),
        "{}",
        error.report()
    );
}

fn a_source_over_a_file_is_called_so_or_as_the_program_says<W: Flavor>() {
    let (_guard, folder) = (HangGuard::new(), Folder::new());
    write(&folder.join("token"), &jwt("one", HOUR));
    let built = || TokenSource::<W>::builder_from_file(folder.join("token"), Origins::none());

    for (source, label) in [
        (source::<W>(&folder), "token file"),
        (built().build().unwrap(), "token file"),
        (built().label("tenant 7").build().unwrap(), "tenant 7"),
    ] {
        W::ask(&source, Ask::Token).unwrap();
        assert_eq!(source.health().label.as_deref(), Some(label));
    }
}

fn source<W>(folder: &Folder) -> TokenSource<W> {
    TokenSource::from_file(folder.join("token"), Origins::none())
}

/// Creates a source that has read a token, and that token, which APIs reject.
fn with_token<W: Flavor>() -> (HangGuard, Folder, TokenSource<W>, LiveToken) {
    let (guard, folder) = (HangGuard::new(), Folder::new());
    write(&folder.join("token"), &jwt("one", HOUR));
    let source = source::<W>(&folder);
    let first = W::ask(&source, Ask::Token).unwrap();
    (guard, folder, source, first)
}

/// Replaces the file as a whole.
fn write(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).unwrap();
    fs::rename(&new, path).unwrap();
}

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

fn replace_by_folder(path: &Path) {
    remove(path);
    fs::create_dir(path).unwrap();
}

fn replace_by_pipe(path: &Path) {
    remove(path);
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

fn replace_by_device(path: &Path) {
    remove(path);
    std::os::unix::fs::symlink("/dev/zero", path).unwrap();
}

/// Asks for a newer token than this one. Returns what is wrong with the one in the file, if it is a token.
fn why<W>(source: &TokenSource<W>, than: &LiveToken) -> Option<StoredTokenError> {
    let need = Need::any().newer_than(than.generation());
    let error = loop {
        let acquired = source
            .engine()
            .block_on(acquire(need, Some(Duration::ZERO)));
        if let Some(RenewalError::NotSupplied(Some(error))) = acquired.unwrap_err().renewal_error()
        {
            break error.clone();
        }
        thread::yield_now();
    };
    match error.downcast_ref::<StoreError>() {
        Some(StoreError::Token(error)) => Some(*error),
        Some(_) => None,
        None => error.downcast_ref().copied(),
    }
}

/// Returns a JWT that was issued now and lives this many seconds.
fn jwt(name: &str, life: u64) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let claims = format!(
        r#"{{"iat": {now}, "exp": {}, "sub": "{name}"}}"#,
        now + life
    );
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    format!("{}.{}.c2ln\n", part(r#"{"alg":"HS256"}"#), part(&claims))
}

const HOUR: u64 = 60 * 60;
