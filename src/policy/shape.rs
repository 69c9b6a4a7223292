//! The grammar of policies as tables: the reader, the editor schema and the reference page all
//! come from here, so that no key is known to one of them only.

pub mod labels;
pub mod ladders;

use super::neighbours::{DSA, DSA_KEYWORDS, OPENAI, PERSPECTIVE};
use super::pack::Mode;
use crate::limits::POINTS_MAX;

/// A map with a closed set of keys.
#[derive(Debug)]
pub struct Shape {
    /// What it is called in messages and in the schema.
    pub name: &'static str,
    /// What it is for.
    pub docs: &'static str,
    /// Its keys, in the order they are best written.
    pub keys: &'static [Key],
    /// Keys of which exactly one must stand. Empty: no such rule.
    pub one_of: &'static [&'static str],
}

/// One key of a [`Shape`].
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What its value is.
    pub takes: Takes,
    /// What it says.
    pub docs: &'static str,
}

/// What a value is.
#[derive(Debug)]
pub enum Takes {
    /// Any text.
    Text,
    /// A name: lower-case letters, digits, `-`, `_`, `.`, `/`.
    Name,
    /// `true` or `false`.
    Flag,
    /// A whole number in a range.
    Integer(u32, u32),
    /// One word of a closed set.
    Word(&'static [&'static str]),
    /// A comparison: `"< 2d"`, `">= 3"`, `true`.
    Comparison,
    /// A percentage: `20%`.
    Percentage,
    /// A number in a range, with a fraction or without.
    Decimal(u32, u32),
    /// How long something takes: `72h`, `14d`.
    Duration,
    /// A text in English and French.
    Bilingual,
    /// A list.
    List(&'static Takes),
    /// One value, or a list of them.
    OneOrMore(&'static Takes),
    /// A map with closed keys.
    Map(&'static Shape),
    /// A map whose keys are names chosen by the author.
    Named(&'static Takes),
    /// One of several forms.
    Either(&'static [Takes]),
}

pub(super) const fn required(name: &'static str, takes: Takes, docs: &'static str) -> Key {
    Key {
        name,
        required: true,
        takes,
        docs,
    }
}

pub(super) const fn optional(name: &'static str, takes: Takes, docs: &'static str) -> Key {
    Key {
        name,
        required: false,
        takes,
        docs,
    }
}

/// A policy file.
pub static FILE: Shape = Shape {
    name: "policy file",
    docs: "One checked document: what is looked for, what it is worth, what is advised, and the \
           examples that prove it.",
    one_of: &[],
    keys: &[
        required("policy", Takes::Map(&HEADER), "Who this policy is."),
        optional(
            "signals",
            Takes::Named(&Takes::Map(&SIGNAL)),
            "Named things found in a post. Other policies refer to them as `policy/signal`.",
        ),
        optional(
            "rules",
            Takes::List(&Takes::Map(&RULE)),
            "What signals are worth.",
        ),
        optional(
            "decide",
            Takes::List(&Takes::Map(&THRESHOLD)),
            "From how many points of the category which action is advised.",
        ),
        optional(
            "hits",
            Takes::Named(&Takes::Map(&ladders::HIT)),
            "What of decisions is remembered. Other policies refer to it as `policy/hit`.",
        ),
        optional(
            "counters",
            Takes::Named(&Takes::Map(&ladders::COUNTER)),
            "How many in a window. Like trends and sequences, known to others as `policy/counter`.",
        ),
        optional(
            "trends",
            Takes::Named(&Takes::Map(&ladders::TREND)),
            "Whether there is much more than before.",
        ),
        optional(
            "sequences",
            Takes::Named(&Takes::Map(&ladders::SEQUENCE)),
            "How often one thing followed another.",
        ),
        optional(
            "ladders",
            Takes::Named(&Takes::Map(&ladders::LADDER)),
            "Steps for those who are hunted, those who hunt, and where it happens. Names are unique \
             in the pack.",
        ),
        optional(
            "tests",
            Takes::List(&Takes::Either(&[
                Takes::Map(&TEST),
                Takes::Map(&ladders::STORY),
            ])),
            "Examples that rules must hit and must leave alone, and stories that ladders are \
             tested with.",
        ),
    ],
};

/// `policy:`
pub static HEADER: Shape = Shape {
    name: "policy",
    docs: "Who a policy is.",
    one_of: &[],
    keys: &[
        required(
            "id",
            Takes::Name,
            "Its name, unique in the pack: `doxxing-address`.",
        ),
        required("version", Takes::Text, "`MAJOR.MINOR.PATCH`."),
        optional(
            "category",
            Takes::Name,
            "The kind of harm its rules find: `harassment.doxxing`. A policy that only lends \
             signals to others has none.",
        ),
        required("title", Takes::Bilingual, "One line for people."),
        optional(
            "about",
            Takes::Text,
            "What it is meant to catch and to leave alone, for readers.",
        ),
        optional("owner", Takes::Text, "Whom to ask."),
        optional(
            "maps_to",
            Takes::Map(&MAPS_TO),
            "Its category in the words of other systems.",
        ),
    ],
};

/// `maps_to:`
pub static MAPS_TO: Shape = Shape {
    name: "maps_to",
    docs: "The category in the words of other systems. Points stay points: they are nobody's \
           probability.",
    one_of: &[],
    keys: &[
        optional(
            "perspective",
            Takes::OneOrMore(&Takes::Word(PERSPECTIVE)),
            "Attributes of Perspective.",
        ),
        optional(
            "openai",
            Takes::OneOrMore(&Takes::Word(OPENAI)),
            "Moderation categories.",
        ),
        optional(
            "dsa",
            Takes::Word(DSA),
            "Category of the EU's transparency database.",
        ),
        optional(
            "dsa_keyword",
            Takes::OneOrMore(&Takes::Word(DSA_KEYWORDS)),
            "Keywords of the EU's transparency database.",
        ),
    ],
};

/// A signal.
pub static SIGNAL: Shape = Shape {
    name: "signal",
    docs: "A named thing found in the text, with its spans.",
    one_of: &["terms", "regex", "detect", "any_of", "near"],
    keys: &[
        optional("about", Takes::Text, "What it stands for, for readers."),
        optional(
            "terms",
            Takes::Map(&TERMS),
            "Words and phrases. Case, accents, apostrophes and hyphens make no difference.",
        ),
        optional(
            "regex",
            Takes::OneOrMore(&Takes::Text),
            "Regular expressions, on folded text.",
        ),
        optional(
            "detect",
            Takes::Either(&[Takes::Name, Takes::Named(&Takes::Text)]),
            "A detector: `street_address`, or `{street_address: {countries: [fr]}}`.",
        ),
        optional("any_of", Takes::List(&Takes::Name), "Any of these signals."),
        optional(
            "near",
            Takes::Map(&NEAR),
            "All of these signals, close together.",
        ),
        optional(
            "view",
            Takes::Word(VIEWS),
            "Which reading of the post it looks at. `terms` look at `spelled` unless told, which \
             includes `plain`; `regex` and `detect` look at `plain`.",
        ),
        optional(
            "evidence",
            Takes::Name,
            "The kind of its evidence in decisions: `address`. Unless told, the detector's name, \
             `words` or `pattern`.",
        ),
        optional(
            "except",
            Takes::List(&Takes::Map(&EXCEPT)),
            "Where a span of it does not count. Local: it drops that span, never the post.",
        ),
    ],
};

/// `terms:`
pub static TERMS: Shape = Shape {
    name: "terms",
    docs: "Words and phrases by language. `(a|b)` are alternatives and `(a|)` may be left out; \
           `kill*` is any continuation, `*phobe` any beginning, a lone `*` any one word, `...` a gap \
           of at most four words.",
    one_of: &[],
    keys: &[
        optional("en", Takes::List(&Takes::Text), "In English."),
        optional("fr", Takes::List(&Takes::Text), "In French."),
        optional(
            "any",
            Takes::List(&Takes::Text),
            "In no language, or in both: names, emoji.",
        ),
    ],
};

/// `near:`
pub static NEAR: Shape = Shape {
    name: "near",
    docs: "All of several signals, close together. Its span covers them all.",
    one_of: &[],
    keys: &[
        required("of", Takes::List(&Takes::Name), "The signals, two or more."),
        required(
            "within",
            Takes::Integer(0, 50),
            "At most so many words between one and the next.",
        ),
        optional(
            "span",
            Takes::Integer(1, 200),
            "At most so many words from first to last.",
        ),
        optional(
            "ordered",
            Takes::Flag,
            "Whether they must come in the order of the list.",
        ),
        optional(
            "same",
            Takes::Word(&["sentence"]),
            "Whether they must stand in one sentence.",
        ),
    ],
};

/// An item of `except:`
pub static EXCEPT: Shape = Shape {
    name: "exception",
    docs: "Where a span does not count: near another signal, or inside it.",
    one_of: &["near", "inside"],
    keys: &[
        optional("near", Takes::Name, "A signal close to the span."),
        optional(
            "inside",
            Takes::Name,
            "A signal whose span holds this one: a quotation.",
        ),
        optional(
            "within",
            Takes::Integer(0, 50),
            "With `near`: at most so many words between.",
        ),
        optional(
            "side",
            Takes::Word(&["before", "after", "either"]),
            "With `near`: on which side of the span the other stands. Unless told, `either`.",
        ),
        optional(
            "same",
            Takes::Word(&["sentence"]),
            "With `near`: only in the same sentence.",
        ),
        optional(
            "unless",
            Takes::List(&Takes::Name),
            "Signals that undo the exception when they stand anywhere in the post, so that a \
             shop's name can't launder a dox.",
        ),
        optional(
            "keep",
            Takes::Percentage,
            "The share of the points that stays, so that a quoted threat leaves a trace.",
        ),
    ],
};

/// A rule.
pub static RULE: Shape = Shape {
    name: "rule",
    docs: "A condition over signals that yields points.",
    one_of: &[],
    keys: &[
        required(
            "id",
            Takes::Name,
            "Its name, unique in the pack: `dox.address`.",
        ),
        optional(
            "level",
            Takes::Integer(1, 4),
            "1: few false alarms … 4: catch everything. A deployment enforces up to a level and \
             observes up to another. Unless told, 1.",
        ),
        optional(
            "mode",
            Takes::Word(Mode::NAMES),
            "`live`: it gives points. `shadow`: it is evaluated and told, and changes no decision; \
             so a new rule can be watched before it counts. Unless told, `live`.",
        ),
        required("when", Takes::Map(&CONDITION), "When it fires."),
        required("points", Takes::Integer(1, POINTS_MAX), "What it is worth."),
        optional(
            "boost",
            Takes::List(&Takes::Map(&BOOST)),
            "What makes it worth more.",
        ),
        required(
            "because",
            Takes::Bilingual,
            "What a person is told. Never the words of the post: say what was found, not which.",
        ),
    ],
};

/// An item of `boost:`
pub static BOOST: Shape = Shape {
    name: "boost",
    docs: "Points added when a further condition holds.",
    one_of: &[],
    keys: &[
        required(
            "if",
            Takes::Either(&[Takes::Name, Takes::Map(&CONDITION)]),
            "A signal, `target`, or a condition.",
        ),
        required("points", Takes::Integer(1, POINTS_MAX), "What it adds."),
    ],
};

/// A condition. All its keys must hold.
pub static CONDITION: Shape = Shape {
    name: "condition",
    docs: "What must hold. With several keys, all of them. An item of a list is a signal's name, \
           `target` (the post names or answers somebody), or a condition.",
    one_of: &[],
    keys: &[
        optional("all", Takes::List(&CONDITION_ITEM), "Every one of these."),
        optional(
            "any",
            Takes::List(&CONDITION_ITEM),
            "At least one of these.",
        ),
        optional("none", Takes::List(&CONDITION_ITEM), "Not one of these."),
        optional(
            "attrs",
            Takes::Named(&Takes::Comparison),
            "Facts that the forum sends under `attrs`: `author_age: \"< 2d\"`, `first_post: true`, \
             `link_count: \">= 3\"`, `scores.toxicity: \">= 0.8\"`. A fact that isn't sent holds \
             nothing.",
        ),
        optional(
            "count",
            Takes::Named(&Takes::Comparison),
            "How often signals stand in the post.",
        ),
        optional(
            "lang",
            Takes::OneOrMore(&Takes::Word(&["en", "fr"])),
            "The post's language.",
        ),
        optional(
            "length",
            Takes::Comparison,
            "How many characters the post shows: escapes and invisible ones don't count.",
        ),
    ],
};

static CONDITION_ITEM: Takes = Takes::Either(&[Takes::Name, Takes::Map(&CONDITION)]);

/// An item of `decide:`
pub static THRESHOLD: Shape = Shape {
    name: "threshold",
    docs: "From how many points which action is advised.",
    one_of: &[],
    keys: &[
        required(
            "at",
            Takes::Integer(1, POINTS_MAX),
            "Points of the category.",
        ),
        required(
            "do",
            Takes::Word(&["note", "review", "hold", "remove"]),
            "The action.",
        ),
    ],
};

/// An item of `tests:`
pub static TEST: Shape = Shape {
    name: "test",
    docs: "Examples of one expectation.",
    one_of: &["hit", "miss", "below"],
    keys: &[
        optional(
            "hit",
            Takes::OneOrMore(&Takes::Name),
            "Rules that must fire, all of them.",
        ),
        optional(
            "miss",
            Takes::OneOrMore(&Takes::Name),
            "Rules that must not fire, none of them. `\"*\"` is every rule of this policy.",
        ),
        optional(
            "below",
            Takes::Either(&[
                Takes::Integer(1, POINTS_MAX),
                Takes::Word(&["note", "review", "hold", "remove"]),
            ]),
            "The post may leave a trace, but stays below these points of the category, or below \
             this action.",
        ),
        optional(
            "examples",
            Takes::Either(&[Takes::List(&EXAMPLE_ITEM), Takes::Map(&EXAMPLES)]),
            "The posts, in a list or by language.",
        ),
        optional(
            "pairs",
            Takes::List(&Takes::Map(&PAIR)),
            "Posts that say the same in English and in French. Each is an example; and both must \
             lead to the same action.",
        ),
    ],
};

/// An item of `pairs:`
pub static PAIR: Shape = Shape {
    name: "pair",
    docs: "The same post in both languages.",
    one_of: &[],
    keys: &[
        required("en", EXAMPLE_FORMS, "In English."),
        required("fr", EXAMPLE_FORMS, "In French."),
    ],
};

/// `examples:` by language.
pub static EXAMPLES: Shape = Shape {
    name: "examples",
    docs: "Examples by language.",
    one_of: &[],
    keys: &[
        optional("en", Takes::List(&EXAMPLE_ITEM), "In English."),
        optional("fr", Takes::List(&EXAMPLE_ITEM), "In French."),
    ],
};

static EXAMPLE_ITEM: Takes = EXAMPLE_FORMS;

const EXAMPLE_FORMS: Takes = Takes::Either(&[Takes::Text, Takes::Map(&EXAMPLE)]);

/// An example with facts.
pub static EXAMPLE: Shape = Shape {
    name: "example",
    docs: "A post with facts about it.",
    one_of: &[],
    keys: &[
        required("text", Takes::Text, "What was written."),
        optional(
            "target",
            Takes::Text,
            "Whom it is aimed at, as the forum would say.",
        ),
        optional(
            "lang",
            Takes::Word(&["en", "fr"]),
            "Its language, as the forum would say.",
        ),
        optional("attrs", Takes::Named(&Takes::Text), "Its further facts."),
        optional(
            "evade",
            Takes::Flag,
            "`false`: disguised spellings of it are not tried. Unless told, they are.",
        ),
    ],
};

/// The readings of a post, from the most faithful to the most suspicious.
pub static VIEWS: &[&str] = &["raw", "plain", "spelled"];
