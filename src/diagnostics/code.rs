//! Every kind of mistake. Codes are stable: they are never reused, and their pages are printed from
//! here.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The policy is refused.
    Error,
    /// The policy loads, but somebody should look.
    Warning,
}

impl Severity {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Declares the enum and its table in one place, so that no code lacks a page.
macro_rules! codes {
    ($($id:literal $variant:ident $severity:ident $name:literal $page:literal;)*) => {
        /// What kind of mistake a diagnostic speaks of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $page] $variant,)*
        }

        impl Code {
            /// All of them, by id.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its stable id.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The code of this id (`P020`, `p020`) or name (`unknown-key`).
            #[must_use]
            pub fn from_id(written: &str) -> Option<Self> {
                let is = |code: &&Self| {
                    code.id().eq_ignore_ascii_case(written) || code.name() == written
                };
                Self::ALL.iter().find(is).copied()
            }

            /// Its name: the mistake, never the cure.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether it refuses the policy.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it means and what to do.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self { $(Self::$variant => $page,)* }
            }
        }
    };
}

codes! {
    "P001" UnreadableFile Error "unreadable-file"
        "The file could not be read. Check the path and its permissions.";
    "P002" FileTooBig Error "file-too-big"
        "A policy file has a size limit, so that a mistaken path (a dump, a log) is refused at \
        once. Split the policy into several files of the same folder; signals can be named across \
        policies.";
    "P003" NotUtf8 Error "not-utf8"
        "Policies are UTF-8 text. Files saved as Latin-1 or UTF-16 are refused rather than guessed \
        at: a wrongly guessed accent is a term that never matches. Save the file again as UTF-8.";
    "P004" BadYaml Error "bad-yaml"
        "The file is not YAML. Only the first such mistake of a file can be shown, since what \
        follows it can't be trusted.";
    "P005" Tab Error "tab"
        "YAML is indented with spaces. A tab looks like spaces in most editors and means something \
        else in each.";
    "P006" TooDeep Error "too-deep"
        "The file nests deeper than any policy needs.";
    "P007" TooManyNodes Error "too-many-nodes"
        "The file expands to more values than a policy may hold. The usual cause is aliases \
        (`*name`) that repeat each other; the other is a generated list, which belongs in several \
        files.";
    "P008" SeveralDocuments Error "several-documents"
        "One file holds one policy. Put what follows the `---` into a file of its own.";
    "P009" EmptyFile Error "empty-file"
        "The file holds no policy.";
    "P010" NoPolicies Error "no-policies"
        "The folder holds no `.yaml` file, so there is nothing to judge posts with.";
    "P011" UnknownAlias Error "unknown-alias"
        "In YAML, a text that begins with `*` is an alias: it stands for what was marked with `&` \
        before. Aliases are fine; wildcards such as `*phobe` need quotes.";
    "P012" YamlTag Error "yaml-tag"
        "In YAML, a word that begins with `!` is a tag. Policies have none, so it is most probably \
        a text that needs quotes.";
    "P013" MergeKey Error "merge-key"
        "The merge key `<<` is not part of YAML 1.2, and would hide which keys a signal or rule \
        has. Write them out, or refer to a signal by its name.";
    "P020" UnknownKey Error "unknown-key"
        "Keys are closed: a misspelt key would otherwise be a rule that silently does nothing.";
    "P021" DuplicateKey Error "duplicate-key"
        "The same key stands twice; which one counts would be chance. Signals are keys of \
        `signals`, so two signals of one name are this mistake too.";
    "P022" MissingKey Error "missing-key"
        "A key that must be there isn't.";
    "P023" WrongType Error "wrong-type"
        "A value of another kind is expected here: a list, a number, a text.";
    "P024" EmptyValue Error "empty-value"
        "A list, text or map that must say something is empty.";
    "P025" UnknownWord Error "unknown-word"
        "The value must be one of a closed set of words.";
    "P026" OutOfRange Error "out-of-range"
        "The number is outside what it may be.";
    "P027" ConflictingKeys Error "conflicting-keys"
        "Two keys stand together that exclude each other. A signal is of one kind: `terms`, \
        `regex`, `detect`, `any_of` or `near`; combine several signals with `any_of`. A hit is of \
        categories, of rules or of a ladder; an event of a story is one thing that happens.";
    "P028" BadName Error "bad-name"
        "Names are lower-case letters, digits, `-` and `_`; those of rules and categories may have \
        dots. Other characters would not survive metrics, logs and file names.";
    "P029" BadVersion Error "bad-version"
        "A policy's version is `MAJOR.MINOR.PATCH`, so that a decision can be traced to what \
        judged it.";
    "P030" BadComparison Error "bad-comparison"
        "A comparison is a sign and a value: `\"< 2d\"`, `\">= 3\"`, `\"= moderator\"`; or `true`, \
        `false`.";
    "P031" BadPercentage Error "bad-percentage"
        "What an exception keeps is a percentage from `0%` to `99%`.";
    "P032" BadDuration Error "bad-duration"
        "A duration is a number and a unit: `90s`, `5m`, `36h`, `2d`, `1w`.";
    "P040" DuplicatePolicy Error "duplicate-policy"
        "Two files declare the same policy. One of them is probably a copy that was meant to \
        replace the other.";
    "P041" DuplicateRule Error "duplicate-rule"
        "Rule ids are unique in the whole pack: decisions, metrics and outcomes name them.";
    "P042" ReservedName Error "reserved-name"
        "`target` stands for \"the post names or answers somebody\" and can't be a signal's name; \
        `all`, `any` and `none` are lists of requirements and no counters; a rung `none` would be \
        no rung.";
    "P043" UnknownSignal Error "unknown-signal"
        "Nothing defines a signal of this name. Signals of other policies are named \
        `policy/signal`.";
    "P044" UnknownDetector Error "unknown-detector"
        "There is no detector of this name.";
    "P045" UnknownParameter Error "unknown-parameter"
        "The detector has no such parameter.";
    "P046" UnknownRule Error "unknown-rule"
        "The tests name a rule that this policy doesn't have, or a hit names one that no policy \
        has.";
    "P047" CyclicSignals Error "cyclic-signals"
        "Signals refer to each other in a circle, so none of them can be found first.";
    "P048" NoCategory Error "no-category"
        "A policy with rules says what kind of harm they find, or points could not be counted.";
    "P049" NoThresholds Error "no-thresholds"
        "A policy with rules has a `decide` list, or its points would change nothing.";
    "P060" TermWithoutWords Error "term-without-words"
        "After folding, nothing is left of the term, or nothing but punctuation or a wildcard: it \
        would match everywhere or nowhere.";
    "P061" DuplicateTerm Warning "duplicate-term"
        "Two terms of a signal fold to the same words: case, accents, apostrophes and hyphens make \
        no difference. One of them can go.";
    "P062" TooManyAlternatives Error "too-many-alternatives"
        "The term's alternatives multiply beyond what one term may stand for. Use `near` over \
        several short signals instead.";
    "P063" BadTerm Error "bad-term"
        "In a term, `(a|b)` are alternatives, `*` at an end of a word is any continuation, `*` \
        alone is any one word, `...` is a gap of a few words. Brackets must be closed and can't be \
        nested.";
    "P064" BadRegex Error "bad-regex"
        "The regular expression can't be read. The syntax is that of the Rust `regex` crate: no \
        look-around and no back-references, which is what makes it linear.";
    "P065" RegexMatchesEmpty Error "regex-matches-empty"
        "The regular expression matches the empty text, so it would hit every post.";
    "P066" RegexTooBig Error "regex-too-big"
        "The regular expression is longer, or compiles to something bigger, than a rule may cost.";
    "P067" RegexNeverMatches Error "regex-never-matches"
        "The expression wants a character that its view never holds: `plain` and `spelled` are \
        lower case, without accents, with straight quotes and plain dashes. Write the folded form, \
        or read `view: raw`.";
    "P068" RegexWithoutLiteral Warning "regex-without-literal"
        "No word or literal text is required by the expression, so it is tried at every place of \
        every post. Begin or end it with something fixed, or use a detector.";
    "P069" MissingTwin Warning "missing-twin"
        "Words are given in one language only. Posts in the other one pass unseen; if the words \
        are the same in both, put them under `any`.";
    "P070" HiddenCharacter Error "hidden-character"
        "The text holds an invisible character (zero-width, bidirectional control, soft hyphen) \
        that no reader of the policy can see.";
    "P071" WideRegex Warning "wide-regex"
        "`.*` at the beginning or end of an expression changes nothing about what is found, but \
        makes the evidence a whole line.";
    "P080" EmptyRule Error "empty-rule"
        "A rule without a condition would fire on every post.";
    "P081" ConditionTooDeep Error "condition-too-deep"
        "Conditions nest deeper than a reader can follow. Name the inner part as a signal.";
    "P082" UnreachableRule Error "unreachable-rule"
        "The condition contradicts itself: it can never hold.";
    "P083" UnreachableThreshold Error "unreachable-threshold"
        "All rules of the category together, with all boosts, do not reach this many points.";
    "P084" DisorderedThresholds Error "disordered-thresholds"
        "More points must never lead to a milder action, and each action and each number stands \
        once.";
    "P085" ObservedOnly Warning "observed-only"
        "The rule's points, boosts included, stay below the lowest threshold: alone it changes \
        nothing.";
    "P086" UselessBoost Warning "useless-boost"
        "The boost can't change the points: its condition is already required by the rule or \
        excluded by it.";
    "P087" RepeatedName Warning "repeated-name"
        "The same name stands twice in one list.";
    "P088" UnusedSignal Warning "unused-signal"
        "No rule of any policy uses this signal. A name is probably misspelt, or the signal can \
        go.";
    "P089" NearNeedsTwo Error "near-needs-two"
        "`near` looks for several signals close together: give it at least two.";
    "P090" UselessException Error "useless-exception"
        "The exception refers to the signal it belongs to, so it would drop everything or \
        nothing.";
    "P091" NarrowSpan Error "narrow-span"
        "`span` counts the words of a `near` from first to last, its signals included: fewer words \
        than signals can't hold them.";
    "P092" ConstantComparison Error "constant-comparison"
        "A count or length is a whole number from 0 up. This comparison holds for all of them, or \
        for none.";
    "P093" IdleThresholds Warning "idle-thresholds"
        "No policy of this category has rules, so its points stay 0 and the thresholds are never \
        reached.";
    "P100" NoHitExample Error "no-hit-example"
        "A rule without an example that it must hit proves nothing. Write at least one.";
    "P101" NoMissExample Error "no-miss-example"
        "A rule without an example that it must leave alone will silence somebody. Write at least \
        one: a quotation, a report, a neighbouring meaning.";
    "P102" OneLanguageTested Warning "one-language-tested"
        "The rule's examples are all in one language. Examples can be grouped as `examples: {en: \
        [...], fr: [...]}`.";
    "P103" ContradictoryExample Error "contradictory-example"
        "The same post must both hit and miss the same rule.";
    "P104" RepeatedExample Warning "repeated-example"
        "The same example stands twice in one list.";
    "P110" DuplicateName Error "duplicate-name"
        "Counters, trends and sequences of a policy share their names, since rungs refer to them \
        without saying which; ladders are unique in the pack, rungs in their ladder, findings in \
        their rung. What is remembered is remembered by name.";
    "P111" UnknownCategory Error "unknown-category"
        "No policy with rules has this category, so no post can be such a hit.";
    "P112" UnknownHit Error "unknown-hit"
        "Nothing declares a hit of this name under `hits:`. Those of other policies are named \
        `policy/hit`.";
    "P113" UnknownMeasure Error "unknown-measure"
        "No counter, trend or sequence has this name. Those of other policies are named \
        `policy/measure`.";
    "P114" UnknownLadder Error "unknown-ladder"
        "No ladder of the pack has this name.";
    "P115" UnknownRung Error "unknown-rung"
        "The ladder has no rung of this name.";
    "P116" UnknownFinding Error "unknown-finding"
        "No rung of the ladder has a finding of this name.";
    "P117" UnknownPost Error "unknown-post"
        "A story speaks of a post that is not posted in it, or is only posted later.";
    "P118" TooMany Error "too-many"
        "State is kept for everybody that posts touch, so what is measured for each has a limit.";
    "P120" UnfedHit Error "unfed-hit"
        "No post can be such a hit: no rule gives so many points there, or no policy advises so \
        strict an action. Whatever is measured by it stays at nothing.";
    "P121" RungWithoutTarget Error "rung-without-target"
        "A hit of a ladder is a target that reached a rung of it, so the ladder must follow \
        targets.";
    "P122" CyclicLadders Error "cyclic-ladders"
        "Ladders feed on each other's rungs in a circle, so none of them can be climbed first.";
    "P123" ShortPast Error "short-past"
        "A trend compares a window with the past before it. A past shorter than the window says \
        nothing about it.";
    "P124" SameSequence Warning "same-sequence"
        "What comes first and what follows are the same hits: a counter says that better.";
    "P125" EmptyRung Error "empty-rung"
        "A rung that asks for nothing would be entered by everybody.";
    "P126" UnreachableRung Error "unreachable-rung"
        "What the rung asks for can never hold: its numbers contradict each other, or ask of one \
        subject what it can't have. An author has one author, a target one target.";
    "P127" SkippedRung Warning "skipped-rung"
        "Whatever leads to this rung leads to a higher one at once, so nobody ever stands on it. \
        Ask for more on the higher rung, or for less on this one.";
    "P128" NoWayOut Error "no-way-out"
        "Whoever reaches the rung would stand on it forever. Say how it is left: `leave: {quiet: \
        14d}`, `leave: {by: person}`, or both.";
    "P129" ShortQuiet Warning "short-quiet"
        "Quiet beats windows: when quiet has led down, what was counted is forgotten. A window that \
        is longer promises to look back further than it does, and whether it does is chance: one \
        small hit in between keeps everything alive. Let quiet last at least as long as the longest \
        window of the rung.";
    "P130" OneAuthorSuffices Warning "one-author-suffices"
        "One furious person could bring a whole community here. Ask for several authors: a counter \
        or trend of `authors`, a sequence with `authors: 2`, or targets on a rung that asks for \
        them.";
    "P131" UnusedHit Warning "unused-hit"
        "No counter, trend or sequence looks at these hits. A name is probably misspelt, or the \
        hit can go.";
    "P132" UnusedMeasure Warning "unused-measure"
        "No rung of any ladder asks for this counter, trend or sequence. A name is probably \
        misspelt, or it can go.";
    "P140" NoReachingStory Error "no-reaching-story"
        "A rung that no story reaches proves nothing. Write one: a `timeline` under `tests` whose \
        `expect` names the rung.";
    "P141" NoSparingStory Error "no-sparing-story"
        "A rung that every story reaches will one day be reached by somebody who does no harm. \
        Write a story that stays below it: a quarrel, a report, a single outburst, a community \
        that moderates itself.";
}
