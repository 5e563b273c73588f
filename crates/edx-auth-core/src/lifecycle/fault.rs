//! The places where a law is kept: a test of the laws can switch each of them off, to see that
//! very law broken.

/// Whether a test of the laws has switched on the fault that breaks this one.
#[cfg(test)]
macro_rules! fault {
    ($law:ident) => {
        crate::lifecycle::laws::fault::is_on(crate::lifecycle::laws::Law::$law)
    };
}

/// There are no faults outside of the tests of the laws.
#[cfg(not(test))]
macro_rules! fault {
    ($law:ident) => {
        false
    };
}
