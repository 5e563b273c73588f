//! Tests of the configuration from environment variables.

use alloc::format;
use alloc::string::{String, ToString};
use core::cell::Cell;

use super::*;
use crate::client_name::ClientNameError;
use crate::exchange::TokenEndpoint;
use crate::url::UrlError;

/// Reads the configuration from these variables and files.
fn read(table: &[(&str, &str)], files: &[(&str, &[u8])]) -> Result<EnvConfig, EnvConfigError> {
    let variable = |name: &str| {
        let set = table.iter().find(|(set, _)| *set == name);
        set.map(|(_, value)| value.as_bytes().to_vec())
    };
    let file = |path: &str| {
        let found = files.iter().find(|(known, _)| *known == path);
        found
            .map(|(_, content)| content.to_vec())
            .ok_or("no such file")
    };
    EnvConfig::read(variable, file)
}

#[test]
fn a_token_file_comes_with_the_origins_of_its_site() {
    let file = token_file(&[
        ("EDX_ACCESS_TOKEN_FILE", "/run/edx/token"),
        ("EDX_TOKEN_URL", "https://courses.example.org"),
        ("EDX_ALLOWED_ORIGINS", "https://studio.example.org"),
        ("EDX_REST_API_CLIENT_NAME", "reports"),
    ]);
    let file = file.unwrap().unwrap();

    assert_eq!(file.path(), "/run/edx/token");
    assert!(
        file.origins()
            .check("https://courses.example.org/api/")
            .is_ok()
    );
    assert!(
        file.origins()
            .check("https://studio.example.org/api/")
            .is_ok()
    );
    assert!(file.origins().check("https://api.edx.org/").is_err());
    assert_eq!(file.client_name().unwrap().to_string(), "reports");
    assert!(!format!("{file:?}").contains("/run/edx"));
}

#[test]
fn without_its_variable_there_is_no_token_file() {
    assert!(token_file(&CREDENTIALS).unwrap().is_none());
    assert!(
        token_file(&[("EDX_ACCESS_TOKEN_FILE", "")])
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_token_file_beside_client_credentials_is_an_error() {
    for variable in [
        "EDX_CLIENT_ID",
        "EDX_CLIENT_ID_FILE",
        "EDX_CLIENT_SECRET",
        "EDX_CLIENT_SECRET_FILE",
    ] {
        let error = token_file(&[("EDX_ACCESS_TOKEN_FILE", "/t"), (variable, "x")]).unwrap_err();

        assert_eq!(error, EnvConfigError::TokenFileAndCredentials { variable });
        assert!(error.advice().contains("needs no client credentials"));
    }
}

#[test]
fn a_token_store_is_a_folder_in_the_cache_or_anywhere() {
    let folder = |path: &str| Some(EnvStore::Folder(path.into()));
    for (place, store) in [
        ("", None),
        ("file", Some(EnvStore::Cache)),
        ("file:/var/cache/edx", folder("/var/cache/edx")),
        (r"file:C:\cache", folder(r"C:\cache")),
    ] {
        let config = read(
            &[&CREDENTIALS[..], &[("EDX_TOKEN_STORE", place)]].concat(),
            &[],
        )
        .unwrap();
        assert_eq!(config.token_store(), store.as_ref(), "{place}");
    }
}

#[test]
fn what_names_no_token_store_is_an_error() {
    let variable = "EDX_TOKEN_STORE";
    for place in [
        "true",
        "file:",
        "file:cache",
        "files",
        "redis://localhost",
        "/var/cache",
    ] {
        let error = read(&[&CREDENTIALS[..], &[(variable, place)]].concat(), &[]).unwrap_err();

        assert_eq!(error, EnvConfigError::TokenStore { variable }, "{place}");
        assert!(error.advice().contains("absolute path"));
    }
}

fn token_file(table: &[(&str, &str)]) -> Result<Option<EnvTokenFile>, EnvConfigError> {
    EnvTokenFile::read(|name| {
        let value = table.iter().find(|(known, _)| *known == name);
        value.map(|(_, value)| value.as_bytes().to_vec())
    })
}

const CREDENTIALS: [(&str, &str); 2] = [("EDX_CLIENT_ID", "acme"), ("EDX_CLIENT_SECRET", "s3cret")];

fn body(environment: &EnvConfig) -> String {
    let (request, _) = environment.token_request().begin();
    String::from_utf8(request.body().as_ref().to_vec()).unwrap()
}

fn endpoint(more: &[(&str, &str)]) -> Result<String, EnvConfigError> {
    let environment = read(&[&CREDENTIALS, more].concat(), &[])?;
    Ok(environment.token_request().endpoint().to_string())
}

#[test]
fn client_credentials_alone_select_edx() {
    assert_eq!(
        endpoint(&[]).unwrap(),
        "https://api.edx.org/oauth2/v1/access_token"
    );
    assert!(
        body(&read(&CREDENTIALS, &[]).unwrap()).contains("client_id=acme&client_secret=s3cret")
    );
}

#[test]
fn a_file_loses_only_its_byte_order_mark_and_one_trailing_newline() {
    let table = [
        ("EDX_CLIENT_ID_FILE", "/id"),
        ("EDX_CLIENT_SECRET_FILE", "/secret"),
    ];
    for content in [
        &b"s3cret"[..],
        b"s3cret\n",
        b"s3cret\r\n",
        b"\xEF\xBB\xBFs3cret\n",
    ] {
        let environment = read(&table, &[("/id", b"acme\n"), ("/secret", content)]).unwrap();
        assert!(body(&environment).contains("client_id=acme&client_secret=s3cret&"));
    }
    let twice = read(&table, &[("/id", b"acme"), ("/secret", b"s3cret\n\n")]);
    assert!(
        matches!(twice, Err(EnvConfigError::CredentialsFile(_))),
        "{twice:?}"
    );
}

#[test]
fn an_empty_file_may_be_written_later_and_an_empty_variable_stays() {
    let secret_file = ("EDX_CLIENT_SECRET_FILE", "/secret");
    let with_file = |content| read(&[CREDENTIALS[0], secret_file], &[("/secret", content)]);
    for content in [&b""[..], b"\n", b"\xEF\xBB\xBF"] {
        let empty = with_file(content).unwrap_err();
        assert!(empty.is_retryable(), "{empty}");
        assert!(empty.advice().starts_with("Wait until the file is written"));
    }
    let damaged = with_file(b"s3\tcret").unwrap_err();
    assert!(!damaged.is_retryable(), "{damaged}");
    let blank = read(&[("EDX_CLIENT_ID", " "), secret_file], &[("/secret", b"s")]).unwrap_err();
    assert!(matches!(blank, EnvConfigError::Credentials(_)), "{blank}");
    assert!(!blank.is_retryable());
}

#[test]
fn a_variable_loses_its_byte_order_mark_as_a_file_does() {
    let marked = [
        ("EDX_CLIENT_ID", "\u{feff}acme"),
        ("EDX_CLIENT_SECRET", "\u{feff}s3cret"),
        ("EDX_TOKEN_URL", "\u{feff}"),
    ];

    assert!(body(&read(&marked, &[]).unwrap()).contains("client_id=acme&client_secret=s3cret&"));
}

#[test]
fn an_invisible_character_in_a_file_is_named() {
    let table = [CREDENTIALS[0], ("EDX_CLIENT_SECRET_FILE", "/secret")];
    for (content, code_point) in [
        ("s3cret\u{feff}\n", "U+FEFF"),
        ("s3cret\u{2060}\n", "U+2060"),
        ("s3\u{200b}cret\n", "U+200B"),
        ("\u{feff}\u{feff}s3cret\n", "U+FEFF"),
    ] {
        let error = read(&table, &[("/secret", content.as_bytes())]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the client credentials in a file are invalid: \
                 the client secret contains the invisible character {code_point}"
            )
        );
        assert!(error.advice().contains("Delete that character"));
    }
}

/// Reads credentials again, from an ID file and a secret file that contain, one reading after the other,
/// these texts. Returns the body of a token request with them, and how many texts were read.
fn read_again(readings: &[&str]) -> Result<(String, usize), EnvConfigError> {
    let table = [
        ("EDX_CLIENT_ID_FILE", "/id"),
        ("EDX_CLIENT_SECRET_FILE", "/secret"),
    ];
    let config = read(&table, &[("/id", b"old"), ("/secret", b"old")]).unwrap();
    let count = Cell::new(0);
    let credentials = config.read_credentials(|_: &str| {
        let at = count.replace(count.get() + 1);
        let content = readings.get(at).unwrap_or(&"another");
        Ok::<_, &str>(content.as_bytes().to_vec())
    })?;
    let request = config.token_request().clone().with_credentials(credentials);
    let (request, _) = request.begin();
    let body = String::from_utf8(request.body().as_ref().to_vec()).unwrap();
    Ok((body, count.get()))
}

#[test]
fn the_first_time_a_file_is_read_once() {
    let count = Cell::new(0);
    let variable = |name: &str| match name {
        "EDX_CLIENT_ID" => Some("acme".into()),
        "EDX_CLIENT_SECRET_FILE" => Some("/dev/fd/3".into()),
        _ => None,
    };

    let config = EnvConfig::read(variable, |_| {
        count.set(count.get() + 1);
        Ok::<_, &str>(b"s3cret\n".to_vec())
    });

    assert!(config.unwrap().credentials_files().eq(["/dev/fd/3"]));
    assert_eq!(count.get(), 1, "a pipe cannot be read again");
}

#[test]
fn files_are_read_until_two_readings_agree() {
    for (readings, times) in [
        (&["new", "new", "new", "new"][..], 4),
        (&["old", "new", "new", "new", "new", "new"], 6),
        (&["old", "old", "old", "new", "new", "new", "new", "new"], 8),
    ] {
        let (body, read) = read_again(readings).unwrap();
        assert!(
            body.contains("client_id=new&client_secret=new"),
            "{readings:?} {body}"
        );
        assert_eq!(read, times, "{readings:?}");
    }
}

#[test]
fn files_that_change_at_every_reading_are_read_four_times() {
    let readings = ["1", "1", "2", "2", "3", "3", "4", "4"];

    let (body, read) = read_again(&readings).unwrap();

    assert!(body.contains("client_id=4&client_secret=4"), "{body}");
    assert_eq!(read, 8);
}

#[test]
fn a_half_written_file_is_an_error_that_passes_with_the_next_reading() {
    let half = read_again(&["new", "", "new", ""]).unwrap_err();

    assert!(half.is_retryable(), "{half}");
    assert!(read_again(&["new", "new", "new", "new"]).is_ok());
}

#[test]
fn credentials_in_variables_stay_as_they_are() {
    let config = read(&CREDENTIALS, &[]).unwrap();

    let again = config.read_credentials(|_| Err("no such file")).unwrap();

    assert_eq!(config.credentials_files().count(), 0);
    assert!(again.is_same_pair(config.token_request().credentials()));
}

#[test]
fn an_empty_variable_is_not_set() {
    let table = [
        &CREDENTIALS[..],
        &[("EDX_CLIENT_ID_FILE", ""), ("EDX_TOKEN_URL", "")],
    ]
    .concat();

    assert!(read(&table, &[]).is_ok());
}

#[test]
fn a_missing_variable_is_named() {
    for (table, variable) in [
        (&CREDENTIALS[1..], "EDX_CLIENT_ID"),
        (&CREDENTIALS[..1], "EDX_CLIENT_SECRET"),
    ] {
        let missing = EnvConfigError::Missing {
            variable,
            instead: None,
        };
        assert_eq!(read(table, &[]).err(), Some(missing));
    }
}

#[test]
fn a_variable_and_its_file_together_are_rejected() {
    let table = [&CREDENTIALS[..], &[("EDX_CLIENT_SECRET_FILE", "/secret")]].concat();
    let variable = "EDX_CLIENT_SECRET";

    assert_eq!(
        read(&table, &[]).err(),
        Some(EnvConfigError::ValueAndFile { variable })
    );
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let table = [CREDENTIALS[0], ("EDX_CLIENT_SECRET_FILE", "/nowhere")];

    assert_eq!(
        read(&table, &[]).unwrap_err().to_string(),
        "the file named by EDX_CLIENT_SECRET_FILE cannot be read: no such file"
    );
}

#[test]
fn the_error_for_a_file_that_is_not_text_shows_none_of_it() {
    let table = [CREDENTIALS[0], ("EDX_CLIENT_SECRET_FILE", "/secret")];
    let error = read(&table, &[("/secret", b"s3\xFFcret")]).unwrap_err();

    assert_eq!(
        error,
        EnvConfigError::NotUnicode {
            variable: "EDX_CLIENT_SECRET"
        }
    );
    assert!(!format!("{error:?}").contains("cret\""));
}

#[test]
fn the_url_of_a_site_selects_its_token_endpoint() {
    let url = |url| endpoint(&[("EDX_TOKEN_URL", url)]);

    assert_eq!(
        url("https://lms.example").unwrap(),
        "https://lms.example/oauth2/access_token"
    );
    assert_eq!(
        url("lms.example"),
        Err(EnvConfigError::TokenUrl {
            variable: "EDX_TOKEN_URL",
            error: UrlError::NoScheme
        })
    );
}

#[test]
fn credentials_in_other_variables_are_named() {
    let missing = |instead| {
        let error = read(&[(instead, "x")], &[]).unwrap_err();
        (error.to_string(), error.advice())
    };

    let (what, to_do) = missing("BACKEND_SERVICE_EDX_OAUTH2_KEY");
    assert_eq!(
        what,
        "EDX_CLIENT_ID is not set, but BACKEND_SERVICE_EDX_OAUTH2_KEY is"
    );
    assert!(to_do.contains("from_open_edx_env()"));
    let (what, to_do) = missing("SOCIAL_AUTH_EDX_OAUTH2_KEY");
    assert_eq!(
        what,
        "EDX_CLIENT_ID is not set, but SOCIAL_AUTH_EDX_OAUTH2_KEY is"
    );
    assert!(to_do.contains("user login"));
}

#[test]
fn the_variables_of_an_open_edx_service_select_its_lms() {
    let variable = |name: &str| match name {
        "BACKEND_SERVICE_EDX_OAUTH2_KEY" => Some("acme".into()),
        "BACKEND_SERVICE_EDX_OAUTH2_SECRET" => Some("s3cret".into()),
        "BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL" => Some("http://lms:8000/oauth2".into()),
        "EDX_ALLOW_PLAINTEXT_HTTP" => Some("lms".into()),
        _ => None,
    };
    let environment = EnvConfig::read_open_edx(variable, |_| Err("no file")).unwrap();

    let endpoint = environment.token_request().endpoint();
    assert_eq!(endpoint.to_string(), "http://lms:8000/oauth2/access_token");
    assert!(body(&environment).contains("client_id=acme&client_secret=s3cret"));
}

#[test]
fn the_variables_of_an_open_edx_service_have_no_default() {
    let variable = |name: &str| name.ends_with("KEY").then(|| "x".into());
    let error = EnvConfig::read_open_edx(variable, |_| Err("no file")).unwrap_err();

    assert!(
        error
            .to_string()
            .starts_with("BACKEND_SERVICE_EDX_OAUTH2_SECRET is not set")
    );
}

#[test]
fn the_token_is_for_the_site_and_the_named_origins() {
    let origins = |named| {
        let table = [&CREDENTIALS[..], &[("EDX_ALLOWED_ORIGINS", named)]].concat();
        read(&table, &[]).map(|environment| environment.origins().to_string())
    };
    let edx = "https://api.edx.org, https://discovery.edx.org, https://courses.edx.org";

    assert_eq!(origins("").unwrap(), edx);
    assert_eq!(
        origins("https://a.example, https://b.example:8443/ ,").unwrap(),
        format!("{edx}, https://a.example, https://b.example:8443")
    );
    for named in [
        "a.example",
        "http://a.example",
        "https://a.example/api",
        "https://*.example",
    ] {
        let error = origins(named).unwrap_err();
        assert!(
            matches!(error, EnvConfigError::Origin { .. }),
            "{named}: {error}"
        );
    }
}

#[test]
fn a_program_can_set_its_client_name() {
    let name = |name| {
        let table = [&CREDENTIALS[..], &[("EDX_REST_API_CLIENT_NAME", name)]].concat();
        let environment = read(&table, &[])?;
        Ok(environment.client_name().map(ToString::to_string))
    };
    let mobile = EnvConfigError::ClientName {
        variable: "EDX_REST_API_CLIENT_NAME",
        error: ClientNameError::MobileApp,
    };

    assert_eq!(name(""), Ok(None));
    assert_eq!(name("acme-sync"), Ok(Some("acme-sync".into())));
    assert_eq!(name("edX/org.edx.mobile"), Err(mobile));
}

#[test]
fn plain_http_is_allowed_only_to_named_hosts() {
    let asked = |hosts| {
        endpoint(&[
            ("EDX_TOKEN_URL", "http://lms:8000"),
            ("EDX_ALLOW_PLAINTEXT_HTTP", hosts),
        ])
    };

    assert_eq!(asked("lms").unwrap(), "http://lms:8000/oauth2/access_token");
    assert!(asked("other, LMS ,").is_ok());
    for hosts in ["", "lm", "lms.", "xlms"] {
        assert!(
            matches!(asked(hosts), Err(EnvConfigError::TokenUrl { .. })),
            "{hosts}"
        );
    }
    for hosts in [
        "[::1]",
        "10.0.0.7",
        "lms_1.internal",
        "truestory",
        "on.example",
    ] {
        assert!(
            matches!(asked(hosts), Err(EnvConfigError::TokenUrl { .. })),
            "{hosts}"
        );
    }
    for hosts in [
        "*",
        "lms:8000",
        "http://lms",
        "lms,http://x",
        "true",
        "TRUE",
        "1",
        "0",
        "yes",
        "on",
        "lms;cms",
        "lms cms",
        "\"lms\"",
        "[lms]",
        "[::g]",
        "lms,größe",
    ] {
        assert!(
            matches!(asked(hosts), Err(EnvConfigError::NotAHost { .. })),
            "{hosts}"
        );
    }
}

#[test]
fn every_error_says_what_to_do() {
    let (variable, other) = ("EDX_TOKEN_URL", "EDX_CLIENT_ID");
    let missing = |variable| EnvConfigError::Missing {
        variable,
        instead: None,
    };
    let credentials = ClientCredentials::new("", "s3cret").unwrap_err();
    let (url, name) = (UrlError::NoScheme, ClientNameError::MobileApp);
    for (error, advice) in [
        (missing(other), "Set EDX_CLIENT_ID and EDX_CLIENT_SECRET"),
        (
            missing("BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL"),
            "as the site's services have them",
        ),
        (
            EnvConfigError::Credentials(credentials),
            credentials.advice(),
        ),
        (
            EnvConfigError::TokenUrl {
                variable,
                error: url.clone(),
            },
            url.advice(),
        ),
    ] {
        assert!(error.advice().contains(advice), "{error}");
    }
    for (variables, advice) in [
        (
            &[CREDENTIALS[1], ("EDX_CLIENT_ID_FILE", "/id")][..],
            "Check the path",
        ),
        (
            &[("EDX_CLIENT_ID", "acme"), ("EDX_CLIENT_ID_FILE", "/id")],
            "Unset one of the two",
        ),
        (
            &[
                CREDENTIALS[0],
                CREDENTIALS[1],
                ("EDX_ALLOW_PLAINTEXT_HTTP", "http://lms"),
            ],
            "Write only the host names",
        ),
        (
            &[
                CREDENTIALS[0],
                CREDENTIALS[1],
                ("EDX_REST_API_CLIENT_NAME", "edX/org.edx.mobile"),
            ],
            name.advice(),
        ),
    ] {
        let error = read(variables, &[]).unwrap_err();
        assert!(error.advice().contains(advice), "{error}");
    }
    let not_unicode = [CREDENTIALS[1], ("EDX_CLIENT_ID_FILE", "/id")];
    let not_unicode = read(&not_unicode, &[("/id", b"\xff")]).unwrap_err();
    assert!(not_unicode.advice().contains("UTF-8"), "{not_unicode}");
}

#[test]
fn the_named_plaintext_hosts_can_be_read_back() {
    let named = [
        CREDENTIALS[0],
        CREDENTIALS[1],
        ("EDX_ALLOW_PLAINTEXT_HTTP", "lms"),
    ];
    let hosts = read(&named, &[]).unwrap().plaintext_hosts().clone();

    assert!(TokenEndpoint::open_edx_with("http://lms", &hosts).is_ok());
    assert!(TokenEndpoint::open_edx_with("http://cms", &hosts).is_err());
}

#[test]
fn a_service_of_open_edx_has_to_name_its_lms() {
    let variable = |name: &str| match name {
        "BACKEND_SERVICE_EDX_OAUTH2_KEY" => Some("acme".into()),
        "BACKEND_SERVICE_EDX_OAUTH2_SECRET" => Some("s3cret".into()),
        _ => None,
    };

    let error = EnvConfig::read_open_edx(variable, |_| Err("no file")).unwrap_err();

    let missing = "BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL is not set";
    assert_eq!(error.to_string(), missing);
}
