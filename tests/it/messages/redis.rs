//! Messages about a token store in Redis.

use std::io;

use edx_auth_driver::StoreError;
use edx_auth_redis::{RedisError, RedisSetupError};

use super::list::List;

pub(super) fn list(list: &mut List) {
    list.section("A token store in Redis");
    let no_roots = RedisSetupError::NoRoots("no certificate was found".into());
    for error in [RedisSetupError::Url, RedisSetupError::NoTls, no_roots] {
        list.report(error);
    }
    let no_server = io::Error::from(io::ErrorKind::ConnectionRefused);
    for error in [
        RedisError::Unreachable(no_server),
        RedisError::TimedOut,
        RedisError::Resting,
        RedisError::NotRedis,
        RedisError::Denied("NOAUTH"),
        RedisError::ReadOnly("READONLY"),
        RedisError::Full("OOM"),
        RedisError::NotReady("LOADING"),
        RedisError::OtherNode("MOVED"),
        RedisError::WrongType("WRONGTYPE"),
        RedisError::Rejected,
        RedisError::TooLarge,
        RedisError::NoExpiry,
    ] {
        list.report(StoreError::from(error));
    }
}
