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

/// What goes round: a chunk, and what was made of it. Both are used again and again.
#[derive(Default)]
struct Parcel<T> {
    number: u64,
    chunk: Chunk,
    made: T,
}

/// A parcel that was worked on, or the panic that it caused.
type Made<T> = Result<Parcel<T>, Box<dyn Any + Send>>;

/// Gives each chunk of records to `work`, on as many threads, and what comes of it to `take`, in
/// order, on this thread; reading has a thread of its own. What `work` fills still holds what it was
/// filled with the last time. The inner error is that of reading: what stood before it was taken.
///
/// # Errors
/// That of `take`, which ends everything.
pub fn in_order<T: Default + Send, E>(
    records: &mut dyn Records,
    threads: usize,
    work: impl Fn(&Chunk, &mut T) + Sync,
    mut take: impl FnMut(&mut T) -> Result<(), E>,
) -> Result<io::Result<()>, E> {
    let threads = threads.max(1);
    let (give_empty, empty) = channel::<Parcel<T>>();
    let (give_full, full) = channel::<Parcel<T>>();
    let (give_made, made) = channel::<Made<T>>();
    for _ in 0..threads * CHUNKS_PER_THREAD {
        // Nobody can have hung up yet.
        let _ = give_empty.send(Parcel::default());
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
fn read<T>(
    records: &mut dyn Records,
    empty: &Receiver<Parcel<T>>,
    give_full: &Sender<Parcel<T>>,
) -> io::Result<()> {
    for number in 0.. {
        let Ok(mut parcel) = empty.recv() else { break };
        parcel.number = number;
        let more = records.next(&mut parcel.chunk);
        // What was read before the dump broke is good.
        if !parcel.chunk.is_empty() && give_full.send(parcel).is_err() {
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
    full: &Mutex<Receiver<Parcel<T>>>,
    work: &(impl Fn(&Chunk, &mut T) + Sync),
    give_made: &Sender<Made<T>>,
) {
    loop {
        let next = match full.lock() {
            Ok(full) => full.recv(),
            Err(_) => return,
        };
        let Ok(mut parcel) = next else { return };
        // A panic must reach the one who waits for this chunk, or it would wait for ever.
        let worked = catch_unwind(AssertUnwindSafe(|| work(&parcel.chunk, &mut parcel.made)));
        if give_made.send(worked.map(|()| parcel)).is_err() {
            return;
        }
    }
}

/// Takes what was made in the order of its chunks, and gives the chunks back.
fn take_in_order<T, E>(
    made: &Receiver<Made<T>>,
    give_empty: &Sender<Parcel<T>>,
    take: &mut impl FnMut(&mut T) -> Result<(), E>,
) -> Result<(), E> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    while let Ok(made) = made.recv() {
        let parcel = made.unwrap_or_else(|panic| resume_unwind(panic));
        waiting.insert(parcel.number, parcel);
        while let Some(mut parcel) = waiting.remove(&next) {
            take(&mut parcel.made)?;
            next += 1;
            // Only a reader that has finished hangs up.
            let _ = give_empty.send(parcel);
        }
    }
    Ok(())
}
