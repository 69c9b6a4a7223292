//! How the page speaks: phrases, numbers and dates of one language, and names for what policies and
//! the engine know by short English words.

use super::Day;
use crate::model::{Action, Bilingual, Language, SubjectKind, Timestamp};
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// The page's language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speech(pub(super) Language);

impl Speech {
    /// The language's code.
    pub(super) fn code(self) -> &'static str {
        self.0.code()
    }

    /// One of two phrases that say the same.
    pub(super) fn say(self, en: &str, fr: &str) -> String {
        match self.0 {
            Language::En => en.to_owned(),
            Language::Fr => french(fr),
        }
    }

    /// What a policy says.
    pub(super) fn of(self, both: &Bilingual) -> String {
        self.say(&both.en, &both.fr)
    }

    /// `12,431` or `12 431`.
    pub(super) fn number(self, number: u64) -> String {
        let between = match self.0 {
            Language::En => ',',
            Language::Fr => '\u{202f}',
        };
        let digits = number.to_string();
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(between);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A number with what it counts: `(one, many)` in both languages.
    pub(super) fn count(self, number: u64, en: (&str, &str), fr: (&str, &str)) -> String {
        let what = match (self.0, number) {
            (Language::En, 1) => en.0,
            (Language::En, _) => en.1,
            (Language::Fr, 0 | 1) => fr.0,
            (Language::Fr, _) => fr.1,
        };
        format!("{}\u{a0}{what}", self.number(number))
    }

    /// `a, b and c`
    pub(super) fn list(self, items: &[String]) -> String {
        let and = self.say(" and ", " et ");
        match items.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, before)) => before.join(", ") + &and + last,
            None => String::new(),
        }
    }

    /// Posts.
    pub(super) fn posts(self, number: u64) -> String {
        self.count(number, ("post", "posts"), ("message", "messages"))
    }

    /// `0.7%` or `0,7 %`, in tenths; what is little but not nothing is not told as nothing.
    pub(super) fn share(self, part: u64, whole: u64) -> String {
        let whole = u128::from(whole.max(1));
        let permille = (u128::from(part) * 1_000 + whole / 2) / whole;
        let (less, permille) = match (part, permille) {
            (1.., 0) => ("<\u{a0}", 1),
            _ => ("", permille),
        };
        let (units, tenths) = (permille / 10, permille % 10);
        match self.0 {
            Language::En => format!("{less}{units}.{tenths}%"),
            Language::Fr => format!("{less}{units},{tenths}\u{202f}%"),
        }
    }

    /// `9 March 2026` or `9 mars 2026`.
    pub(super) fn day(self, day: Day) -> String {
        let date = civil(day.begins());
        let (month, year) = (self.month(date.month()), date.year());
        format!("{}\u{a0}{month} {year}", self.day_of_month(date))
    }

    /// `March 2026`.
    pub(super) fn month_and_year(self, day: Day) -> String {
        let date = civil(day.begins());
        format!("{} {}", self.month(date.month()), date.year())
    }

    /// `2026`.
    pub(super) fn year(self, day: Day) -> String {
        civil(day.begins()).year().to_string()
    }

    /// `9 March 2026, 14:05 UTC` or `9 mars 2026 à 14 h 05 UTC`.
    pub(super) fn instant(self, at: Timestamp) -> String {
        let time = civil(at);
        let (day, hour, minute) = (self.day(Day::of(at)), time.hour(), time.minute());
        match self.0 {
            Language::En => format!("{day}, {hour:02}:{minute:02}\u{a0}UTC"),
            Language::Fr => {
                format!("{day} à {hour}\u{a0}h\u{a0}{minute:02}\u{a0}UTC")
            }
        }
    }

    fn day_of_month(self, date: DateTime) -> String {
        match (self.0, date.day()) {
            (Language::Fr, 1) => "1er".to_owned(),
            (_, day) => day.to_string(),
        }
    }

    fn month(self, month: i8) -> &'static str {
        const EN: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        const FR: [&str; 12] = [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ];
        let names = match self.0 {
            Language::En => EN,
            Language::Fr => FR,
        };
        let at = usize::try_from(month - 1).unwrap_or_default();
        names.get(at).copied().unwrap_or_default()
    }

    /// What a subject is.
    pub(super) fn kind(self, kind: SubjectKind) -> String {
        match kind {
            SubjectKind::Target => self.say("Person aimed at", "Personne visée"),
            SubjectKind::Author => self.say("Account", "Compte"),
            SubjectKind::Thread => self.say("Thread", "Fil"),
            SubjectKind::Community => self.say("Community", "Communauté"),
        }
    }

    /// Several of them, at the head of a section.
    pub(super) fn kinds(self, kind: SubjectKind) -> String {
        match kind {
            SubjectKind::Target => self.say("People aimed at", "Personnes visées"),
            SubjectKind::Author => self.say("Accounts", "Comptes"),
            SubjectKind::Thread => self.say("Threads", "Fils de discussion"),
            SubjectKind::Community => self.say("Communities", "Communautés"),
        }
    }

    /// So many of them.
    pub(super) fn count_of(self, kind: SubjectKind, number: u64) -> String {
        let (en, fr) = match kind {
            SubjectKind::Target => (
                ("person aimed at", "people aimed at"),
                ("personne visée", "personnes visées"),
            ),
            SubjectKind::Author => (("account", "accounts"), ("compte", "comptes")),
            SubjectKind::Thread => (("thread", "threads"), ("fil", "fils")),
            SubjectKind::Community => (("community", "communities"), ("communauté", "communautés")),
        };
        self.count(number, en, fr)
    }

    /// What is advised for a post.
    pub(super) fn action(self, action: Action) -> String {
        match action {
            Action::Allow => self.say("Allow", "Laisser passer"),
            Action::Note => self.say("Note", "Noter"),
            Action::Review => self.say("Review", "Examiner"),
            Action::Hold => self.say("Hold", "Retenir"),
            Action::Remove => self.say("Remove", "Retirer"),
        }
    }

    /// The name of a rung. Those of foreign ladders are shown as they are.
    pub(super) fn rung(self, name: &str) -> String {
        let (en, fr) = match name {
            "watch" => ("Watch", "Veille"),
            "campaign" => ("Campaign", "Campagne"),
            "danger" => ("Danger", "Danger"),
            "warn" => ("Warning", "Avertissement"),
            "restrict" => ("Restriction", "Restriction"),
            "suspend" => ("Suspension", "Suspension"),
            "slow" => ("Slowing down", "Ralentissement"),
            "lock" => ("Locking", "Verrouillage"),
            "concern" => ("Concern", "Préoccupation"),
            "failing" => ("Failing", "Défaillance"),
            "deplatform" => ("Deplatforming", "Exclusion"),
            _ => return super::shown::id(name),
        };
        self.say(en, fr)
    }

    /// The name of a category. Those of foreign policies are shown as they are.
    pub(super) fn category(self, id: &str) -> String {
        let (en, fr) = match id {
            "danger.self_harm" | "self_harm.encouragement" => {
                ("Urging to self-harm", "Incitation à se faire du mal")
            }
            "harassment.doxxing" => (
                "Private details made public",
                "Divulgation d’informations privées",
            ),
            "harassment.hate" => ("Hate", "Haine"),
            "harassment.targeted" => ("Targeted harassment", "Harcèlement ciblé"),
            "violence.incitement" => ("Incitement to violence", "Incitation à la violence"),
            "violence.swatting" => ("False emergency calls", "Faux appels aux secours"),
            "violence.threats" => ("Threats", "Menaces"),
            _ => return super::shown::id(id),
        };
        self.say(en, fr)
    }
}

/// The civil time of an instant in UTC.
pub(super) fn civil(at: Timestamp) -> DateTime {
    let at = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
    Offset::UTC.to_datetime(at)
}

/// French writes blanks that don't break before its double signs and inside its quotation marks.
fn french(phrase: &str) -> String {
    const BLANKS: [(&str, &str); 7] = [
        (" :", "\u{a0}:"),
        (" ;", "\u{202f};"),
        (" !", "\u{202f}!"),
        (" ?", "\u{202f}?"),
        (" %", "\u{202f}%"),
        ("« ", "«\u{a0}"),
        (" »", "\u{a0}»"),
    ];
    let written = phrase.replace('\'', "’");
    BLANKS
        .iter()
        .fold(written, |phrase, (plain, kept)| phrase.replace(plain, kept))
}

#[cfg(test)]
mod tests {
    use super::{Day, Speech, Timestamp};
    use crate::model::Language;

    const EN: Speech = Speech(Language::En);
    const FR: Speech = Speech(Language::Fr);

    #[test]
    fn numbers_and_dates_are_written_as_the_language_does() {
        let at = Timestamp::parse("2026-03-01T09:05:00Z").unwrap();
        assert_eq!(EN.instant(at), "1\u{a0}March 2026, 09:05\u{a0}UTC");
        assert_eq!(
            FR.instant(at),
            "1er\u{a0}mars 2026 à 9\u{a0}h\u{a0}05\u{a0}UTC"
        );
        assert_eq!(EN.posts(1_234_567), "1,234,567\u{a0}posts");
        assert_eq!(FR.posts(12_431), "12\u{202f}431\u{a0}messages");
        assert_eq!(
            (EN.posts(0), FR.posts(0)),
            ("0\u{a0}posts".into(), "0\u{a0}message".into())
        );
        assert_eq!(
            (EN.share(7, 1_000), FR.share(7, 1_000)),
            ("0.7%".into(), "0,7\u{202f}%".into())
        );
        assert_eq!(EN.share(1, 100_000), "<\u{a0}0.1%");
        assert_eq!(EN.share(0, 0), "0.0%");
        assert_eq!(
            FR.say("", "C'est « ça » : oui !"),
            "C’est «\u{a0}ça\u{a0}»\u{a0}: oui\u{202f}!"
        );
        assert_eq!(EN.day(Day(-1)), "31\u{a0}December 1969");
    }
}
