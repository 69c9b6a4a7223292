//! Every bound of the engine, each with its reason. Nothing else in the code holds a bare limit.

/// Bytes of one post's text that are judged. Longer posts are cut at a character boundary and the
/// decision says so: forums allow some 30–60 kB, and a bound keeps one post from starving the rest.
pub const POST_BYTES_MAX: usize = 1 << 20;

/// Bytes of a post up to which the memory that judging it took is kept for the next one.
pub const DESK_BYTES_KEPT_MAX: usize = 256 << 10;

/// Bytes of one record of a dump, as an NDJSON line. A post of [`POST_BYTES_MAX`] with every byte `\u00XX`-escaped fits.
pub const LINE_BYTES_MAX: usize = 16 << 20;

/// Bytes of one policy file. The largest hand-written pack seen is a few hundred kilobytes.
pub const POLICY_BYTES_MAX: usize = 8 << 20;

/// YAML nodes of one policy file, aliases expanded: what an alias bomb runs into.
pub const POLICY_NODES_MAX: usize = 1_000_000;

/// Bytes of text in those nodes: what an alias bomb of few but long texts runs into.
pub const POLICY_TEXT_BYTES_MAX: usize = 4 * POLICY_BYTES_MAX;

/// How deep YAML may nest. The deepest sensible policy reaches 9.
pub const POLICY_DEPTH_MAX: usize = 48;

/// Diagnostics shown for one file: after so many, the first ones are the ones to mend.
pub const DIAGNOSTICS_PER_FILE_MAX: usize = 200;

/// Readings that one term's alternatives `(a|b)` may have: what verifying it takes at most.
pub const TERM_EXPANSION_MAX: usize = 4_096;

/// Readings that all terms of a pack may have together: what checking them takes.
pub const PHRASES_MAX: usize = 1 << 20;

/// Words that a gap `...` inside a term may skip.
pub const TERM_GAP_WORDS_MAX: usize = 4;

/// Gaps in one term: each multiplies the places that must be tried.
pub const TERM_GAPS_MAX: usize = 2;

/// Characters that may stand between two neighbouring words of a phrase: more is a layout, not a
/// phrase.
pub const TERM_SEPARATOR_CHARS_MAX: usize = 8;

/// Bytes of a regex as written.
pub const REGEX_BYTES_MAX: usize = 4_096;

/// Bytes of a compiled regex program: stops `(\pL{1000}){1000}`.
pub const REGEX_PROGRAM_BYTES_MAX: usize = 1 << 20;

/// Bytes of text up to which an expression is run by backtracking, which remembers each pair of
/// state and byte: beyond, an automaton is made for it.
pub const BACKTRACK_BYTES_MAX: usize = 512;

/// Bytes of the table that tries all expressions for numbers at once: some thousands of expressions.
pub const NUMBER_AUTOMATON_BYTES_MAX: usize = 64 << 20;

/// How deep `when` may nest `all`, `any` and `none`.
pub const CONDITION_DEPTH_MAX: usize = 8;

/// Pieces of evidence that one decision carries.
pub const EVIDENCE_MAX: usize = 64;

/// Places that are looked at while the evidence of one rule is gathered: windows inside windows of a
/// post made for it would otherwise multiply.
pub const EVIDENCE_STEPS_MAX: usize = 4_096;

/// Targets that one post may name; a post that mentions everybody targets nobody.
pub const TARGETS_MAX: usize = 32;

/// Points of one category never exceed this, whatever the rules add up to.
pub const POINTS_MAX: u32 = 100;

/// Steps through the lexicon that reading one disguised word may take. `k**l` takes some 700 in a
/// lexicon of 100,000 words; hardly any word needs more.
pub const SPELLED_STEPS_MAX: u32 = 1_024;

/// Words that a token with hidden letters is taken for, commonest first; its neighbours choose among
/// them. Beyond the first few they are rare words, and time grows with their square.
pub const SPELLED_OPTIONS_MAX: usize = 8;

/// Letters of a word that disguises are undone into. Longer words are found as written only.
pub const SPELLED_WORD_LETTERS_MAX: usize = 32;

/// Letters without word bounds that are read together. A longer run of single letters, as in
/// `k i l l`, is read in parts; longer letters without any separator are no words.
pub const SPELLED_RUN_LETTERS_MAX: usize = 256;

/// Bytes before and after a span in which a detector looks for words that say what it is: about
/// one clause.
pub const CONTEXT_BYTES_MAX: usize = 48;

/// Digits that a detector reads as one number. The longest, a payment card, has 19.
pub const NUMBER_DIGITS_MAX: u32 = 19;

/// Bytes of one link. Longer ones are cut: what matters is where they lead.
pub const URL_BYTES_MAX: usize = 2_048;

/// Words after a house number among which the name of its street must end: "Avenue of the Americas"
/// and its like take five.
pub const ADDRESS_NAME_WORDS_MAX: usize = 9;

/// Words after a street among which its town, state and postal code must end. "Salt Lake City,
/// District of Columbia" and a country take eight.
pub const ADDRESS_PLACE_WORDS_MAX: usize = 9;

/// Words before a postal code among which "zip code" or "code postal" must stand.
pub const POSTAL_CONTEXT_WORDS_MAX: usize = 4;

/// Bytes between two words of one address: a comma, a line break and an indent.
pub const ADDRESS_GAP_BYTES_MAX: usize = 24;

/// How deep folders of policies may nest. Links can't lead in circles, but chains can be built.
pub const FOLDER_DEPTH_MAX: usize = 32;

/// Bytes of records that one thread works on at a time: enough that handing them over costs nothing
/// beside judging them, little enough that a slow pipe is answered soon.
pub const CHUNK_BYTES: usize = 256 << 10;

/// Base-2 logarithm of the memory that unpacking a zstd dump may take: archives of forums are packed
/// with `--long=31`.
pub const ZSTD_WINDOW_LOG_MAX: u32 = 31;

/// Unreadable lines of one dump that are told one by one; after so many, it is the wrong file.
pub const BAD_RECORDS_SHOWN_MAX: usize = 100;

/// Cases of each kind of subject that the page of an audit shows, the most serious first: more are
/// not read by people, and stand in `cases.ndjson`.
pub const REPORT_CASES_MAX: usize = 25;

/// Recommendations listed at the head of that page.
pub const REPORT_ADVICE_MAX: usize = 20;

/// Steps of one case that the page tells, the latest.
pub const REPORT_STEPS_MAX: usize = 20;

/// Posts that the page names for one step or finding.
pub const REPORT_POSTS_MAX: usize = 12;

/// Posts that the picture of one case marks.
pub const REPORT_MARKS_MAX: usize = 200;

/// Bars in one picture: on the screen of a telephone each still has two pixels.
pub const REPORT_BARS_MAX: usize = 120;

/// Categories that are pictured over time, the most frequent.
pub const REPORT_CATEGORIES_MAX: usize = 12;

/// Characters of an id on the page. Forums' own are shorter; longer ones are made to hurt.
pub const REPORT_ID_CHARS_MAX: usize = 48;

/// Characters of a post's words on the page, where they are wanted at all.
pub const REPORT_WORDS_CHARS_MAX: usize = 280;

/// Characters of the facts of a statement of reasons: what the EU's transparency database takes.
pub const STATEMENT_FACTS_CHARS_MAX: usize = 5_000;

/// Characters of its ground, likewise.
pub const STATEMENT_GROUND_CHARS_MAX: usize = 500;

/// Characters of its explanation, likewise.
pub const STATEMENT_EXPLANATION_CHARS_MAX: usize = 2_000;

/// Characters of its unique name, likewise.
pub const STATEMENT_PUID_CHARS_MAX: usize = 500;

/// Bytes of a file that holds an evidence key: a name and a secret in hexadecimal.
pub const KEY_FILE_BYTES_MAX: usize = 4_096;

/// Bytes of the secret of an evidence key. Shorter ones can be guessed together with the address.
pub const KEY_BYTES_MIN: usize = 16;

/// Hours of the longest window, quiet or past of a ladder: somewhat more than a year. What lies
/// further back says little about today, and state would never be let go.
pub const WINDOW_HOURS_MAX: u32 = 400 * 24;

/// Hours that the story of a test may last: the longest window, and again as long to see it end.
pub const STORY_HOURS_MAX: u32 = 2 * WINDOW_HOURS_MAX;

/// Counters, trends and sequences of a pack: each is taken for every subject that a hit touches.
pub const MEASURES_MAX: usize = 256;

/// Ladders of a pack.
pub const LADDERS_MAX: usize = 32;

/// Rungs of one ladder: more steps than people can tell apart.
pub const RUNGS_MAX: usize = 12;

/// Findings of one rung.
pub const FINDINGS_MAX: usize = 24;

/// The largest number that a ladder may ask for: no more hits of one subject are remembered, see
/// [`HITS_PER_SUBJECT_MAX`].
pub const MEASURED_MAX: u32 = 8_192;

/// People that may be asked to sign one recommendation.
pub const SIGNATURES_MAX: u32 = 9;

/// How often one event of a story may repeat.
pub const REPEATS_MAX: u32 = 5_000;

/// Events of all stories of one policy, repeated ones written out.
pub const STORY_EVENTS_MAX: usize = 50_000;

/// Subjects that are followed at once: some two kilobytes each, a fifth of that at rest. As many posts are
/// remembered, some 600 bytes each.
pub const SUBJECTS_MAX: usize = 1_000_000;

/// Subjects that a sidecar may be told to follow at the least: fewer than the people of one thread would be
/// forgotten while they are hunted.
pub const SUBJECTS_MIN: usize = 1_000;

/// Hits of one subject that can still be withdrawn or answered, and that one measure counts: a board of some
/// thousand threats a month. What older ones led to stays.
pub const HITS_PER_SUBJECT_MAX: usize = 8_192;

/// Firsts of a sequence that wait at once for what follows, in one subject.
pub const SEQUENCES_OPEN_MAX: usize = 1_024;

/// Hits of a thread, the newest, that tell whom it is about. Whom a thread turned to since then, it is
/// about; and the last word of a huge thread costs no more than the first.
pub const THREAD_HITS_LOOKED_AT_MAX: usize = 64;

/// Steps of one case that are kept: the newest. A case that goes up and down more often is told by
/// its newest steps as well.
pub const STEPS_PER_CASE_MAX: usize = 64;

/// Posts that one step of a case names as evidence: more than a person reads.
pub const EVIDENCE_PER_STEP_MAX: usize = 32;

/// Bytes of an audit's journal that are sorted in memory at once.
pub const AUDIT_RUN_BYTES: usize = 64 << 20;

/// Bytes of a sorted part of the journal that are read at once.
pub const AUDIT_READ_BYTES: usize = 128 << 10;

/// Sorted parts of the journal that are read together. Open files are bounded everywhere.
pub const AUDIT_MERGE_MAX: usize = 128;

/// Bytes of an audit's journal after which it is made durable: a second of work, about.
pub const AUDIT_CHECKPOINT_BYTES: u64 = 32 << 20;

/// Records of a dump after which what was done is made durable, unless it is told otherwise: a second
/// of work, about.
pub const AUDIT_CHECKPOINT_RECORDS: u64 = 500_000;

/// Hours that a record may be dated after its dump was made: time zones that somebody forgot.
pub const DATES_AHEAD_HOURS_MAX: u32 = 24;

/// Days without any record behind which the last records of a dump are not believed when they are few:
/// no ladder looks back further, so they would end everything.
pub const MISDATED_GAP_DAYS_MIN: i64 = 366;

/// How many such records there may be, beside one: of a thousand in the dump.
pub const MISDATED_IN_A_THOUSAND_MAX: u64 = 1;

/// And they are never more than one in so many: of two posts nobody knows which is dated wrong.
pub const MISDATED_SHARE_INVERSE_MIN: u64 = 10;

/// Words of one alias of a protected person. The longest names of people and streets have ten.
pub const REGISTERED_WORDS_MAX: usize = 12;

/// Letters of the shortest name that may be registered: shorter ones stand in posts about anything.
pub const REGISTERED_LETTERS_MIN: usize = 4;

/// Bytes between two words of a registered name: more is a layout, not a name.
pub const REGISTERED_GAP_BYTES_MAX: usize = 8;

/// Bytes of a registry file. An alias takes some 200; a million of them fit.
pub const REGISTRY_BYTES_MAX: usize = 256 << 20;

/// Bytes of a dump that are looked at to know its format and its columns: the longest first record
/// that leaves a doubt.
pub const SNIFF_BYTES_MAX: usize = 1 << 20;

/// Columns of a table in a dump. The widest export of a forum has some hundreds.
pub const COLUMNS_MAX: usize = 4_096;

/// Bytes of one SQL statement before its rows, or of a table's definition.
pub const STATEMENT_BYTES_MAX: usize = 1 << 20;

/// Bytes that the names of a forum's accounts take while its posts are read: some millions of
/// accounts. Posts of the others carry the account's number.
pub const ACCOUNT_NAMES_BYTES_MAX: usize = 128 << 20;

/// Things that labels may expect: one bit each. Packs have some ten categories.
pub const EVAL_CLASSES_MAX: usize = 64;

/// Labels by which posts are grouped: more is no report that anybody reads.
pub const EVAL_GROUPS_MAX: usize = 1_000;

/// Posts that are remembered so that their twins find them: some 32 bytes each.
pub const EVAL_TWINS_MAX: usize = 4_000_000;

/// Bytes of a configuration file: a few dozen settings.
pub const CONFIG_BYTES_MAX: usize = 64 << 10;

/// Bytes of the largest body that may be allowed: one request must not take the machine's memory.
pub const BODY_BYTES_CEILING: usize = 64 << 20;

/// Bytes of a body up to which posts are judged where the request stands; longer ones would keep the
/// thread from other requests.
pub const JUDGED_INLINE_BYTES_MAX: usize = 64 << 10;

/// Posts, or outcomes, of one request. What a forum sends together is a page of a thread or an import.
pub const BATCH_MAX: usize = 1_024;

/// Lines of a stream that are judged and made durable together.
pub const STREAM_BATCH_MAX: usize = 256;

/// Parts of a stream's answer that wait for a slow reader, before reading stops too.
pub const STREAM_PARTS_MAX: usize = 4;

/// Seconds without a byte after which a stream is over: a live feed may be quiet for a while.
pub const STREAM_IDLE_SECONDS: u64 = 120;

/// Seconds that a request's body may take to arrive: slower ones hold a place that others need.
pub const BODY_SECONDS: u64 = 10;

/// Seconds that a request's head may take to arrive, and a connection may be idle.
pub const HEAD_SECONDS: u64 = 30;

/// Seconds that the handshake of TLS may take.
pub const HANDSHAKE_SECONDS: u64 = 10;

/// Bytes of a request's head. What proxies and browsers add takes a few thousand; HTTP/1 itself
/// stops at a hundred fields.
pub const HEAD_BYTES_MAX: usize = 32 << 10;

/// Requests of one HTTP/2 connection at once.
pub const HTTP2_STREAMS_MAX: u32 = 256;

/// Requests that may be worked on at once, at most: each holds a body.
pub const IN_FLIGHT_CEILING: usize = 65_536;

/// Connections to a Unix socket that wait to be accepted: as many as the standard library lets wait for TCP.
pub const WAITING_CONNECTIONS: u32 = 1_024;

/// Connections that may be open at once, at most: each is a file to the system.
pub const CONNECTIONS_CEILING: usize = 65_536;

/// Happenings that are made durable together: beyond, the first of them would wait for too long.
pub const COMMIT_MAX: usize = 4_096;

/// Seconds of the longest deadline.
pub const SERVE_SECONDS_MAX: u32 = 3_600;

/// Seconds after which a refused caller should try again: an overload of a queue is over by then.
pub const RETRY_SECONDS: u32 = 1;

/// Microseconds that durable posts may wait for a turn of a thread, in the mean, before they are answered. Beyond,
/// fewer are let in: a processor answers some tens of posts in it, and whoever stands at the door waits as long
/// once more.
pub const TURN_MICROS_MAX: u64 = 1_000;

/// Milliseconds over which that mean is taken: some tens of flushes of a good disk.
pub const TURN_WINDOW_MILLIS: u64 = 50;

/// Posts that are turned away for each that is answered, at most, before more are let in again. With a thousand
/// connections a refusal costs nearly half of an answer, most of it in the system: two of them cost as much.
pub const REFUSED_A_TURN_MAX: u64 = 2;

/// Milliseconds without any turn after which it is no more known how long one takes: overloads are told of many
/// times a second.
pub const TURN_OLD_MILLIS: u64 = 1_000;

/// Posts that are always let in to wait, however long that takes: two pages of a forum at once.
pub const WAITING_MIN: usize = 32;

/// Bytes of a body that came with its head: so much is read from a connection at once. Of posts that are turned
/// away, what is longer is read to its end beside the answer.
pub const TURNED_AWAY_BYTES: u64 = 6 << 10;

/// Threads of the sidecar.
pub const THREADS_MAX: usize = 1_024;

/// Hours that a post's time may lie ahead of ours. Later ones are mistakes, and would make everything
/// that is told after them late.
pub const AHEAD_HOURS_MAX: u32 = 24;

/// Milliseconds by which a hit may lie ahead of our clock and still be answered by a closing that is made
/// now: so much do the clocks of a forum and of the sidecar differ.
pub const CLOSING_AHEAD_MILLIS: u32 = 5_000;

/// Keys of callers.
pub const API_KEYS_MAX: usize = 1_024;

/// Bytes of a file of them.
pub const API_KEY_FILE_BYTES_MAX: usize = 256 << 10;

/// Characters of a caller's name.
pub const API_KEY_NAME_CHARS_MAX: usize = 64;

/// Bytes of a file of a hook's secrets.
pub const SECRETS_BYTES_MAX: usize = 16 << 10;

/// Bytes of a certificate chain or of a private key.
pub const PEM_BYTES_MAX: usize = 256 << 10;

/// Rules that are counted by name: each is a series of its own in every database of metrics.
pub const RULE_LABELS_MAX: usize = 1_000;

/// Cases on one page of an answer, unless the caller says how many.
pub const CASES_PAGE: usize = 100;

/// Cases on one page of an answer, at most.
pub const CASES_PAGE_MAX: usize = 1_000;

/// Milliseconds without a change after which changed policies are read: editors and Kubernetes change
/// several files at once.
pub const WATCH_QUIET_MILLIS: u64 = 250;

/// Seconds between two counts of all cases for the metrics: they are looked through one by one.
pub const COUNT_SECONDS: u64 = 10;

/// Diagnostics in one answer.
pub const DIAGNOSTICS_TOLD_MAX: usize = 100;

/// Bytes of a comment in Perspective's shape: what that API takes.
pub const PERSPECTIVE_BYTES_MAX: usize = 20_480;

/// Bytes of one file of the decision log: some 200,000 lines, read again in a second or two.
pub const LOG_SEGMENT_BYTES: u64 = 64 << 20;

/// Happenings after which a snapshot is taken: what a restart tells again takes a second or two.
pub const SNAPSHOT_POSTS: u64 = 500_000;

/// Bytes of the salt of a line of the decision log: nobody can try them all.
pub const LOG_SALT_BYTES: usize = 16;

/// Bytes that must fit on a disk that was full before happenings are taken in again.
pub const LOG_PROBE_BYTES: usize = 1 << 20;

/// Snapshots that are kept: when the newest is damaged, the one before is not.
pub const SNAPSHOTS_KEPT: usize = 2;

/// Posts that are recognised when they are told again: a client that tries once more does so within
/// minutes, some hundred thousand posts.
pub const RECENT_POSTS_MAX: usize = 1 << 19;

/// Bytes of an id that is told to the sidecar. Forums' own have some tens; URLs as ids fit.
pub const ID_BYTES_MAX: usize = 4_096;
