//! A snapshot that is written while the log goes on: a disk may take seconds for it, and posts wait for the
//! log alone.

use super::error::{At, StoreError};
use super::snapshot;
use std::path::Path;
use std::thread::{self, JoinHandle};

/// The snapshot that is being written, if one is. Waited for when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Saving(Option<Written>);

#[derive(Debug)]
struct Written {
    thread: JoinHandle<Result<(), StoreError>>,
    /// Lines of the log that it spares a restart.
    lines: u64,
}

impl Saving {
    /// Whether one is being written right now.
    pub(super) fn goes_on(&self) -> bool {
        self.0.as_ref().is_some_and(|it| !it.thread.is_finished())
    }

    /// Begins to write what was saved before the line `next`. The one before must have ended.
    pub(super) fn begin(
        &mut self,
        folder: &Path,
        (next, lines): (u64, u64),
        body: Vec<u8>,
    ) -> Result<(), StoreError> {
        let place = folder.to_owned();
        let thread = thread::Builder::new()
            .name("vigie-snapshot".to_owned())
            .spawn(move || snapshot::write(&place, next, &body))
            .at("begin to write", folder)?;
        self.0 = Some(Written { thread, lines });
        Ok(())
    }

    /// Waits for the one that was begun. Lines that it was to spare and doesn't, if it went wrong.
    pub(super) fn end(&mut self) -> Option<u64> {
        let Written { thread, lines } = self.0.take()?;
        // A panic was told by itself.
        let went_well = thread.join().is_ok_and(|written| written.is_ok());
        (!went_well).then_some(lines)
    }
}

impl Drop for Saving {
    fn drop(&mut self) {
        // Nothing is lost: the log has everything.
        let _ = self.end();
    }
}
