//! The grammar of what is remembered, measured and climbed, and of the stories that test it.

use super::{Shape, Takes, optional, required};
use crate::limits::{MEASURED_MAX, POINTS_MAX, REPEATS_MAX, SIGNATURES_MAX};

/// A kind of hits, under `hits:`
pub static HIT: Shape = Shape {
    name: "hit",
    docs: "What of decisions is remembered. A post is such a hit when it has enough points in one of \
           the categories, or from one of the rules; or when a target reaches a rung.",
    one_of: &["category", "rule", "ladder"],
    keys: &[
        optional(
            "category",
            Takes::OneOrMore(&Takes::Name),
            "Points in one of these categories.",
        ),
        optional(
            "rule",
            Takes::OneOrMore(&Takes::Name),
            "Points from one of these rules, of any policy.",
        ),
        optional(
            "points",
            Takes::Integer(1, POINTS_MAX),
            "At least so many points there. Unless told, 1.",
        ),
        optional(
            "action",
            Takes::Word(&["note", "review", "hold", "remove"]),
            "And at least this action is advised for the post.",
        ),
        optional(
            "from_thread",
            Takes::Duration,
            "Such a post that is aimed at nobody counts for whom its thread is about: the one target of \
             the hits before it there, over so long. Unless told, it counts for no target.",
        ),
        optional(
            "ladder",
            Takes::Name,
            "A ladder of targets: a target that reaches a `rung` of it is a hit of the threads and \
             communities where that happens.",
        ),
        optional("rung", Takes::Name, "With `ladder`: the rung."),
    ],
};

/// A counter, under `counters:`
pub static COUNTER: Shape = Shape {
    name: "counter",
    docs: "How many in a window of time, always for one subject.",
    one_of: &["count", "unanswered"],
    keys: &[
        required("of", Takes::OneOrMore(&Takes::Name), "Of which hits."),
        optional("count", COUNTED, "What is counted, each once."),
        optional(
            "unanswered",
            Takes::Duration,
            "Posts that wait for an outcome at least so long are counted.",
        ),
        required("within", Takes::Duration, "The window, up to now."),
        required(
            "say",
            Takes::Bilingual,
            "What is counted, as people are told: \"people who threatened within 3 days\".",
        ),
    ],
};

const COUNTED: Takes = Takes::Word(&["hits", "posts", "authors", "targets"]);

/// A trend, under `trends:`
pub static TREND: Shape = Shape {
    name: "trend",
    docs: "Whether there is much more of something than the subject's own past would make expected.",
    one_of: &[],
    keys: &[
        required("of", Takes::OneOrMore(&Takes::Name), "Of which hits."),
        required("count", COUNTED, "What is counted, each once."),
        required("within", Takes::Duration, "The window, up to now."),
        required(
            "against",
            Takes::Duration,
            "The past right before the window, at least as long.",
        ),
        required(
            "factor",
            Takes::Decimal(1, 1_000),
            "How many times the mean of that past.",
        ),
        required(
            "floor",
            Takes::Integer(1, MEASURED_MAX),
            "At least so many in the window, however quiet the past.",
        ),
        optional(
            "holds",
            Takes::Duration,
            "For so long a rise that was seen stays seen. Unless told, as long as the window.",
        ),
        required("say", Takes::Bilingual, "What rises, as people are told."),
    ],
};

/// A sequence, under `sequences:`
pub static SEQUENCE: Shape = Shape {
    name: "sequence",
    docs: "How often one thing was followed by another, about the same target.",
    one_of: &[],
    keys: &[
        required(
            "first",
            Takes::OneOrMore(&Takes::Name),
            "Which hits come first.",
        ),
        required(
            "then",
            Takes::OneOrMore(&Takes::Name),
            "Which hits follow, in other posts.",
        ),
        required(
            "within",
            Takes::Duration,
            "At most so long after the first.",
        ),
        optional(
            "authors",
            Takes::Integer(1, MEASURED_MAX),
            "What follows comes from at least so many authors. Unless told, 1.",
        ),
        optional(
            "holds",
            Takes::Duration,
            "For so long one that was seen stays seen. Unless told, as long as `within`.",
        ),
        required(
            "say",
            Takes::Bilingual,
            "What happened, as people are told.",
        ),
    ],
};

/// A ladder, under `ladders:`
pub static LADDER: Shape = Shape {
    name: "ladder",
    docs: "Named steps for a subject, with ways in and ways out.",
    one_of: &[],
    keys: &[
        required(
            "subject",
            Takes::Word(&["target", "author", "thread", "community"]),
            "Whom or what it follows.",
        ),
        required("title", Takes::Bilingual, "One line for people."),
        optional(
            "answered_within",
            Takes::Duration,
            "Posts that the platform acted upon within this time stop counting: who moderates is \
             no danger.",
        ),
        required(
            "rungs",
            Takes::List(&Takes::Map(&RUNG)),
            "Its steps, lowest first.",
        ),
    ],
};

/// A rung.
pub static RUNG: Shape = Shape {
    name: "rung",
    docs: "One step of a ladder. It is entered when `enter` holds and all `findings` are met.",
    one_of: &[],
    keys: &[
        required("id", Takes::Name, "Its name, unique in its ladder."),
        optional(
            "enter",
            Takes::Either(&REQUIREMENT_FORMS),
            "What must hold.",
        ),
        optional(
            "findings",
            Takes::List(&Takes::Map(&FINDING)),
            "What must be met, each told apart.",
        ),
        optional(
            "leave",
            Takes::Map(&LEAVE),
            "The ways out. Every rung has one.",
        ),
        required(
            "do",
            Takes::Name,
            "What is advised, as a name that your platform knows: `slow_mode`.",
        ),
        required("say", Takes::Bilingual, "What people are told."),
        optional(
            "signed_by",
            Takes::Integer(0, SIGNATURES_MAX),
            "How many people must sign before anybody acts. Unless told, 0.",
        ),
    ],
};

/// A finding of a rung.
pub static FINDING: Shape = Shape {
    name: "finding",
    docs: "One of several things that must all be met, and that people want told apart.",
    one_of: &[],
    keys: &[
        required("id", Takes::Name, "Its name, unique in its rung."),
        required("when", Takes::Either(&REQUIREMENT_FORMS), "When it is met."),
        required("say", Takes::Bilingual, "What it says."),
    ],
};

/// What must hold for a rung.
pub static REQUIREMENT: Shape = Shape {
    name: "requirement",
    docs: "What must hold. With several keys, all of them. An item is the name of a counter, trend \
           or sequence (at least 1 of it), such names with comparisons (`{threats: \">= 3\"}`), or \
           a requirement.",
    one_of: &[],
    keys: &[
        optional("all", Takes::List(&REQUIREMENT_ITEM), "Every one of these."),
        optional(
            "any",
            Takes::List(&REQUIREMENT_ITEM),
            "At least one of these.",
        ),
        optional("none", Takes::List(&REQUIREMENT_ITEM), "Not one of these."),
    ],
};

static REQUIREMENT_ITEM: Takes = Takes::Either(&REQUIREMENT_FORMS);

static REQUIREMENT_FORMS: [Takes; 3] = [
    Takes::Name,
    Takes::Map(&REQUIREMENT),
    Takes::Named(&Takes::Comparison),
];

/// `leave:`
pub static LEAVE: Shape = Shape {
    name: "leave",
    docs: "The ways out of a rung.",
    one_of: &[],
    keys: &[
        optional(
            "quiet",
            Takes::Duration,
            "After so long without a hit that the ladder looks at.",
        ),
        optional("by", Takes::Word(&["person"]), "A person closes the case."),
    ],
};

/// An item of `tests:` that tells a story.
pub static STORY: Shape = Shape {
    name: "story",
    docs: "A story that ladders are tested with: what happens, and on which rungs it leads.",
    one_of: &[],
    keys: &[
        required("timeline", Takes::Text, "What it tells, in one line."),
        optional(
            "target",
            Takes::OneOrMore(&Takes::Text),
            "Whom its posts are aimed at, where they don't tell.",
        ),
        optional(
            "thread",
            Takes::Text,
            "The thread of its posts, where they don't tell.",
        ),
        optional(
            "community",
            Takes::Text,
            "The community of its posts, where they don't tell.",
        ),
        required(
            "events",
            Takes::List(&Takes::Map(&EVENT)),
            "What happens, in any order.",
        ),
        required(
            "expect",
            Takes::List(&Takes::Map(&EXPECTATION)),
            "Where subjects stand.",
        ),
    ],
};

/// An item of `events:`
pub static EVENT: Shape = Shape {
    name: "event",
    docs: "One thing that happens, or the same several times.",
    one_of: &["hit", "text", "outcome", "deleted", "closed"],
    keys: &[
        required("at", Takes::Duration, "How long after the beginning."),
        optional(
            "hit",
            Takes::OneOrMore(&Takes::Name),
            "Somebody posts, and the post is these hits.",
        ),
        optional(
            "text",
            Takes::Text,
            "Somebody posts this, and it is judged.",
        ),
        optional(
            "author",
            Takes::Text,
            "With `hit` or `text`: who posts. `{n}` in a text is the number of the repetition, \
             from 1.",
        ),
        optional(
            "target",
            Takes::OneOrMore(&Takes::Text),
            "With `hit` or `text`: whom it is aimed at.",
        ),
        optional("thread", Takes::Text, "With `hit` or `text`: where."),
        optional(
            "community",
            Takes::Text,
            "With `hit` or `text`: on which board.",
        ),
        optional(
            "post",
            Takes::Text,
            "The post's id; the same again is an edit. Posts without one are numbered. With \
             `outcome`: the post it is about.",
        ),
        optional(
            "outcome",
            Takes::Word(&["enforced", "dismissed", "appealed", "overturned"]),
            "The platform tells what it did about a `post`.",
        ),
        optional("deleted", Takes::Text, "The post of this id is deleted."),
        optional(
            "closed",
            Takes::Text,
            "A person closes the case of a subject: `target/t1`.",
        ),
        optional(
            "repeat",
            Takes::Integer(2, REPEATS_MAX),
            "It happens so many times.",
        ),
        optional(
            "every",
            Takes::Duration,
            "With `repeat`: how long from one time to the next.",
        ),
    ],
};

/// An item of `expect:`
pub static EXPECTATION: Shape = Shape {
    name: "expectation",
    docs: "On which rung of a ladder a subject stands: at the end of the story, unless told.",
    one_of: &[],
    keys: &[
        required("on", Takes::Name, "The ladder."),
        required("id", Takes::Text, "The subject's id."),
        required(
            "rung",
            Takes::Name,
            "The rung. `none`: it stands on no rung.",
        ),
        optional("at", Takes::Duration, "So long after the beginning."),
        optional(
            "ever",
            Takes::Flag,
            "`true`: this is the highest rung that it ever reached.",
        ),
        optional(
            "findings",
            Takes::OneOrMore(&Takes::Name),
            "The findings that are met, and no others.",
        ),
    ],
};
