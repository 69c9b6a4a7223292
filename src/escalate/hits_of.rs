//! From decisions to hits.

use crate::model::Decision;
use crate::policy::{Escalation, HitOf, KindId, Kinds};

/// What hits a decision is.
#[must_use]
pub fn hits_of(escalation: &Escalation, decision: &Decision) -> Kinds {
    if decision.reasons.is_empty() {
        return Kinds::default();
    }
    let kinds = escalation.kinds.iter().enumerate();
    let is = kinds.filter(|(_, kind)| is_hit(&kind.of, decision));
    is.map(|(at, _)| KindId(at)).collect()
}

fn is_hit(of: &HitOf, decision: &Decision) -> bool {
    match of {
        HitOf::Rung { .. } => false,
        HitOf::Decision {
            categories,
            rules,
            points,
            action,
        } => {
            let in_category = categories.iter().any(|category| {
                let reached = decision.categories.get(category);
                reached.is_some_and(|reached| reached >= points)
            });
            let by_rule = decision
                .reasons
                .iter()
                .any(|reason| rules.contains(&reason.rule) && reason.points >= *points);
            decision.action >= *action && (in_category || by_rule)
        }
    }
}
