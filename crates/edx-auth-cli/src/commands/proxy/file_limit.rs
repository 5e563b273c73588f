//! How many files the process may open.

/// Raises the limit as far as the system allows: a connection takes two file descriptors, and many systems
/// start with 1,024. Where it cannot be raised, further connections wait.
#[cfg(unix)]
pub(super) fn raise() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(Resource::Nofile).maximum;
    let _raised = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    );
}

#[cfg(not(unix))]
pub(super) fn raise() {}
