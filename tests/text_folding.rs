//! The `plain` view: what each kind of character becomes, and where spans lead back to.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use vigie::text::{fold, fold_term, sentences, words};

/// A post, its `plain` view, and why.
const FOLDED: &[(&str, &str, &str)] = &[
    (
        "the quick fox, 27 times: 100$ _x_",
        "the quick fox, 27 times: 100$ _x_",
        "nothing to fold",
    ),
    ("", "", "nothing"),
    ("KiLL", "kill", "case"),
    (
        "Élève à Noël, où ça ? Ambiguë",
        "eleve a noel, ou ca ? ambigue",
        "French accents",
    ),
    (
        "e\u{301}le\u{300}ve",
        "eleve",
        "accents as marks of their own",
    ),
    (
        "l’adresse d‘Iris, aujourd'hui",
        "l'adresse d'iris, aujourd'hui",
        "apostrophes",
    ),
    (
        "l´adresse qu‛il",
        "l'adresse qu'il",
        "apostrophes of poor keyboards",
    ),
    (
        "« Viens », “come” „komm‟",
        "\" viens \", \"come\" \"komm\"",
        "quotes",
    ),
    (
        "Tu viens\u{202f}?\u{a0}Oui\u{3000}!",
        "tu viens ? oui !",
        "spaces, one for one",
    ),
    (
        "a\t\tb\r\nc\u{0}d\u{2028}e",
        "a  b \nc d\ne",
        "controls are spaces, line ends stay",
    ),
    (
        "Saint‐Malo – Dol — 3 − 2",
        "saint-malo - dol - 3 - 2",
        "hyphens and dashes",
    ),
    (
        "sœur, œuvre, Æsop, Straße",
        "soeur, oeuvre, aesop, strasse",
        "ligatures",
    ),
    (
        "ﬁne aﬄuent oﬃce",
        "fine affluent office",
        "ligatures of printers",
    ),
    (
        "Søren Đoković Łódź ılık İzmir",
        "soren dokovic lodz ilik izmir",
        "letters with strokes",
    ),
    ("Þór", "þor", "thorn stays"),
    ("attends…", "attends...", "an ellipsis"),
    (
        "1⁄2 tasse, 27½ rue, ¾",
        "1/2 tasse, 27 1/2 rue,  3/4",
        "fractions stay apart from numbers",
    ),
    ("m², nº 5, 1ᵉʳ", "m2, no 5, 1er", "superscripts"),
    (
        "Fairphone™ ®",
        "fairphone™ ®",
        "a trade mark doesn't grow into the word",
    ),
    ("кіll thеm аll", "kill them all", "Cyrillic for Latin"),
    (
        "ΚΙLL κill Κill",
        "kill kill kill",
        "Greek for Latin, in both cases",
    ),
    (
        "вор Вор ВОР",
        "bop bop bop",
        "a Cyrillic word folds alike in any case",
    ),
    ("Жена жена", "жeha жeha", "letters that resemble none stay"),
    ("ᎪᏞᏞ ꭺꮮꮮ", "all all", "Cherokee"),
    ("ᴋɪʟʟ ʏᴏᴜ", "kill you", "small capitals"),
    ("ɑɡɩ ꜱ", "agi s", "IPA"),
    ("ｋｉｌｌ　１２", "kill 12", "full width"),
    (
        "𝓀𝒾𝓁𝓁 𝕂𝕀𝕃𝕃 𝟙𝟚",
        "kill kill 12",
        "mathematical letters and digits",
    ),
    (
        "ⓚⓘⓛⓛ ⒦⒤⒧⒧ ①",
        "kill kill 1",
        "letters in circles and brackets",
    ),
    ("🄺🄸🄻🄻 🅺🅸🅻🅻 🅚🅘🅛🅛 ❷", "kill kill kill 2", "letters in squares"),
    ("ᵏⁱˡˡ ₖ", "kill k", "raised and lowered letters"),
    ("٠٦ ۳۹ ९८", "06 39 98", "digits of other scripts"),
    ("1l0O|", "1l0o|", "ASCII is never taken for other ASCII"),
    (
        "k\u{200b}i\u{200d}l\u{ad}l \u{202e}x\u{202c}\u{feff}",
        "kill x",
        "invisible characters",
    ),
    (
        "k\u{336}i\u{336}l\u{336}l\u{336} z\u{310}\u{35b}a",
        "kill za",
        "struck through, zalgo",
    ),
    ("\u{301}a", "a", "a mark without a letter"),
    ("ㅤa\u{3164}b\u{115f}c", "abc", "Hangul fillers"),
    ("a\u{e0041}\u{e007f}b", "ab", "tags"),
    (
        "❤\u{fe0f} 👩\u{200d}💻 🇫🇷 🔪👍🏽",
        "❤ 👩💻 🇫🇷 🔪👍🏽",
        "emoji stay, their joiners don't",
    ),
    ("1\u{fe0f}\u{20e3}", "1", "keycaps"),
    (
        "東京 ひらかな 한국 العربية שלום",
        "東京 ひらかな 한국 العربية שלום",
        "others stay",
    ),
    ("ﷺ", "ﷺ", "what would grow too much stays"),
    (
        "&eacute;t&Eacute; &amp;lt; &lt;b&gt;",
        "ete &lt; <b>",
        "named references, once",
    ),
    (
        "&#233;&#xE9;&#107;ill&#x6B;",
        "eekillk",
        "numeric references",
    ),
    (
        "l&#146;adresse&nbsp;: &laquo;&hellip;&raquo;",
        "l'adresse : \"...\"",
        "Windows and French",
    ),
    ("k&shy;i&zwj;ll &OElig;", "kill oe", "invisible references"),
    (
        "AT&T & co &unknown; &#; &#xFFFFFFFF; &;",
        "at&t & co &unknown; &#; &#xffffffff; &;",
        "text",
    ),
    (
        "&#0;&#10;&#55296;",
        "&#0; &#55296;",
        "controls become spaces, surrogates are text",
    ),
    ("%6Bill%20m%C3%A9 %e2%80%99", "kill me '", "%-escapes"),
    (
        "100%de, 5% %zz %C3( %A9 %",
        "100%de, 5% %zz %c3( %a9 %",
        "what is no escape is text",
    ),
    (
        "a%00b%0Ac%2541",
        "a b c%41",
        "controls are spaces; once only",
    ),
    (
        "%C3%81 %F0%9D%93%80 %ED%A0%80",
        "a k %ed%a0%80",
        "long sequences; surrogates are text",
    ),
];

#[test]
fn every_class_folds_as_said() {
    for (post, folded, why) in FOLDED {
        assert_eq!(fold(post).text(), *folded, "{why}: {post:?}");
    }
}

/// Terms: a term, what it is folded to, and why.
const TERMS: &[(&str, &str, &str)] = &[
    ("Œuvre d’Élise", "oeuvre d'elise", "as posts are"),
    (
        "R&D &amp; 100%20",
        "r&d &amp; 100%20",
        "no escapes in terms",
    ),
];

#[test]
fn terms_fold_as_posts_do() {
    for (term, folded, why) in TERMS {
        assert_eq!(fold_term(term), *folded, "{why}");
    }
}

/// A post, a piece of its `plain` view, the bytes of the post it came from, and why.
const SPANS: &[(&str, &str, &str, &str)] = &[
    ("abc kill def", "kill", "kill", "in step"),
    ("Mon É́lève", "eleve", "É́lève", "shorter letters"),
    ("la rue Straße 5", "strasse 5", "Straße 5", "longer letters"),
    ("aßb", "sb", "ßb", "half of a letter is the letter"),
    (
        "\u{200b}k\u{200b}i\u{200b}ll\u{200b} x",
        "kill",
        "k\u{200b}i\u{200b}ll",
        "inside only",
    ),
    (
        "ki\u{301}l\u{336}l\u{336}\u{310} x",
        "kill",
        "ki\u{301}l\u{336}l\u{336}\u{310}",
        "marks",
    ),
    ("\u{301}kill", "kill", "kill", "not the marks before"),
    (
        "a &eacute;t&eacute;!",
        "ete",
        "&eacute;t&eacute;",
        "references",
    ),
    ("%6Bill me", "kill", "%6Bill", "%-escapes"),
    (
        "вж\u{301}ю",
        "ж",
        "ж\u{301}",
        "marks over letters that stay",
    ),
    (
        "27½ rue",
        "1/2",
        "½",
        "the space of a fraction is part of it",
    ),
    ("… Paris …", "...", "…", "an ellipsis is one"),
];

#[test]
fn spans_lead_back_to_the_post() {
    for (post, piece, source, why) in SPANS {
        let folded = fold(post);
        let start = folded
            .text()
            .find(piece)
            .unwrap_or_else(|| panic!("{why}: {folded:?}"));
        let span = folded.in_post(start..start + piece.len());
        assert_eq!(&post[span], *source, "{why}");
    }
}

#[test]
fn spans_are_cut_to_the_text() {
    let post = "Élan ß";
    let folded = fold(post);
    let length = post.len();
    for (span, expected) in [
        (0..usize::MAX, 0..length),
        (usize::MAX..usize::MAX, length..length),
        (Range { start: 6, end: 3 }, 6..6),
        (2..2, 3..3),
        (6..7, 6..8),
    ] {
        assert_eq!(folded.in_post(span.clone()), expected, "{span:?}");
    }
    assert_eq!(fold("").in_post(0..9), 0..0);
}

/// Far from the start, past many checkpoints, and over what one byte can't count.
#[test]
fn long_posts_lead_back_too() {
    let pieces = [
        "é".repeat(1000),
        "a".repeat(1000),
        "\u{301}".repeat(1000),
        "\u{200b}".repeat(1000),
    ];
    let post = format!("{}KILL{}", pieces.concat(), pieces.concat());
    let folded = fold(&post);
    let start = folded.text().find("kill").unwrap();
    let span = folded.in_post(start..start + 4);
    assert_eq!(&post[span], "KILL");
    let letter = folded.in_post(start - 1..start);
    assert!(
        post[letter.clone()].starts_with("a\u{301}"),
        "marks belong to their letter"
    );
    assert!(post[letter].len() < 256, "but not without end");
    assert_eq!(folded.in_post(0..folded.text().len()).start, 0);
}

/// The table was made from Unicode's own data: letters of the basic plane lose case and accents
/// exactly as those say, unless they are look-alikes of ASCII letters or chosen by us.
#[test]
fn the_table_is_fresh() {
    let chosen = "æᴁœɶßþəɛɔŋμςĸıȷ";
    let mut differ = Vec::new();
    let fillers = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];
    for c in ('\u{80}'..='\u{ffff}').filter(|c| c.is_alphabetic() && !fillers.contains(c)) {
        let folded = fold_term(&c.to_string());
        let bare: String = c
            .to_string()
            .nfkd()
            .flat_map(char::to_lowercase)
            .nfkd()
            .filter(|d| !is_combining_mark(*d) || d.is_alphabetic() && is_vowel(*d))
            .collect();
        let one_look_alike = |(a, b): (char, char)| {
            a == b || b.is_ascii_lowercase() || chosen.contains(a) || b == '\''
        };
        let alike = bare.chars().count() == folded.chars().count()
            && bare.chars().zip(folded.chars()).all(one_look_alike);
        let exempt = ('\u{ac00}'..='\u{d7a3}').contains(&c)
            || bare.chars().any(|c| chosen.contains(c))
            || bare.len() > 12
            || folded.chars().eq([c]) && bare.starts_with(' ');
        if !alike && !exempt {
            differ.push((c, bare, folded));
        }
    }
    assert!(differ.is_empty(), "{differ:?}");
}

/// Vowel signs of Indic scripts are marks without a combining class: they stay.
fn is_vowel(c: char) -> bool {
    unicode_normalization::char::canonical_combining_class(c) == 0
}

#[test]
fn both_cases_fold_alike_and_foldings_stay() {
    for c in ('\u{0}'..='\u{1ffff}').filter(|c| !matches!(c, '&' | '%')) {
        let once = fold_term(&c.to_string());
        assert_eq!(fold_term(&once), once, "{c:?} folds on");
        let lower: String = c.to_lowercase().collect();
        // Where the two are drawn as different Latin letters, each is what it looks like.
        let latin = |folded: &str| matches!(folded.as_bytes(), [b'a'..=b'z']);
        let small = fold_term(&lower);
        let own_likeness = !c.is_ascii() && (latin(&once) || latin(&small));
        assert!(small == once || own_likeness, "{c:?} and its small letter");
        assert!(once.len() <= 12, "{c:?} grows");
    }
}

/// A text, its words with sentences as `word/number`, and why.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "l'adresse est la-bas",
        "l/0 adresse/0 est/0 la/0 bas/0",
        "apostrophes and hyphens separate",
    ),
    (
        "snake_case x2 42",
        "snake_case/0 x2/0 42/0",
        "digits and _ belong",
    ),
    (
        "жeha 東京 👍 a👍b",
        "жeha/0 東京/0 👍/0 a/0 👍/0 b/0",
        "letters of any script; emoji are words of their own",
    ),
    ("stop. now! why? ok", "stop/0 now/1 why/2 ok/3", "stops"),
    ("stop... now?! ok", "stop/0 now/1 ok/2", "runs of stops"),
    (
        "he said \"go.\" then",
        "he/0 said/0 go/0 then/1",
        "a quote closes",
    ),
    (
        "fini (voila.) suite",
        "fini/0 voila/0 suite/1",
        "a bracket closes",
    ),
    ("quoi ? rien ! bon", "quoi/0 rien/1 bon/2", "French spacing"),
    (
        "m. dupont, mme. roux, dr. j. p. wu",
        "m/0 dupont/0 mme/0 roux/0 dr/0 j/0 p/0 wu/0",
        "no ends",
    ),
    ("so do i. yes", "so/0 do/0 i/0 yes/1", "i is a word"),
    (
        "3.14 at example.org/a.b",
        "3/0 14/0 at/0 example/0 org/0 a/0 b/0",
        "inside numbers and URLs",
    ),
    ("one\ntwo\n\nthree", "one/0 two/1 three/2", "line ends"),
    ("...", "", "no words"),
    ("終。始", "終/0 始/0", "needs a space"),
];

#[test]
fn words_and_sentences() {
    for (text, expected, why) in WORDS {
        let words = words(text);
        let found: Vec<String> = words
            .iter()
            .zip(sentences(text, &words))
            .map(|(w, sentence)| {
                let word = &text[w.start as usize..w.end as usize];
                format!("{word}/{sentence}")
            })
            .collect();
        assert_eq!(found.join(" "), *expected, "{why}");
    }
}
