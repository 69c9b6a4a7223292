//! The grammar of the file that says what labels stand for.

use super::{Shape, Takes, optional};

/// A labels file.
pub static LABELS: Shape = Shape {
    name: "labels file",
    docs: "What the labels of posts stand for, so that policies can be measured on them.",
    one_of: &[],
    keys: &[
        optional(
            "field",
            Takes::Text,
            "The field of a post that holds its labels: a list, or one text. Unless told, `labels`.",
        ),
        optional(
            "expect",
            Takes::Named(&Takes::OneOrMore(&Takes::Text)),
            "For each label, what must be found in posts that have it: a category \
             (`harassment.doxxing`), the beginning of one (`violence`), or `\"*\"`: any.",
        ),
        optional(
            "clean",
            Takes::OneOrMore(&Takes::Text),
            "Labels of posts in which nothing must be found.",
        ),
        optional(
            "ignore",
            Takes::Named(&Takes::OneOrMore(&Takes::Text)),
            "For something that is expected, the labels of posts where it is neither right nor \
             wrong to find it.",
        ),
        optional(
            "groups",
            Takes::OneOrMore(&Takes::Text),
            "How the labels begin that posts are grouped by. Unless told, every label makes a group.",
        ),
        optional(
            "disguise",
            Takes::Text,
            "How the labels begin that name a disguise: `disguise:` of `disguise:leet`. The field \
             `disguise` of a post names one too.",
        ),
        optional(
            "spans",
            Takes::Named(&Takes::OneOrMore(&Takes::Name)),
            "For each type of the posts' `spans`, the detectors that should see it. Unless told, \
             the detector of that name.",
        ),
        optional(
            "signals",
            Takes::Named(&Takes::OneOrMore(&Takes::Name)),
            "For each label, the detectors of which one must see something.",
        ),
    ],
};
