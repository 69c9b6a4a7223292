//! Many threads work on the records of one dump; what they make comes out in the dump's order.

use super::{Chunk, Records};
use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// Chunks on their way, for each thread: one that it works on, one that waits for it, one that
/// waits for its turn to come out, one to spare. Memory is bounded by their number.
const CHUNKS_PER_THREAD: usize = 4;

/// A chunk and its number.
type Numbered = (u64, Chunk);

/// What came of a chunk, or the panic that it caused.
type Made<T> = (u64, Chunk, Result<T, Box<dyn Any + Send>>);

/// Gives each chunk of records to `work`, on as many threads, and what comes of it to `take`, in
/// order, on this thread. The inner error is that of reading: what stood before it was taken.
///
/// # Errors
/// That of `take`, which ends everything.
pub fn in_order<T: Send, E>(
    records: &mut dyn Records,
    threads: usize,
    work: impl Fn(&Chunk) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<io::Result<()>, E> {
    let threads = threads.max(1);
    let (give_empty, empty) = channel::<Chunk>();
    let (give_full, full) = channel::<Numbered>();
    let (give_made, made) = channel::<Made<T>>();
    for _ in 0..threads * CHUNKS_PER_THREAD {
        // Nobody can have hung up yet.
        let _ = give_empty.send(Chunk::default());
    }
    let full = Mutex::new(full);
    let (full, work) = (&full, &work);
    thread::scope(move |scope| {
        let reader = scope.spawn(move || read(records, &empty, &give_full));
        for _ in 0..threads {
            let give_made = give_made.clone();
            scope.spawn(move || make(full, work, &give_made));
        }
        drop(give_made);
        let taken = take_in_order(&made, &give_empty, &mut take);
        // Hanging up is what stops the others.
        drop((made, give_empty));
        let read = reader.join().unwrap_or_else(|panic| resume_unwind(panic));
        taken.map(|()| read)
    })
}

/// Fills chunks as long as there are records and empty chunks.
fn read(
    records: &mut dyn Records,
    empty: &Receiver<Chunk>,
    give_full: &Sender<Numbered>,
) -> io::Result<()> {
    for number in 0.. {
        let Ok(mut chunk) = empty.recv() else { break };
        let more = records.next(&mut chunk);
        // What was read before the dump broke is good.
        if !chunk.is_empty() && give_full.send((number, chunk)).is_err() {
            break;
        }
        if !more? {
            break;
        }
    }
    Ok(())
}

/// Works on chunks until there are none.
fn make<T: Send>(
    full: &Mutex<Receiver<Numbered>>,
    work: &(impl Fn(&Chunk) -> T + Sync),
    give_made: &Sender<Made<T>>,
) {
    loop {
        let next = match full.lock() {
            Ok(full) => full.recv(),
            Err(_) => return,
        };
        let Ok((number, chunk)) = next else { return };
        // A panic must reach the one who waits for this chunk, or it would wait for ever.
        let made = catch_unwind(AssertUnwindSafe(|| work(&chunk)));
        if give_made.send((number, chunk, made)).is_err() {
            return;
        }
    }
}

/// Takes what was made in the order of its chunks, and gives the chunks back.
fn take_in_order<T, E>(
    made: &Receiver<Made<T>>,
    give_empty: &Sender<Chunk>,
    take: &mut impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    while let Ok((number, chunk, made)) = made.recv() {
        let made = made.unwrap_or_else(|panic| resume_unwind(panic));
        waiting.insert(number, (chunk, made));
        while let Some((chunk, made)) = waiting.remove(&next) {
            take(made)?;
            next += 1;
            // Only a reader that has finished hangs up.
            let _ = give_empty.send(chunk);
        }
    }
    Ok(())
}
