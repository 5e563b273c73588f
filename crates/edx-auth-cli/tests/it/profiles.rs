//! Profiles.

use crate::site::{Ended, Site, set_mode};

fn profile(site: &Site) -> String {
    format!(
        "# the site of the tests\nEDX_TOKEN_URL={}\nEDX_CLIENT_ID={}\nEDX_CLIENT_SECRET={}\n",
        site.edx.url(),
        site.edx.client_id(),
        site.edx.client_secret(),
    )
}

#[test]
fn a_profile_takes_the_place_of_the_environment() {
    let site = Site::start();
    site.write(".config/edx-auth/acme.env", &profile(&site));
    let mut command = site.bare_command(&["--profile=acme", "token"]);
    command
        .env("EDX_CLIENT_ID", "another")
        .env("EDX_TOKEN_URL", "https://x.example");

    Ended::of(&mut command).success();

    assert_eq!(site.edx.token_requests(), 1);
}

#[test]
fn a_profile_with_a_secret_must_be_closed_to_other_users() {
    let site = Site::start();
    let file = site.write(".config/edx-auth/acme.env", &profile(&site));
    set_mode(&file, 0o640);

    let ended = Ended::of(&mut site.bare_command(&["token", "--profile=acme"]));

    assert_eq!((ended.code, site.edx.token_requests()), (Some(7), 0));
    assert!(ended.stderr.contains("Run chmod 600"), "{ended:?}");
}

#[test]
fn a_profile_that_other_users_can_change_is_not_used() {
    let site = Site::start();
    let file = site.write(".config/edx-auth/acme.env", "EDX_CLIENT_ID=acme\n");
    let run = || Ended::of(&mut site.bare_command(&["token", "--profile=acme"]));

    for mode in [0o620, 0o602] {
        set_mode(&file, mode);
        let ended = run();
        assert_eq!(ended.code, Some(7));
        assert!(ended.stderr.contains("can be changed by"), "{ended:?}");
    }
    set_mode(&file, 0o644);
    assert!(!run().stderr.contains("acme.env"));
}

#[test]
fn a_malformed_line_is_named_by_its_number_and_never_quoted() {
    let site = Site::start();
    for line in [
        "EDX_CLIENT_SECRET: planted=",
        "EDX_CLIENT_SECRET planted=",
        "EDX_CLIENT_SECRET =planted",
        "planted",
        "planted=1",
    ] {
        let profile = format!("EDX_CLIENT_ID=acme\n{line}\n");
        site.write(".config/edx-auth/acme.env", &profile);
        for command in ["token", "doctor"] {
            let ended = Ended::of(&mut site.bare_command(&[command, "--profile=acme"]));

            let said = ended.stdout + &ended.stderr;
            assert_eq!(ended.code, Some(7), "{line}");
            assert!(said.contains("line 2 of the profile"), "{said}");
            assert!(!said.contains("planted"), "{said}");
        }
    }
}

#[test]
fn a_missing_profile_is_named_with_its_path() {
    let site = Site::start();

    let ended = Ended::of(&mut site.bare_command(&["token", "--profile=acme"]));

    assert_eq!(ended.code, Some(7));
    assert!(
        ended
            .stderr
            .contains("/.config/edx-auth/acme.env cannot be read"),
        "{ended:?}"
    );
}
