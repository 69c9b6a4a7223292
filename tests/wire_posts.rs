//! Posts as JSON: what is read, what is passed over, what is refused.

use std::borrow::Cow;
use vigie::model::{Attribute, Post};
use vigie::wire::post_from_json;

#[test]
fn every_field_is_read() {
    let post = post_from_json(
        r#"{"revision":3,"attrs":{"first_post":true,"scores":{"toxicity":0.5},"age":"2d","x":null,
            "y":[1]},"at":"2026-11-22T20:00:00Z","lang":"fr","reply_to_author":"d","reply_to":"c",
            "targets":["e",7],"community":"b","thread":"a","author":"f","text":"né","id":"1"}"#,
    );
    let attrs = [
        ("age".to_owned(), Attribute::Text("2d".to_owned())),
        ("first_post".to_owned(), Attribute::Flag(true)),
        ("scores.toxicity".to_owned(), Attribute::Number(0.5)),
    ];
    let expected = Post {
        id: "1".into(),
        text: "né".into(),
        author: Some("f".into()),
        thread: Some("a".into()),
        community: Some("b".into()),
        targets: vec!["e".into(), "7".into()],
        reply_to: Some("c".into()),
        reply_to_author: Some("d".into()),
        lang: Some("fr".into()),
        at: Some("2026-11-22T20:00:00Z".into()),
        revision: Some(3),
        is_deleted: false,
        attrs: attrs.into(),
    };
    assert_eq!(post, Ok(expected));
}

#[test]
fn what_is_null_or_unknown_is_as_if_it_were_not_there() {
    let post = post_from_json(
        r#" {"id":null,"text":"x","author":null,"thread":null,"community":null,"targets":null,
            "reply_to":null,"reply_to_author":null,"lang":null,"at":null,"revision":null,
            "attrs":null,"unknown":[{"text":1}],"unknown":2} "#,
    );
    assert_eq!(post, Ok(Post::of_text("x")));
}

#[test]
fn ids_are_texts_or_numbers() {
    for (written, read) in [
        (r#""a""#, "a"),
        (r#""\u0061\"""#, "a\""),
        ("18446744073709551615", "18446744073709551615"),
        ("-9", "-9"),
        ("-0", "-0.0"),
        ("1.50", "1.5"),
        ("12345678901234567890123", "1.2345678901234568e+22"),
    ] {
        let line = format!(r#"{{"text":"x","id":{written}}}"#);
        let post = post_from_json(&line).unwrap();
        assert_eq!(post.id, read, "{written}");
    }
    for written in ["true", "[]", "{}", "[1]"] {
        let line = format!(r#"{{"text":"x","author":{written}}}"#);
        let wrong = post_from_json(&line).unwrap_err().to_string();
        assert!(wrong.contains("not of the type"), "{written}: {wrong}");
    }
}

/// Copies are made only of what holds escapes.
#[test]
fn texts_are_borrowed() {
    let post = post_from_json(
        r#"{"text":"x","id":"x","author":"x","thread":"x","community":"x","targets":["x"],
            "reply_to":"x","reply_to_author":"x","lang":"x","at":"x"}"#,
    )
    .unwrap();
    let borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed("x"));
    assert!(borrowed(&post.text) && borrowed(&post.id) && post.targets.iter().all(borrowed));
    for field in [
        &post.author,
        &post.thread,
        &post.community,
        &post.reply_to,
        &post.reply_to_author,
        &post.lang,
        &post.at,
    ] {
        assert!(field.as_ref().is_some_and(borrowed), "{post:?}");
    }
}

/// The whole message, with its column, for each kind of mistake.
#[test]
fn what_is_wrong_is_told_with_its_column() {
    for (line, message) in [
        ("", "an empty line is no post at column 0"),
        ("[\"x\"]", "a post is a JSON object at column 1"),
        ("7", "a post is a JSON object at column 1"),
        (
            "{\"text\":\"x\"",
            "the JSON ends in the middle at column 11",
        ),
        ("{\"id\":1}", "a post needs a `text` at column 8"),
        ("{\"text\":\"x\"} y", "this is not JSON at column 14"),
        (
            "{\"text\":\"x\",\"text\":\"y\"}",
            "a field stands twice at column 18",
        ),
        (
            "{\"id\":1,\"id\":null,\"text\":\"y\"}",
            "a field stands twice at column 12",
        ),
        (
            "{\"text\":7}",
            "a field is not of the type that the contract says at column 9",
        ),
        (
            "{\"text\":\"x\",\"revision\":-1}",
            "a field is not of the type that the contract says at column 25",
        ),
        (
            "{\"text\":\"x\",\"id\":1e999}",
            "a number is out of range at column 22",
        ),
        (
            "{\"text\":\"\\ud800\"}",
            "a `\\u` escape stands for no character (half of a surrogate pair?) at column 16",
        ),
    ] {
        let wrong = post_from_json(line).unwrap_err();
        assert_eq!(wrong.to_string(), message, "{line}");
    }
}
