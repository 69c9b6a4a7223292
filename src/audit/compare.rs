//! Two versions of policies on the same dumps: which posts get another action, which subjects come to
//! another rung. Both go the way of an audit, and what they found is laid side by side.

use super::counts::Counts;
use super::entry::{Entry, What, identity};
use super::error::Error;
use super::fold::{damaged, fold};
use super::sort::{Run, Sorted};
use super::{Job, Watch, gather};
use crate::model::{Action, Case, Subject, Timestamp};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What changes between two versions of policies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Posts that were judged.
    pub judged: u64,
    /// Records that could not be read.
    pub bad: u64,
    /// Posts with another action, by the old and the new one.
    pub actions: BTreeMap<(Action, Action), u64>,
    /// Posts with the same action for other points or categories.
    pub points: u64,
    /// Posts on which each rule in shadow fired, by the old policies and by the new ones. That changes
    /// nothing.
    pub shadow: BTreeMap<Arc<str>, (u64, u64)>,
    /// Posts with another action, in the order of time; as many as were asked for.
    pub posts: Vec<PostChange>,
    /// Subjects that stand on another rung at the end, or ever reached another one.
    pub cases: u64,
    /// Those of them that are targets.
    pub targets: u64,
    /// Changes of cases, by kind and id of the subject; as many as were asked for.
    pub subjects: Vec<CaseChange>,
}

/// A post with another action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostChange {
    /// The post's id.
    pub post: String,
    /// The action by the old policies.
    pub old: Action,
    /// The action by the new ones.
    pub new: Action,
    /// Its categories by the old policies.
    pub old_categories: Vec<String>,
    /// Its categories by the new ones.
    pub new_categories: Vec<String>,
}

/// A case that ends otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseChange {
    /// Whom or what it is about.
    pub subject: Subject,
    /// The ladder, by name.
    pub ladder: Arc<str>,
    /// Where it got to by the old policies.
    pub old: Standing,
    /// Where it got to by the new ones.
    pub new: Standing,
}

/// Where a subject got to on a ladder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The rung it stands on at the end; none: on no rung.
    pub at_end: Option<Arc<str>>,
    /// The rungs it ever went up to, in order.
    pub reached: Vec<Arc<str>>,
}

impl Comparison {
    /// Whether anything changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty() && self.points == 0 && self.cases == 0
    }

    /// Posts with another action.
    #[must_use]
    pub fn posts_changed(&self) -> u64 {
        self.actions.values().sum()
    }
}

/// Lays two audits of the same dumps side by side. Their folders are room for work: nothing is left
/// there that anybody needs. Lists at most `limit` posts and as many cases.
///
/// # Errors
/// Those of [`run`](super::run).
pub fn compare(old: &Job<'_>, new: &Job<'_>, limit: usize) -> Result<Comparison, Error> {
    let mut comparison = Comparison::default();
    let (before, after) = (gather(old)?, gather(new)?);
    let mut counts = Counts::default();
    counts.add(&after.manifest.counts);
    comparison.bad = after.manifest.dumps.iter().map(|dump| dump.bad).sum();
    posts(&before.runs, &after.runs, limit, &mut comparison)?;
    let until = after.manifest.dates.believed_until(new.now);
    let (old_cases, old_shadow) = cases(old, &before.runs, until, &mut Counts::default())?;
    let (new_cases, new_shadow) = cases(new, &after.runs, until, &mut counts)?;
    for (rule, posts) in old_shadow {
        comparison.shadow.entry(rule).or_default().0 = posts;
    }
    for (rule, posts) in new_shadow {
        comparison.shadow.entry(rule).or_default().1 = posts;
    }
    comparison.judged = counts.posts();
    compare_cases(&old_cases, &new_cases, limit, &mut comparison);
    Ok(comparison)
}

/// Posts on which each rule in shadow fired.
type Shadow = BTreeMap<Arc<str>, u64>;

fn cases(
    job: &Job<'_>,
    runs: &[Run],
    until: Timestamp,
    counts: &mut Counts,
) -> Result<(Vec<Case>, Shadow), Error> {
    let escalation = &job.engine.ruleset().pack().escalation;
    let mut done = 0;
    let watch: &dyn Watch = job.watch;
    let (folded, mut state) = fold(runs, escalation, (0, until), |_, _, bytes| {
        done += bytes as u64;
        watch.folded(done);
        Ok(())
    })?;
    counts.add(&folded.counts);
    let shadow = folded.found.shadow.into_iter();
    let shadow = shadow.map(|(rule, posts)| (rule, posts.iter().sum()));
    Ok((state.cases(), shadow.collect()))
}

/// Goes through both journals side by side. A post that only one of them holds was of no account to
/// the other.
fn posts(old: &[Run], new: &[Run], limit: usize, comparison: &mut Comparison) -> Result<(), Error> {
    let (mut old, mut new) = (Posts::of(old)?, Posts::of(new)?);
    loop {
        let order = match (old.is_there, new.is_there) {
            (false, false) => return Ok(()),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (true, true) => identity(&old.bytes).cmp(identity(&new.bytes)),
        };
        let before = order.is_le().then(|| Entry::read(&old.bytes));
        let after = order.is_ge().then(|| Entry::read(&new.bytes));
        let before = before.map(|it| it.ok_or_else(damaged)).transpose()?;
        let after = after.map(|it| it.ok_or_else(damaged)).transpose()?;
        compare_post(before.as_ref(), after.as_ref(), limit, comparison);
        if order.is_le() {
            old.advance()?;
        }
        if order.is_ge() {
            new.advance()?;
        }
    }
}

/// The posts among sorted entries.
struct Posts {
    sorted: Sorted,
    bytes: Vec<u8>,
    is_there: bool,
}

impl Posts {
    fn of(runs: &[Run]) -> Result<Self, Error> {
        let mut posts = Self {
            sorted: Sorted::of(runs)?,
            bytes: Vec::new(),
            is_there: true,
        };
        posts.advance()?;
        Ok(posts)
    }

    fn advance(&mut self) -> Result<(), Error> {
        loop {
            self.is_there = self.sorted.next(&mut self.bytes)?;
            let is_post = || Entry::read(&self.bytes).is_none_or(|it| it.what == What::Posted);
            if !self.is_there || is_post() {
                return Ok(());
            }
        }
    }
}

fn compare_post(
    old: Option<&Entry<'_>>,
    new: Option<&Entry<'_>>,
    limit: usize,
    comparison: &mut Comparison,
) {
    let action = |entry: Option<&Entry<'_>>| entry.map_or(Action::Allow, |it| it.action);
    let (before, after) = (action(old), action(new));
    let categories = |entry: Option<&Entry<'_>>| -> Vec<String> {
        let categories = entry.map(|it| it.body.categories.as_slice());
        let categories = categories.unwrap_or_default().iter();
        categories.map(|it| (*it).to_owned()).collect()
    };
    if before == after {
        let points = |entry: Option<&Entry<'_>>| entry.map_or(0, |it| it.points);
        let differs = points(old) != points(new) || categories(old) != categories(new);
        comparison.points += u64::from(differs);
        return;
    }
    *comparison.actions.entry((before, after)).or_default() += 1;
    if comparison.posts.len() < limit
        && let Some(entry) = new.or(old)
    {
        comparison.posts.push(PostChange {
            post: entry.id.to_owned(),
            old: before,
            new: after,
            old_categories: categories(old),
            new_categories: categories(new),
        });
    }
}

fn compare_cases(old: &[Case], new: &[Case], limit: usize, comparison: &mut Comparison) {
    let mut both: BTreeMap<(&Subject, &Arc<str>), (Standing, Standing)> = BTreeMap::new();
    for case in old {
        both.entry((&case.subject, &case.ladder)).or_default().0 = standing(case);
    }
    for case in new {
        both.entry((&case.subject, &case.ladder)).or_default().1 = standing(case);
    }
    let mut last_target = None;
    for ((subject, ladder), (old, new)) in both {
        if old == new {
            continue;
        }
        comparison.cases += 1;
        if subject.kind == crate::model::SubjectKind::Target && last_target != Some(subject) {
            comparison.targets += 1;
            last_target = Some(subject);
        }
        if comparison.subjects.len() < limit {
            comparison.subjects.push(CaseChange {
                subject: subject.clone(),
                ladder: Arc::clone(ladder),
                old,
                new,
            });
        }
    }
}

fn standing(case: &Case) -> Standing {
    let up = case.history.iter().filter(|step| step.up);
    Standing {
        at_end: case.rung.clone(),
        reached: up.filter_map(|step| step.rung.clone()).collect(),
    }
}
