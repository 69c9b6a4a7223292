//! What holds for every dump, sound or not.

use crate::dumps::{fixtures, read, slow};
use proptest::prelude::*;
use std::fs;
use vigie::ingest::{FORMATS, format, sniff};

/// Pieces that mean something in some format, beside anything else.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: &[&str] = &[
        "\n",
        "\r\n",
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ":",
        "\\",
        "'",
        "''",
        "(",
        ")",
        "text",
        "id,text\n",
        "\"text\":\"",
        "\"posts\":[",
        "From a 12:00\n",
        "\n\nFrom b 12:00\n",
        "From: x\n\n",
        "-- ",
        "/*",
        "*/",
        "`",
        "#",
        "é",
        "🌧",
        "\u{0}",
        "<p>",
        "&amp;",
        "</p>",
        "null",
        "CREATE TABLE posts (post_id int, post_text text);",
        "INSERT INTO posts VALUES ",
        "INSERT INTO posts (post_text) VALUES ",
        "INSERT INTO users (user_id,username) VALUES ",
        "\"orderedItems\":[",
        "\"type\":\"Create\"",
        "\"object\":{\"content\":\"",
        "\\ud800",
        "1",
        "x",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(pieces).prop_map(|it| it.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn name() -> impl Strategy<Value = &'static str> {
    let names: Vec<&str> = FORMATS.iter().map(|it| it.name).collect();
    prop::sample::select(names)
}

proptest! {
    /// However a dump arrives, its records are the same.
    #[test]
    fn pieces_do_not_matter(bytes in bytes(), name in name(), step in 1_usize..40) {
        let format = format(name).unwrap();
        let whole = read(format, slow(&bytes, usize::MAX));
        prop_assert_eq!(read(format, slow(&bytes, step)), whole);
    }

    /// Sniffing neither fails nor depends on how a dump arrives.
    #[test]
    fn sniffing_is_steady(bytes in bytes(), step in 1_usize..40) {
        let found = |step| sniff(&mut slow(&bytes, step), "dump").map(|it| it.map(|it| it.name)).ok();
        prop_assert_eq!(found(step), found(usize::MAX));
    }

    /// A dump with a few broken bytes is read to its end, or told to be broken.
    #[test]
    fn broken_bytes_do_no_harm(
        at in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let fixtures = fixtures();
        let (format, path) = at.get(&fixtures);
        let mut bytes = fs::read(path).unwrap();
        for (place, byte) in places {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let whole = read(format, slow(&bytes, usize::MAX));
        prop_assert_eq!(read(format, slow(&bytes, 5)), whole);
    }

    /// Tables are read as the crate reads them that everybody uses.
    #[test]
    fn tables_are_read_as_others_read_them(
        rows in prop::collection::vec(prop::collection::vec("[a\",;\n é]{0,6}", 2), 1..20),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["text", "id"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let found = read(format("csv").unwrap(), slow(&bytes, usize::MAX));
        let posts = found.lines().skip(1).map(|line| line.split_once(' ').unwrap().1);
        let expected = rows.iter().map(|row| match row[0].trim() {
            "" => "gone".to_owned(),
            _ => serde_json::json!({"id": row[1], "text": row[0]}).to_string(),
        });
        prop_assert_eq!(posts.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
}
