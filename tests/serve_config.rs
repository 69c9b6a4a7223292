//! Settings: from flags, variables and a file; what is wrong with them, and where.

use vigie::serve::config::{Address, Effective, Given, SETTINGS};

fn of(
    flags: &[(&'static str, &str)],
    variables: &[(&str, &str)],
    file: &str,
) -> Result<Effective, String> {
    let flags = flags.iter().map(|(name, value)| {
        let given = Given {
            values: vec![(*value).to_owned()],
            place: format!("--{name}"),
        };
        (*name, given)
    });
    let variable = |asked: &str| {
        let found = variables.iter().find(|(name, _)| *name == asked);
        found.map(|(_, value)| (*value).to_owned())
    };
    let effective = Effective::of(flags.collect(), variable, Some(("vigie.yaml", file)));
    effective.map_err(|error| error.to_string())
}

#[test]
fn flags_go_before_variables_before_the_file_before_what_is_built_in() {
    let listen = |effective: Effective| effective.config.listen.to_string();
    let file = "listen: 127.0.0.1:3\n";
    assert_eq!(listen(of(&[], &[], "").unwrap()), "127.0.0.1:8080");
    assert_eq!(listen(of(&[], &[], file).unwrap()), "127.0.0.1:3");
    let variables = [("VIGIE_LISTEN", "localhost:2")];
    assert_eq!(listen(of(&[], &variables, file).unwrap()), "127.0.0.1:2");
    let flags = [("listen", "unix:/tmp/v.sock")];
    assert_eq!(
        listen(of(&flags, &variables, file).unwrap()),
        "unix:/tmp/v.sock"
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let cases: &[(&str, &str)] = &[
        (
            "listen: nowhere\n",
            "vigie.yaml:1:9: `nowhere` is no address",
        ),
        (
            "a: 1\n",
            "vigie.yaml:1:1: there is no setting of this name; there are: admin",
        ),
        (
            "state: x\nlistn: y\n",
            "vigie.yaml:2:1: there is no setting of this name; did you mean `listen`?",
        ),
        (
            "state: x\nstate: y\n",
            "vigie.yaml:2:1: `state` stands here twice",
        ),
        ("deadline: 0s\n", "vigie.yaml:1:11: `0s` is no time"),
        (
            "queue_max: 0\n",
            "vigie.yaml:1:12: `0` is no number between 1 and",
        ),
        ("enforce_level: 9\n", "vigie.yaml:1:16: `9` is no level"),
        (
            "watch: maybe\n",
            "vigie.yaml:1:8: `maybe` is neither true nor false",
        ),
        (
            "listen: [a]\n",
            "vigie.yaml:1:9: `listen` takes a single value",
        ),
        ("- a\n", "vigie.yaml:1:1: a configuration is a map"),
        ("listen: {\n", "vigie.yaml:"),
        (
            "listen: 0.0.0.0:80\n",
            "vigie.yaml:1:9: other machines reach this address, so callers need keys",
        ),
        ("tls_cert: a.pem\n", "vigie.yaml:1:11: needs `tls_key` too"),
        (
            "admin: 127.0.0.1:8080\n",
            "vigie.yaml:1:8: is the same as `listen`",
        ),
        (
            "retention: 1h\n",
            "vigie.yaml:1:12: `1h` is no time of a day and more",
        ),
    ];
    for (file, expected) in cases {
        let wrong = of(&[], &[], file).unwrap_err();
        assert!(wrong.contains(expected), "{file}: {wrong}");
    }
    let wrong = of(&[], &[("VIGIE_DRAIN", "soon")], "").unwrap_err();
    assert!(
        wrong.starts_with("VIGIE_DRAIN: `soon` is no time"),
        "{wrong}"
    );
    let wrong = of(&[("admin", "x")], &[], "").unwrap_err();
    assert!(wrong.starts_with("--admin: `x` is no address"), "{wrong}");
}

#[test]
fn what_is_printed_is_read_back() {
    let file = "listen: unix:/run/a \"b\".sock\npolicies: [one, two]\ndeadline: 500ms\n";
    let first = of(&[], &[("VIGIE_QUEUE_MAX", "7")], file).unwrap();
    let printed = first.print();
    assert!(
        printed.contains("queue_max: \"7\" # VIGIE_QUEUE_MAX"),
        "{printed}"
    );
    assert!(printed.contains("drain: \"25s\" # built in"), "{printed}");
    let second = of(&[], &[], &printed).unwrap();
    assert_eq!(first.config, second.config);
    assert_eq!(second.config.policies.len(), 2);
}

#[test]
fn settings_are_sorted_and_what_is_built_in_is_safe() {
    assert!(SETTINGS.is_sorted_by_key(|setting| setting.name));
    let config = of(&[], &[], "").unwrap().config;
    assert!(config.listen.is_local() && config.admin.is_local());
    assert_eq!(config.levels.observe, config.levels.enforce);
    assert!(!Address::parse("[::]:80").unwrap().is_local());
    assert!(Address::parse("[::1]:80").unwrap().is_local());
}
