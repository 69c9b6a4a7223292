//! Dumps of every format. Each file of `tests/dumps/` is read as the format that its name begins with,
//! which sniffing must find too; what comes of it stands beside it, one line a record.

use crate::golden::differs;
use serde_json::{Map, Value, json};
use std::fs;
use std::io::{self, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use vigie::ingest::{BadRecord, Chunk, FORMATS, Format, Input, format, open, sniff};
use vigie::limits::LINE_BYTES_MAX;
use vigie::model::{Attribute, Post};

/// Gives so many bytes at a time.
pub(crate) struct Slow {
    pub(crate) bytes: Cursor<Vec<u8>>,
    pub(crate) step: usize,
}

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = self.step.min(buffer.len()) as u64;
        Read::by_ref(&mut self.bytes).take(room).read(buffer)
    }
}

pub(crate) fn slow(bytes: &[u8], step: usize) -> Input {
    let bytes = Cursor::new(bytes.to_vec());
    Input::of(Slow { bytes, step })
}

pub(crate) fn fixtures() -> Vec<(&'static Format, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dumps");
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let dumps = files.filter(|path| path.extension().is_none_or(|it| it != "expected"));
    let mut dumps: Vec<_> = dumps
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (format(name.split('-').next().unwrap()).unwrap(), path)
        })
        .collect();
    dumps.sort_by(|one, other| one.1.cmp(&other.1));
    assert!(dumps.len() > FORMATS.len());
    dumps
}

fn object(post: &Post<'_>) -> Value {
    let mut fields = Map::new();
    let mut field = |name: &str, value: Option<Value>| {
        fields.extend(value.map(|value| (name.to_owned(), value)));
    };
    let attribute = |it: &Attribute| match it {
        Attribute::Flag(flag) => json!(flag),
        Attribute::Number(number) => json!(number),
        Attribute::Text(text) => json!(text),
    };
    let attrs: Map<String, Value> = post
        .attrs
        .iter()
        .map(|(name, it)| (name.clone(), attribute(it)))
        .collect();
    field("id", Some(json!(post.id)));
    field("text", Some(json!(post.text)));
    field("author", post.author.as_ref().map(|it| json!(it)));
    field("thread", post.thread.as_ref().map(|it| json!(it)));
    field("community", post.community.as_ref().map(|it| json!(it)));
    field(
        "targets",
        (!post.targets.is_empty()).then(|| json!(post.targets)),
    );
    field("reply_to", post.reply_to.as_ref().map(|it| json!(it)));
    field(
        "reply_to_author",
        post.reply_to_author.as_ref().map(|it| json!(it)),
    );
    field("lang", post.lang.as_ref().map(|it| json!(it)));
    field("at", post.at.as_ref().map(|it| json!(it)));
    field("revision", post.revision.map(|it| json!(it)));
    field("attrs", (!attrs.is_empty()).then(|| json!(attrs)));
    Value::Object(fields)
}

/// What comes of a dump, one line a record: a post, `gone`, or what is wrong.
pub(crate) fn read(format: &Format, input: Input) -> String {
    let mut records = match (format.records)(input) {
        Ok(records) => records,
        Err(error) => return format!("broken: {error}\n"),
    };
    let mut lines = String::new();
    lines.extend(records.told().map(|told| format!("{told}\n")));
    let mut chunk = Chunk::default();
    loop {
        let more = records.next(&mut chunk);
        for (number, post) in chunk.posts() {
            lines += &match post {
                Ok(Some(post)) => format!("{number} {}\n", object(&post)),
                Ok(None) => format!("{number} gone\n"),
                Err(wrong) => format!("{number} {wrong}\n"),
            };
        }
        match more {
            Ok(true) => {}
            Ok(false) => return lines,
            Err(error) => return format!("{lines}broken: {error}\n"),
        }
    }
}

fn sniffed(bytes: &[u8], name: &str, step: usize) -> Option<&'static str> {
    let found = sniff(&mut slow(bytes, step), name).unwrap();
    found.map(|format| format.name)
}

#[test]
fn dumps_become_posts() {
    let mut wrong = String::new();
    for (format, path) in fixtures() {
        let bytes = fs::read(&path).unwrap();
        let whole = read(format, slow(&bytes, usize::MAX));
        let expected = path.with_added_extension("expected");
        wrong.extend(differs(&expected, &whole));
        let name = path.file_name().unwrap().to_str().unwrap();
        assert_eq!(
            sniffed(&bytes, "dump", usize::MAX),
            Some(format.name),
            "{name}"
        );
        assert_eq!(sniffed(&bytes, "dump", 1), Some(format.name), "{name}");
        assert_eq!(sniffed(&bytes, "x.csv", 1), Some(format.name), "{name}");
        for step in [1, 2, 3, 61] {
            assert_eq!(read(format, slow(&bytes, step)), whole, "{name} by {step}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// However a dump is cut off, what stood before is read, and that something is missing is told.
#[test]
fn dumps_cut_off_are_told() {
    for (format, path) in fixtures() {
        let bytes = fs::read(&path).unwrap();
        let whole = read(format, slow(&bytes, usize::MAX));
        let lines: Vec<&str> = whole.lines().collect();
        for end in (0..bytes.len()).step_by(7) {
            let cut = read(format, slow(&bytes[..end], usize::MAX));
            let told: Vec<&str> = cut.lines().collect();
            let same = lines.iter().zip(&told).take_while(|(a, b)| a == b).count();
            // The record that is cut, and what is told of the whole, may differ.
            assert!(told.len() <= same + 2, "{path:?} at {end}:\n{cut}");
        }
    }
}

#[test]
fn formats_are_known_by_content() {
    for (text, name, expected) in [
        ("", "x.csv", None),
        ("\u{feff}", "x", None),
        ("secret\n", "x", None),
        ("text\nx\n", "x.tsv.gz", Some("csv")),
        ("text;author\n", "x.json", Some("csv")),
        ("a,b\n1,2\n", "x.csv", None),
        ("{\"text\":\"x\"}\n", "x.json", Some("ndjson")),
        (
            "{\"text\":\"cut in the mid\n{\"text\":\"x\"}\n",
            "x",
            Some("ndjson"),
        ),
        ("{\"body\":\"x\"}\n", "x.ndjson", Some("ndjson")),
        ("{\"body\":\"x\"}\n", "x", Some("json")),
        ("{\n\"text\":\"x\"\n}\n", "x.ndjson", Some("json")),
        ("[]", "x", Some("json")),
        ("From here on, nothing.\n", "x.mbox", None),
        ("-- a signature", "x.sql", None),
        ("# A title\n\nINSERT INTO what\n", "x", Some("phpbb")),
        ("PAR1", "x", cfg!(feature = "parquet").then_some("parquet")),
        ("PAR", "x", None),
    ] {
        assert_eq!(
            sniffed(text.as_bytes(), name, 1),
            expected,
            "{text:?} {name}"
        );
    }
    let wrong = sniff(&mut slow(b"\xff\xfei\0d\0", 1), "x").unwrap_err();
    assert!(wrong.to_string().contains("UTF-16"));
}

/// A record longer than any post costs no more memory than the limit, and not the records around it.
#[test]
fn records_that_are_too_long_are_told() {
    let long = "x".repeat(LINE_BYTES_MAX + 1);
    let mail =
        |text: &str| format!("From a Sun Mar  1 12:00:00 2026\nFrom: a@example.org\n\n{text}\n\n");
    let sql = |text: &str| {
        format!("INSERT INTO posts (post_id,post_text) VALUES (1,'a'),(2,'{text}'),(3,'b');")
    };
    let cases = [
        ("csv", format!("id,text\n1,a\n2,{long}\n3,b\n")),
        ("csv", format!("id,text\n1,a\n2,\"{long}\"\n3,b\n")),
        (
            "json",
            format!("[{{\"text\":\"a\"}},{{\"text\":\"{long}\"}},{{\"text\":\"b\"}}]"),
        ),
        (
            "json",
            format!("[{{\"text\":\"a\"}},{long},{{\"text\":\"b\"}}]"),
        ),
        ("mbox", format!("{}{}{}", mail("a"), mail(&long), mail("b"))),
        ("phpbb", sql(&long)),
    ];
    for (name, text) in cases {
        let mut records =
            (format(name).unwrap().records)(slow(text.as_bytes(), usize::MAX)).unwrap();
        let (mut chunk, mut found) = (Chunk::default(), Vec::new());
        while records.next(&mut chunk).unwrap() {
            found.extend(chunk.posts().map(|(_, post)| match post {
                Ok(post) => post.unwrap().text.into_owned(),
                Err(wrong) => {
                    assert_eq!(wrong, BadRecord::TooLong);
                    "too long".to_owned()
                }
            }));
        }
        assert_eq!(found, ["a", "too long", "b"], "{name}");
    }
}

/// Format, dump, what is said of it.
const HOSTILE: &[(&str, &str, &str)] = &[
    ("json", "[", "broken: the dump ends in the middle"),
    ("json", "[{\"text\":\"secret\u{0}\"}]", "not JSON"),
    ("json", "{\"secret\":1}", "a post needs a `text`"),
    ("json", "]}secret{[", "not JSON"),
    (
        "csv",
        "secret,words\n1,2\n",
        "broken: the first row names no column",
    ),
    ("csv", "text\n\"secret", "never closed"),
    ("csv", "text,author\nnul\u{0},x\n", "\\u0000"),
    ("mbox", "secret", "not a mail"),
    (
        "phpbb",
        "INSERT INTO posts VALUES (1,'secret');",
        "names the columns",
    ),
    (
        "phpbb",
        "INSERT INTO posts VALUES (1,'secret",
        "broken: the dump ends",
    ),
    (
        "phpbb",
        "CREATE TABLE secret (x int);",
        "broken: no table of posts",
    ),
    (
        "mastodon",
        "{\"orderedItems\":[{\"type\":\"Create\",\"object\":{\"secret\"}}]}",
        "not JSON",
    ),
    (
        "discourse",
        "{\"post_stream\":{\"posts\":[{\"id\":{\"secret\":[]}}]}}",
        "neither a `raw`",
    ),
    (
        "pushshift",
        "{\"body\":[\"secret\"],\"subreddit\":\"x\"}\n",
        "gone",
    ),
];

/// What hostile dumps give: always words that hold none of theirs.
#[test]
fn hostile_dumps_are_told() {
    let nested = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
    let nested_beside = format!("[{{\"text\":\"x\",\"secret\":{nested}}}]");
    let nested_text = format!("[{{\"text\":{nested}}}]");
    let (brackets, commas) = ("[".repeat(1_000_000), ",".repeat(100_000));
    let parentheses = "(".repeat(100_000);
    let long = [
        ("json", &*brackets, "middle"),
        ("json", &nested_beside, "\"text\":\"x\""),
        ("json", &nested_text, "a post needs a `text`"),
        ("csv", &commas, "broken: the first row"),
        ("phpbb", &parentheses, "broken"),
    ];
    for (name, text, said) in HOSTILE.iter().chain(&long) {
        let found = read(format(name).unwrap(), slow(text.as_bytes(), usize::MAX));
        assert!(found.contains(said), "{name} {text:.60}: {found:.200}");
        assert!(!found.contains("secret"), "{name} {text:.60}: {found:.200}");
    }
}

/// How fast each format is cut, told by `cargo test --release -- --ignored --nocapture`.
#[test]
#[ignore = "takes times; tells them"]
fn cutting_is_fast() {
    let words = "We met at noon, and then it rained all day. Né à Lyon. ".repeat(6);
    let row = format!("{{\"id\":1,\"text\":\"{words}\",\"author\":\"ana\",\"at\":\"2026\"}}");
    let csv = format!("1,\"{words}\",ana,2026\n").repeat(150_000);
    for (name, text) in [
        ("ndjson", format!("{row}\n").repeat(150_000)),
        ("pushshift", format!("{row}\n").repeat(150_000)),
        (
            "json",
            format!("[{row}{}]", format!(",{row}").repeat(150_000)),
        ),
        ("csv", format!("id,text,author,at\n{csv}")),
    ] {
        let mut records =
            (format(name).unwrap().records)(slow(text.as_bytes(), usize::MAX)).unwrap();
        let (mut chunk, begin) = (Chunk::default(), std::time::Instant::now());
        while records.next(&mut chunk).unwrap() {}
        let rate = text.len() as f64 / begin.elapsed().as_secs_f64() / 1e6;
        println!("{name}: {rate:.0} MB/s of cutting");
    }
}

#[test]
fn packed_dumps_are_read_with_long_windows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dumps");
    let bytes = fs::read(folder.join("pushshift-comments.ndjson")).unwrap();
    let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    packer.long_distance_matching(true).unwrap();
    packer.window_log(27).unwrap();
    packer.write_all(&bytes).unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("RC.zst");
    fs::write(&path, packer.finish().unwrap()).unwrap();
    let mut input = open(&path).unwrap().input().unwrap();
    let format = sniff(&mut input, "RC.zst").unwrap().unwrap();
    assert_eq!(format.name, "pushshift");
    assert_eq!(read(format, input), read(format, slow(&bytes, usize::MAX)));
}

#[cfg(feature = "parquet")]
mod parquet_files {
    use super::{read, slow, sniffed};
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;
    use vigie::ingest::{format, open};

    const SCHEMA: &str = "message posts {
        REQUIRED INT64 post_id; REQUIRED BYTE_ARRAY body (UTF8); OPTIONAL BYTE_ARRAY username (UTF8);
        REQUIRED INT64 created_at (TIMESTAMP_MILLIS); REQUIRED INT64 likes; }";

    /// Two groups of three rows each.
    fn file() -> PathBuf {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("posts.parquet");
        let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
        let properties = Arc::new(WriterProperties::builder().build());
        let out = fs::File::create(&path).unwrap();
        let mut writer = SerializedFileWriter::new(out, schema, properties).unwrap();
        for group in 0..2 {
            let mut rows = writer.next_row_group().unwrap();
            let texts = ["Né à Lyon 🌧", "[deleted]", "We met at noon."].map(ByteArray::from);
            let authors = ["zoé", "ana"].map(ByteArray::from);
            let mut column = 0;
            while let Some(mut writer) = rows.next_column().unwrap() {
                match column {
                    0 | 4 => {
                        let ids = [0, 1, 2].map(|id| group * 3 + id);
                        writer
                            .typed::<Int64Type>()
                            .write_batch(&ids, None, None)
                            .map(drop)
                    }
                    1 => writer
                        .typed::<ByteArrayType>()
                        .write_batch(&texts, None, None)
                        .map(drop),
                    2 => {
                        let defined = Some(&[1, 0, 1][..]);
                        writer
                            .typed::<ByteArrayType>()
                            .write_batch(&authors, defined, None)
                            .map(drop)
                    }
                    _ => {
                        let times = [1_772_366_400_000; 3];
                        writer
                            .typed::<Int64Type>()
                            .write_batch(&times, None, None)
                            .map(drop)
                    }
                }
                .unwrap();
                writer.close().unwrap();
                column += 1;
            }
            rows.close().unwrap();
        }
        writer.close().unwrap();
        path
    }

    #[test]
    fn rows_become_posts() {
        let path = file();
        let parquet = format("parquet").unwrap();
        let found = read(parquet, open(&path).unwrap().input().unwrap());
        let at = "\"at\":\"2026-03-01T12:00:00Z\"";
        let mut expected = "columns: id from post_id, text from body, author from username, \
                            at from created_at; 1 column is not used\n"
            .to_owned();
        for group in 0..2 {
            let (first, second, third) = (group * 3 + 1, group * 3 + 2, group * 3 + 3);
            expected += &format!(
                "{first} {{\"id\":\"{}\",\"text\":\"Né à Lyon 🌧\",\"author\":\"zoé\",{at}}}\n\
                 {second} gone\n\
                 {third} {{\"id\":\"{}\",\"text\":\"We met at noon.\",\"author\":\"ana\",{at}}}\n",
                first - 1,
                third - 1
            );
        }
        assert_eq!(found, expected);
        let bytes = fs::read(&path).unwrap();
        assert_eq!(sniffed(&bytes, "x.csv", 1), Some("parquet"));
        let piped = read(parquet, slow(&bytes, 9));
        assert!(
            piped.contains("broken: Parquet is read from its end"),
            "{piped}"
        );
    }

    /// Every byte broken in turn: an error or other posts, never a panic.
    #[test]
    fn broken_files_are_told() {
        let whole = fs::read(file()).unwrap();
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken.parquet");
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            fs::write(&path, &bytes).unwrap();
            read(
                format("parquet").unwrap(),
                open(&path).unwrap().input().unwrap(),
            );
        }
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            let found = read(
                format("parquet").unwrap(),
                open(&path).unwrap().input().unwrap(),
            );
            assert!(
                found.contains("broken: the Parquet file is broken"),
                "{found}"
            );
        }
    }
}
