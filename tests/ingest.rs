//! Dumps: cut into records, handed to many threads, taken in order.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::mpsc;
use vigie::ingest::{BadRecord, Chunk, FORMATS, Input, Records, format, in_order, open};
use vigie::limits::LINE_BYTES_MAX;

fn records(name: &str, bytes: &[u8]) -> Box<dyn Records> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, bytes).unwrap();
    let input = open(&path).unwrap().input().unwrap();
    (format("ndjson").unwrap().records)(input).unwrap()
}

/// Line and length of each record, or what is wrong with it.
fn all(name: &str, bytes: &[u8]) -> Vec<(u64, Result<usize, BadRecord>)> {
    let mut records = records(name, bytes);
    let (mut chunk, mut found) = (Chunk::default(), Vec::new());
    while records.next(&mut chunk).unwrap() {
        found.extend(chunk.records().map(|(line, it)| (line, it.map(str::len))));
    }
    found
}

#[test]
fn formats_are_sorted() {
    assert!(FORMATS.is_sorted_by_key(|format| format.name));
}

#[test]
fn lines_are_records() {
    let cases: &[(&str, &[(u64, usize)])] = &[
        ("", &[]),
        ("\n\r\n  \n", &[]),
        ("a", &[(1, 1)]),
        ("a\né\r\n\n日本 \n", &[(1, 1), (2, 2), (4, 6)]),
        ("\u{feff}a\n\u{feff}b", &[(1, 1), (2, 4)]),
        ("\u{feff}", &[]),
    ];
    for (at, (text, expected)) in cases.iter().enumerate() {
        let found = all(&format!("lines-{at}"), text.as_bytes());
        let expected: Vec<_> = expected.iter().map(|(line, it)| (*line, Ok(*it))).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

/// At the limit and one byte beyond, with and without the last line feed.
#[test]
fn lines_have_a_limit() {
    let longest = "x".repeat(LINE_BYTES_MAX);
    for (text, expected) in [
        (longest.clone(), Ok(LINE_BYTES_MAX)),
        (longest.clone() + "\n", Ok(LINE_BYTES_MAX)),
        (longest.clone() + "y", Err(BadRecord::TooLong)),
        (longest.clone() + "y\n", Err(BadRecord::TooLong)),
    ] {
        let found = all("longest", text.as_bytes());
        assert_eq!(found, [(1, expected)]);
    }
    let around = format!("a\n{longest}y\nb\n");
    let found = all("around", around.as_bytes());
    let expected = [(1, Ok(1)), (2, Err(BadRecord::TooLong)), (3, Ok(1))];
    assert_eq!(found, expected);
}

/// What arrives behind the end of a line that is skipped is not lost, and a line without a record
/// neither.
#[test]
fn lines_go_on_behind_what_is_skipped() {
    let too_long = "x".repeat(LINE_BYTES_MAX + 1);
    for (after, expected) in [
        ("\na\nb\n", vec![(2, Ok(1)), (3, Ok(1))]),
        ("\na\nbé", vec![(2, Ok(1)), (3, Ok(3))]),
        ("\nbé", vec![(2, Ok(3))]),
        ("\n", vec![]),
        ("", vec![]),
    ] {
        let found = all("behind", format!("{too_long}{after}").as_bytes());
        assert_eq!(found.first(), Some(&(1, Err(BadRecord::TooLong))));
        assert_eq!(found[1..], expected, "{after:?}");
    }
    let blank = "\n".repeat(1_000_000) + "a\n";
    assert_eq!(all("blank", blank.as_bytes()), [(1_000_001, Ok(1))]);
}

/// One byte that is no text spoils its own line and no other.
#[test]
fn lines_that_are_not_text_are_told_apart() {
    let found = all("not-text", b"\xc3\xa9\n\xc3\na\xffb\n\xa9\nn\xc3\xa9");
    let expected = [
        (1, Ok(2)),
        (2, Err(BadRecord::NotUtf8(1))),
        (3, Err(BadRecord::NotUtf8(2))),
        (4, Err(BadRecord::NotUtf8(1))),
        (5, Ok(3)),
    ];
    assert_eq!(found, expected);
}

/// Lines that lie across the pieces in which a dump is read, whatever their lengths.
#[test]
fn lines_lie_across_reads() {
    let lengths = || (0..6_000_usize).map(|n| 1 + n * 7_919 % 1_000 + (n % 997 / 996) * 700_000);
    let text: String = lengths().map(|length| "x".repeat(length) + "\n").collect();
    let found = all("across", text.as_bytes());
    let expected = (1..).zip(lengths().map(Ok));
    assert!(found.into_iter().eq(expected));
}

/// A pipe that is written piece by piece, and is never asked for more than is needed.
struct Pieces(mpsc::Receiver<&'static [u8]>);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut piece = self.0.try_recv().map_err(io::Error::other)?;
        piece.read(buffer)
    }
}

/// What arrives, and the records that are there then.
type Arrival = (&'static [&'static [u8]], &'static [(u64, &'static str)]);

#[test]
fn what_has_arrived_goes_on() {
    let (give, pieces) = mpsc::channel();
    let mut records = (format("ndjson").unwrap().records)(Input::of(Pieces(pieces))).unwrap();
    let mut chunk = Chunk::default();
    let arrivals: [Arrival; 5] = [
        (&[b"a\n"], &[(1, "a")]),
        (&[b"b", b"\nc", b"\n"], &[(2, "b"), (3, "c")]),
        (&[b"\n", b"d\r", b"\n\n"], &[(5, "d")]),
        (&[b"e\nf\n\xc3"], &[(7, "e"), (8, "f")]),
        (&[b"\xa9", b"\n"], &[(9, "é")]),
    ];
    for (arriving, expected) in arrivals {
        for piece in arriving {
            give.send(*piece).unwrap();
        }
        let mut found = Vec::new();
        while found.len() < expected.len() {
            assert!(records.next(&mut chunk).unwrap());
            found.extend(
                chunk
                    .records()
                    .map(|(line, it)| (line, it.unwrap().to_owned())),
            );
        }
        let expected: Vec<_> = expected
            .iter()
            .map(|(line, it)| (*line, (*it).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }
    give.send(b"g").unwrap();
    give.send(b"").unwrap();
    assert!(records.next(&mut chunk).unwrap());
    assert!(chunk.records().eq([(10, Ok("g"))]));
}

#[test]
fn packed_dumps_are_unpacked() {
    let text = "né\n".repeat(100_000);
    let gzip = |text: &str| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let zstd = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    // Several pieces in one file, as those who append to archives make them.
    for (name, bytes) in [
        ("plain", text.clone().into_bytes()),
        ("gzip", gzip(&text)),
        ("gzip-twice", [gzip("né\n"), gzip(&text)].concat()),
        ("zstd", zstd(&text)),
        ("zstd-twice", [zstd("né\n"), zstd(&text)].concat()),
    ] {
        let more = usize::from(name.ends_with("twice"));
        assert_eq!(all(name, &bytes).len(), 100_000 + more, "{name}");
    }
}

#[test]
fn what_threads_make_is_taken_in_order() {
    let lines: String = (0..50_000)
        .map(|n| format!("{n} né né né né né né né\n"))
        .collect();
    let mut taken = Vec::new();
    let mut records = records("order", lines.as_bytes());
    let work = |chunk: &Chunk, made: &mut Vec<u64>| {
        made.clear();
        made.extend(chunk.records().map(|(line, _)| line));
    };
    let take = |lines: &mut Vec<u64>| {
        taken.extend_from_slice(lines);
        Ok::<(), io::Error>(())
    };
    in_order(&mut *records, 4, work, take).unwrap().unwrap();
    assert!(taken.into_iter().eq(1..=50_000));
}

#[test]
fn one_who_takes_no_more_ends_everything() {
    let lines = "né né né\n".repeat(500_000);
    let mut records = records("refused", lines.as_bytes());
    let mut taken = 0;
    let take = |(): &mut ()| {
        taken += 1;
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    };
    let ended = in_order(&mut *records, 2, |_, ()| {}, take);
    assert_eq!((ended.is_err(), taken), (true, 1));
}

/// A panic must not leave anybody waiting.
#[test]
#[should_panic(expected = "line 300000")]
fn a_panic_ends_everything() {
    let lines = "né né né\n".repeat(500_000);
    let mut records = records("panic", lines.as_bytes());
    let work = |chunk: &Chunk, (): &mut ()| {
        assert!(
            chunk.records().all(|(line, _)| line != 300_000),
            "line 300000"
        );
    };
    let _ = in_order(
        &mut *records,
        2,
        work,
        |(): &mut ()| Ok::<(), io::Error>(()),
    );
}
