//! Numbers that nobody can know, from the system.

use std::io;

/// Fills bytes with them. A static binary reads them from a device, which containers have and a bare
/// `chroot` hasn't.
pub(super) fn fill(bytes: &mut [u8]) -> io::Result<()> {
    getrandom::fill(bytes).map_err(|error| {
        io::Error::other(format!(
            "the system gives no random numbers ({error}): it needs `/dev/urandom`"
        ))
    })
}
