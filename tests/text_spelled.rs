//! The `spelled` view: which disguises are undone, which texts stay, and where spans lead back to.

use vigie::limits::{SPELLED_RUN_LETTERS_MAX, SPELLED_STEPS_MAX, SPELLED_WORD_LETTERS_MAX};
use vigie::text::{Key, Lexicon, Memory, Outline, Spelled, fold, spell};

/// A lexicon as a pack of threats and insults would bring it, in no order that matters here but
/// that `bitch` comes before `batch`.
const LEXICON: &str = "i will kill you all a to die tuer te je vais tu vous va mort adresse bitch \
     batch hate love people women idiot salope pute shit ass \
     so is the and house address where live \
     meet me et good god tops pages see poisonous femmes connard hit there slut singe burn down snot etes";

fn spelled(post: &str) -> Option<Spelled> {
    let plain = fold(post);
    spell(
        &plain,
        &Outline::of(plain.text()),
        &Lexicon::new(LEXICON.split_whitespace()),
        &mut Memory::default(),
    )
}

/// A post, its `spelled` view, and why.
const UNDONE: &[(&str, &str, &str)] = &[
    (
        "I will k1ll you",
        "i will kill you",
        "a digit between letters",
    ),
    (
        "1 w1ll k1ll y0u 4ll",
        "i will kill you all",
        "digits alone, beside a disguised word",
    ),
    ("4ll 7o k1ll", "all to kill", "and before it"),
    ("j3 v415 73 7u3r", "je vais te tuer", "the same in French"),
    (
        "h@te, $hit, a$$, 1di0t, ki||",
        "hate, shit, ass, idiot, kill",
        "symbols for letters",
    ),
    (
        "k!ll h€r, p£ople",
        "kill h€r, people",
        "symbols of several bytes; no word, no change",
    ),
    ("5hit", "shit", "a digit before three letters"),
    (
        "k1||er k!1l",
        "k1||er kill",
        "only into words of the lexicon",
    ),
    (
        "b*tch b**ch b1t*h",
        "bitch bitch bitch",
        "letters hidden; of words as common the first wins",
    ),
    (
        "K*ll yo*!",
        "kill you!",
        "a last letter, beside a disguised word",
    ),
    (
        "k*ll the b*tch, so is the house yo*.",
        "kill the bitch, so is the house you.",
        "or behind two words with hidden letters",
    ),
    (
        "iwillburndownthexwzhouse",
        "i will burn down the xwz house",
        "a sentence with a word that nobody looks for",
    ),
    (
        "k*ll-house",
        "kill-house",
        "the hyphen behind a disguise parts words",
    ),
    ("yo*'ll k*ll yo*", "you'll kill you", "one star at the end"),
    ("t'*tes *diot*", "t'etes *diot*", "one behind an elision"),
    (
        "k##l hä*e sh**",
        "kill hate shit",
        "other signs hide too; two at the end",
    ),
    (
        "t_er c_nnard k-ll sh.t",
        "tuer connard kill shit",
        "joints hide a letter",
    ),
    (
        "ki.ll tu-er sal_ope p.ute",
        "kill tuer salope pute",
        "joints part letters",
    ),
    ("k i l l", "kill", "spelled out"),
    (
        "k.i.l.l y-o-u l_o_v_e p*u*t*e",
        "kill you love pute",
        "with other separators",
    ),
    (
        "w.i.l.l x.y.z k.i.l.l y.o.u a.l.l",
        "will x y z kill you all",
        "spaces part words",
    ),
    ("t.'.i.d.i.o.t v.a", "t idiot va", "and so do apostrophes"),
    ("K 1 L L", "kill", "spelled out with a digit"),
    ("à t u e r", "a tuer", "a letter that is a word stays"),
    (
        "i w i l l k i l l y o u a l l",
        "i will kill you all",
        "a whole phrase",
    ),
    ("k i l l x", "kill x", "a letter that belongs to none"),
    ("kiiiill killlll tuuueeer", "kill kill tuer", "stretched"),
    (
        "goood ggoddd",
        "good god",
        "two of the same letter before one",
    ),
    ("Iwillkillyou", "i will kill you", "joined"),
    (
        "we'llmeetyouallthere",
        "we'll meet you all there",
        "joined behind a contraction",
    ),
    ("#jevaistetuer!", "#je vais te tuer!", "joined, in French"),
    (
        "poeple wmoen vuos je vias te teur",
        "people women vous je vais te tuer",
        "swapped",
    ),
    (
        "ｋ１ｌｌ ᴋ1ʟʟ k\u{200b}1ll",
        "kill kill kill",
        "on top of what plain folds",
    ),
    (
        "_idi0t_ kill_all_women _kill_",
        " idiot  kill all women  kill ",
        "tied by underscores",
    ),
    ("k1ll-people", "kill-people", "one of two words"),
];

#[test]
fn disguises_are_undone() {
    for (post, expected, why) in UNDONE {
        let spelled = spelled(post);
        let text = spelled.as_ref().map(|s| s.folded.text());
        assert_eq!(text, Some(*expected), "{why}: {post:?}");
    }
}

/// Posts in which nothing is disguised, and why.
const STAYS: &[(&str, &str)] = &[
    ("", "nothing"),
    ("I will kill you all", "written as such"),
    (
        "27 rue des Lilas, 75011 Paris, 06 39 98 12 34",
        "addresses and phone numbers",
    ),
    (
        "1500 € ou 70 $ à 14h30 le 1er, 2nd, 4th, 10h",
        "prices, times, ordinals",
    ),
    (
        "B2B, mp3, h264, covid19, v1.5.0, utf8, k8s, x86",
        "names with digits",
    ),
    (
        "top5, page5",
        "a digit at the end is a number: no tops, no pages",
    ),
    ("1 2 3 4 5 6", "numbers spelled out are no words"),
    (
        "s.k.i.l.l s-h-i-t-a-k-e",
        "a word inside another, parted by signs",
    ),
    (
        "4 to 5 people, 50 women",
        "numbers between words of the lexicon",
    ),
    ("me.et you-all", "a space is missing between words"),
    ("k ill, ki ll", "a space alone parts nothing"),
    ("vis-à-vis peut-on dit-elle a-t-on", "hyphens of French"),
    ("example.org/so.is j.r.r. u.s. e", "hosts and initials"),
    ("good, goods, see", "no letter three times"),
    ("www hmmm iii zzz", "stretched, but no word"),
    (
        "three there signe sont",
        "one ordinary word isn't another one badly typed",
    ),
    (
        "reconsideration nevertheless",
        "ordinary words that fall apart",
    ),
    ("c* f# *kill* ** k* yo*, kill*", "notes and emphasis"),
    ("東京 👍👍👍 ааа жжж", "other scripts"),
    ("my_var_name snake_case ca_fr", "identifiers"),
];

#[test]
fn ordinary_text_stays() {
    for (post, why) in STAYS {
        let spelled = spelled(post);
        assert!(
            spelled.is_none(),
            "{why}: {post:?} is read {:?}",
            spelled.map(|s| s.folded)
        );
    }
}

/// A post, a word of its `spelled` view, the bytes of the post it came from, and why.
const SPANS: &[(&str, &str, &str, &str)] = &[
    ("é k1ll é", "kill", "k1ll", "letter by letter"),
    ("é k i l l é", "kill", "k i l l", "with what was between"),
    (
        "kiiiillll!",
        "kill",
        "kiiiillll",
        "all of a stretched letter",
    ),
    ("É: k1ll y0u", "you", "y0u", "behind another disguise"),
    ("Élan iwillkillyou", "kill", "kill", "out of joined words"),
    (
        "k\u{200b}.i.l\u{301}.l. x",
        "kill",
        "k\u{200b}.i.l\u{301}.l",
        "with what was dropped",
    ),
    ("&eacute; h&#64;te", "hate", "h&#64;te", "through escapes"),
    (
        "😀 p£ople 😀",
        "people",
        "p£ople",
        "symbols of several bytes",
    ),
    ("ßé k1ll œuf", "oeuf", "œuf", "behind a disguise"),
];

#[test]
fn spans_lead_back_to_the_post() {
    for (post, word, source, why) in SPANS {
        let view = spelled(post)
            .unwrap_or_else(|| panic!("{why}: {post:?}"))
            .folded;
        let start = view
            .text()
            .find(word)
            .unwrap_or_else(|| panic!("{why}: {view:?}"));
        assert_eq!(
            &post[view.in_post(start..start + word.len())],
            *source,
            "{why}"
        );
    }
}

#[test]
fn altered_spans_are_what_differs() {
    let spelled = spelled("so k1ll y o u all").unwrap();
    let altered: Vec<&str> = spelled
        .altered
        .iter()
        .map(|a| &spelled.folded.text()[a.clone()])
        .collect();
    assert_eq!(altered, ["kill", "you"]);
}

#[test]
fn longer_runs_are_read_in_parts() {
    let post = "k i l l ".repeat(SPELLED_RUN_LETTERS_MAX);
    let spelled = spelled(&post).unwrap();
    assert_eq!(
        spelled.altered.len(),
        4,
        "each part of a run is one alteration"
    );
    assert_eq!(
        spelled.folded.text().matches("kill").count(),
        SPELLED_RUN_LETTERS_MAX
    );
}

#[test]
fn longer_joined_words_stay() {
    let joined = "killyoudie".repeat(SPELLED_RUN_LETTERS_MAX / 10);
    assert!(spelled(&joined).is_some());
    assert!(spelled(&(joined + "killyoudie")).is_none());
}

#[test]
fn an_empty_lexicon_reads_nothing() {
    let post = "k1ll k i l l kiiiill f*ck";
    let plain = fold(post);
    assert!(
        spell(
            &plain,
            &Outline::of(plain.text()),
            &Lexicon::default(),
            &mut Memory::default()
        )
        .is_none()
    );
    assert!(
        spell(
            &plain,
            &Outline::of(plain.text()),
            &Lexicon::new(["4", "é", ""].into_iter()),
            &mut Memory::default()
        )
        .is_none()
    );
}

#[test]
fn longer_words_are_found_as_written_only() {
    let (longest, too_long) = (
        "ab".repeat(SPELLED_WORD_LETTERS_MAX / 2),
        "cd".repeat(SPELLED_WORD_LETTERS_MAX / 2) + "c",
    );
    let post = format!(
        "{} {}",
        longest.replacen('b', "bbb", 1),
        too_long.replacen('d', "ddd", 1)
    );
    let plain = fold(&post);
    let lexicon = Lexicon::new([longest.as_str(), too_long.as_str()].into_iter());
    let spelled = spell(
        &plain,
        &Outline::of(plain.text()),
        &lexicon,
        &mut Memory::default(),
    )
    .unwrap();
    assert_eq!(spelled.altered.len(), 1);
    assert_eq!(spelled.altered[0], 0..SPELLED_WORD_LETTERS_MAX);
}

/// Three hidden letters have 17,576 readings: the search ends before it comes to the best one.
#[test]
fn searches_end() {
    let letters = || 'a'..='z';
    let endings =
        letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| [a, b, c])));
    let all: Vec<String> = endings
        .map(|e| format!("xyz{}", e.iter().collect::<String>()))
        .collect();
    let best_first = all.iter().rev().map(String::as_str);
    let plain = fold("xyz***");
    let spelled = spell(
        &plain,
        &Outline::of(plain.text()),
        &Lexicon::new(best_first),
        &mut Memory::default(),
    )
    .unwrap();
    assert!(
        spelled.folded.text() < "xyzd",
        "after {SPELLED_STEPS_MAX} steps"
    );
}

#[test]
fn words_go_on_from_beginnings() {
    let lexicon = Lexicon::with_beginnings(
        [
            ("strangl", true),
            ("that", false),
            ("animal", true),
            ("the", false),
        ]
        .into_iter(),
    );
    for (post, expected) in [
        ("s.t.r.a.n.g.l.e the cat", Some("strangle the cat")),
        ("s t r a n g l e t h a t", Some("strangle that")),
        ("str4ngling", Some("strangling")),
        ("4n1m4ls", Some("animals")),
        ("an*m*ls", Some("animals")),
        ("strangled animals", None),
        ("m.p.3", None),
    ] {
        let plain = fold(post);
        let found = spell(
            &plain,
            &Outline::of(plain.text()),
            &lexicon,
            &mut Memory::default(),
        );
        assert_eq!(found.as_ref().map(|s| s.folded.text()), expected, "{post}");
    }
}

/// Of several words that a star may hide, the one that the phrases of policies put beside the others.
#[test]
fn hidden_words_go_with_those_beside_them() {
    let words = "home home hope die did dig you your i the let les s go to want wait wish with all";
    let phrases = "i hope you die the home let s go i want to i wish you with all";
    let lexicon = || {
        Lexicon::new(words.split(' ')).with_pairs(|see| {
            let keys = || phrases.split(' ').map(Key::of);
            keys()
                .zip(keys().skip(1))
                .for_each(|(one, next)| see(one, next));
        })
    };
    for (post, expected) in [
        ("i ho*e you die", "i hope you die"),
        ("the ho*e", "the home"),
        ("ho*e", "home"),
        ("le*'s go", "let's go"),
        ("i wa*t to go", "i want to go"),
        ("i wi*h you", "i wish you"),
        ("wi*h all", "with all"),
    ] {
        let plain = fold(post);
        let outline = Outline::of(plain.text());
        let found = spell(&plain, &outline, &lexicon(), &mut Memory::default());
        let found = found.as_ref().map(|s| s.folded.text());
        assert_eq!(found, Some(expected), "{post}");
    }
}
