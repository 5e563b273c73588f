//! The releases that a site runs.

/// The releases of Django, its REST framework, django-oauth-toolkit and edX's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// Those that edx-platform pins.
    Platform,
    /// The newest ones.
    Newest,
}

impl Release {
    /// Both sets of releases.
    pub const ALL: [Self; 2] = [Self::Platform, Self::Newest];

    /// Returns the file with the requirements.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Platform => "openedx/platform.txt",
            Self::Newest => "openedx/newest.txt",
        }
    }

    /// Returns the content of that file.
    pub(super) fn requirements(self) -> &'static str {
        match self {
            Self::Platform => include_str!("../../openedx/platform.txt"),
            Self::Newest => include_str!("../../openedx/newest.txt"),
        }
    }
}
