//! What holds for every text, however hostile.

use proptest::prelude::*;
use vigie::text::{Folded, Lexicon, Memory, Outline, fold, fold_term, sentences, spell, words};

/// Texts dense in what folding and spelling look at.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9 .*_@$!|'-]{1,6}",
        1 => "[\u{300}-\u{36f}\u{336}]{1,4}",
        1 => "[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}\u{feff}\u{ad}]{1,3}",
        1 => "(&[a-z]{2,6};|&#[0-9]{1,6};?|&#x[0-9a-f]{1,6};|&amp;)",
        1 => "(%[0-9a-fA-F]{2}){1,4}|%",
        1 => "[éèàœŒßøıⅷ½…«»’€£ﷺ𝓀ｋ🅺кіо東👍]{1,4}",
        1 => "(k1ll|k i l l|k.i.l.l|kiiiill|f\\*ck|tu-er|iwillkillyou|poeple|70|4ll)",
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn lexicon() -> Lexicon {
    Lexicon::new("i will kill you fuck tuer people to all a".split_whitespace())
}

/// Every span of a view leads to characters of the post, and later places to later ones.
fn assert_leads_back(post: &str, view: &Folded) {
    let mut before = 0..0;
    for at in 0..view.text().len() {
        let one = view.in_post(at..at + 1);
        assert!(post.get(one.clone()).is_some(), "{at} leads to {one:?}");
        assert!(
            before.start <= one.start && before.end <= one.end,
            "{before:?} {one:?}"
        );
        let whole = view.in_post(0..at + 1);
        assert!(whole.start <= one.start && whole.end == one.end);
        let empty = view.in_post(at..at);
        assert!(empty.is_empty() && post.is_char_boundary(empty.start));
        before = one;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_stand_in_the_post(post in hostile()) {
        let plain = fold(&post);
        assert_leads_back(&post, &plain);
        for at in 0..plain.text().len() {
            prop_assert!(!plain.in_post(at..at + 1).is_empty());
        }
        if let Some(spelled) = spell(&plain, &Outline::of(plain.text()), &lexicon(), &mut Memory::default()) {
            assert_leads_back(&post, &spelled.folded);
        }
    }

    #[test]
    fn any_range_is_answered(post in hostile(), a in 0_usize..200, b in 0_usize..200) {
        let span = fold(&post).in_post(std::ops::Range { start: a, end: b });
        prop_assert!(post.get(span).is_some());
    }

    #[test]
    fn ascii_in_lower_case_passes(post in "[ -$'-~&&[^A-Z]\n]{0,200}") {
        let plain = fold(&post);
        prop_assert_eq!(plain.text(), post.as_str());
        prop_assert_eq!(plain.in_post(0..post.len()), 0..post.len());
    }

    #[test]
    fn folding_again_changes_nothing(post in hostile()) {
        let once = fold(&post).text().to_owned();
        prop_assert_eq!(fold_term(&once), once);
    }

    #[test]
    fn folding_cuts_anywhere(left in hostile(), right in hostile()) {
        let whole = fold_term(&format!("{left}{right}"));
        prop_assert_eq!(whole, fold_term(&left) + &fold_term(&right));
    }

    #[test]
    fn words_hold_the_word_characters(post in hostile()) {
        let plain = fold(&post);
        let text = plain.text();
        let found = words(text);
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || vigie::text::is_pictograph(c);
        let mut end = 0;
        let mut sentence = 0;
        for (word, of_word) in found.iter().zip(sentences(text, &found)) {
            prop_assert!(!text[end..word.start as usize].contains(is_word));
            prop_assert!(end <= word.start as usize);
            prop_assert!(text[word.start as usize..word.end as usize].chars().all(is_word));
            prop_assert!(word.start < word.end && sentence <= of_word);
            end = word.end as usize;
            sentence = of_word;
        }
        prop_assert!(!text[end..].contains(is_word));
    }

    #[test]
    fn alterations_are_in_order_and_all_there_is(post in hostile()) {
        let plain = fold(&post);
        let spelled = spell(&plain, &Outline::of(plain.text()), &lexicon(), &mut Memory::default());
        let Some(spelled) = spelled else { return Ok(()) };
        prop_assert!(!spelled.altered.is_empty());
        let text = spelled.folded.text();
        let mut end = 0;
        let mut rest = plain.text();
        for span in &spelled.altered {
            prop_assert!(end <= span.start && span.start < span.end);
            let same = &text[end..span.start];
            let at = rest.find(same);
            prop_assert!(at.is_some());
            rest = &rest[at.unwrap_or(0) + same.len()..];
            end = span.end;
        }
        prop_assert!(rest.ends_with(&text[end..]));
    }
}

/// Time is linear in the bytes: a megabyte of anything is quick. The bound is far above what is
/// needed even by a debug build on a slow machine, and far below what anything quadratic takes.
#[test]
fn a_megabyte_of_anything_is_quick() {
    let lexicon = lexicon();
    let pieces = [
        "\u{301}",
        "\u{200b}",
        "é",
        "&eacute;",
        "%C3%A9",
        "&",
        "%",
        "%e2",
        "k1ll ",
        "k i l l ",
        "k.",
        "f*",
        "_",
        "a_",
        "aaa",
        "tu-",
        "iwillkillyou",
        "k1",
        "1 ",
        "$",
        "€",
        "poeple ",
        ". ",
        "a. ",
        "ﷺ",
        "½",
        "k*****l ",
    ];
    for piece in pieces {
        let post = piece.repeat((1 << 20) / piece.len());
        let plain = fold(&post);
        let spelled = spell(
            &plain,
            &Outline::of(plain.text()),
            &lexicon,
            &mut Memory::default(),
        );
        let view = spelled.as_ref().map_or(&plain, |s| &s.folded);
        assert!(view.text().len() <= post.len() * 4, "{piece:?} grows");
        let _ = view.in_post(view.text().len() / 2..view.text().len());
    }
}
