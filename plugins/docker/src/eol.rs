//! Releases of base images that get no more security updates for free. Data, with the month of the last one: of Debian the end of the long
//! term support, of Ubuntu that of the standard one, of MySQL that of the extended one, of a line that stands for all below it (`node:0`,
//! `php:7`) that of the last. A line is here once its date has passed.
//!
//! Compared on 2026-11-26 with github.com/endoflife-date/endoflife.date, `products/*.md`, and what is younger than its copy with the projects'
//! own calendars: github.com/nodejs/Release, devguide.python.org, go.dev/doc/devel/release, mariadb.org/about, docs.aws.amazon.com/linux.

/// An image, and per line of it (a tag, or what a tag begins with) the end of its support.
type Image = (&'static str, &'static [(&'static str, &'static str)]);

const IMAGES: [Image; 17] = [
    (
        "debian",
        &[
            ("4", "2010-02"),
            ("5", "2012-02"),
            ("6", "2016-02"),
            ("7", "2018-05"),
            ("8", "2020-06"),
            ("9", "2022-06"),
            ("10", "2024-06"),
            ("11", "2026-08"),
        ],
    ),
    (
        "ubuntu",
        &[
            ("10.04", "2013-05"),
            ("12.04", "2017-04"),
            ("12.10", "2014-05"),
            ("13.04", "2014-01"),
            ("13.10", "2014-07"),
            ("14.04", "2019-04"),
            ("14.10", "2015-07"),
            ("15.04", "2016-02"),
            ("15.10", "2016-07"),
            ("16.04", "2021-04"),
            ("16.10", "2017-07"),
            ("17.04", "2018-01"),
            ("17.10", "2018-07"),
            ("18.04", "2023-05"),
            ("18.10", "2019-07"),
            ("19.04", "2020-01"),
            ("19.10", "2020-07"),
            ("20.04", "2025-05"),
            ("20.10", "2021-07"),
            ("21.04", "2022-01"),
            ("21.10", "2022-07"),
            ("22.10", "2023-07"),
            ("23.04", "2024-01"),
            ("23.10", "2024-07"),
            ("24.10", "2025-07"),
            ("25.04", "2026-01"),
            ("25.10", "2026-07"),
        ],
    ),
    (
        "alpine",
        &[
            ("2", "2015-11"),
            ("3.0", "2016-05"),
            ("3.1", "2016-11"),
            ("3.2", "2017-05"),
            ("3.3", "2017-11"),
            ("3.4", "2018-05"),
            ("3.5", "2018-11"),
            ("3.6", "2019-05"),
            ("3.7", "2019-11"),
            ("3.8", "2020-05"),
            ("3.9", "2020-11"),
            ("3.10", "2021-05"),
            ("3.11", "2021-11"),
            ("3.12", "2022-05"),
            ("3.13", "2022-11"),
            ("3.14", "2023-05"),
            ("3.15", "2023-11"),
            ("3.16", "2024-05"),
            ("3.17", "2024-11"),
            ("3.18", "2025-05"),
            ("3.19", "2025-11"),
            ("3.20", "2026-04"),
            ("3.21", "2026-11"),
        ],
    ),
    (
        "node",
        &[
            ("0", "2016-12"),
            ("4", "2018-04"),
            ("5", "2016-06"),
            ("6", "2019-04"),
            ("7", "2017-06"),
            ("8", "2019-12"),
            ("9", "2018-06"),
            ("10", "2021-04"),
            ("11", "2019-06"),
            ("12", "2022-04"),
            ("13", "2020-06"),
            ("14", "2023-04"),
            ("15", "2021-06"),
            ("16", "2023-09"),
            ("17", "2022-06"),
            ("18", "2025-04"),
            ("19", "2023-06"),
            ("20", "2026-04"),
            ("21", "2024-06"),
            ("23", "2025-06"),
            ("25", "2026-06"),
        ],
    ),
    (
        "python",
        &[
            ("2", "2020-01"),
            ("3.3", "2017-09"),
            ("3.4", "2019-03"),
            ("3.5", "2020-09"),
            ("3.6", "2021-12"),
            ("3.7", "2023-06"),
            ("3.8", "2024-10"),
            ("3.9", "2025-10"),
            ("3.10", "2026-10"),
        ],
    ),
    ("ruby", &[("1", "2015-02"), ("2", "2023-03"), ("3.0", "2024-04"), ("3.1", "2025-03"), ("3.2", "2026-03")]),
    (
        "golang",
        &[
            ("1.4", "2016-02"),
            ("1.5", "2016-08"),
            ("1.6", "2017-02"),
            ("1.8", "2018-02"),
            ("1.9", "2018-08"),
            ("1.10", "2019-02"),
            ("1.11", "2019-09"),
            ("1.12", "2020-02"),
            ("1.13", "2020-08"),
            ("1.14", "2021-02"),
            ("1.15", "2021-08"),
            ("1.16", "2022-03"),
            ("1.17", "2022-08"),
            ("1.18", "2023-02"),
            ("1.19", "2023-08"),
            ("1.20", "2024-02"),
            ("1.21", "2024-08"),
            ("1.22", "2025-02"),
            ("1.23", "2025-08"),
            ("1.24", "2026-02"),
            ("1.25", "2026-08"),
        ],
    ),
    ("php", &[("5", "2019-01"), ("7", "2022-11"), ("8.0", "2023-11"), ("8.1", "2025-12")]),
    ("centos", &[("5", "2017-03"), ("6", "2020-11"), ("7", "2024-06"), ("8", "2021-12"), ("latest", "2021-12")]),
    (
        "fedora",
        &[
            ("20", "2015-06"),
            ("21", "2015-12"),
            ("22", "2016-07"),
            ("23", "2016-12"),
            ("24", "2017-08"),
            ("25", "2017-12"),
            ("26", "2018-05"),
            ("27", "2018-11"),
            ("28", "2019-05"),
            ("29", "2019-11"),
            ("30", "2020-05"),
            ("31", "2020-11"),
            ("32", "2021-05"),
            ("33", "2021-11"),
            ("34", "2022-06"),
            ("35", "2022-12"),
            ("36", "2023-05"),
            ("37", "2023-12"),
            ("38", "2024-05"),
            ("39", "2024-11"),
            ("40", "2025-05"),
            ("41", "2025-12"),
            ("42", "2026-05"),
        ],
    ),
    (
        "postgres",
        &[
            ("8", "2014-07"),
            ("9", "2021-11"),
            ("10", "2022-11"),
            ("11", "2023-11"),
            ("12", "2024-11"),
            ("13", "2025-11"),
            ("14", "2026-11"),
        ],
    ),
    (
        "mysql",
        &[
            ("5.5", "2018-12"),
            ("5.6", "2021-02"),
            ("5.7", "2023-10"),
            ("8.0", "2026-04"),
            ("8.1", "2023-10"),
            ("8.2", "2023-12"),
            ("8.3", "2024-04"),
            ("9.0", "2024-10"),
            ("9.1", "2025-01"),
            ("9.2", "2025-04"),
            ("9.3", "2025-07"),
            ("9.4", "2025-10"),
            ("9.5", "2026-01"),
            ("9.6", "2026-04"),
        ],
    ),
    (
        "mariadb",
        &[
            ("5.5", "2020-04"),
            ("10.0", "2019-03"),
            ("10.1", "2020-10"),
            ("10.2", "2022-05"),
            ("10.3", "2023-05"),
            ("10.4", "2024-06"),
            ("10.5", "2025-06"),
            ("10.6", "2026-07"),
            ("10.7", "2023-02"),
            ("10.8", "2023-05"),
            ("10.9", "2023-08"),
            ("10.10", "2023-11"),
            ("11.0", "2024-06"),
            ("11.1", "2024-08"),
            ("11.2", "2024-11"),
            ("11.3", "2024-05"),
            ("11.5", "2024-11"),
            ("11.6", "2025-02"),
            ("11.7", "2025-05"),
            ("12.0", "2025-11"),
            ("12.1", "2026-02"),
            ("12.2", "2026-05"),
        ],
    ),
    ("amazonlinux", &[("1", "2023-12"), ("2016", "2023-12"), ("2017", "2023-12"), ("2018", "2023-12"), ("2", "2026-06")]),
    ("elasticsearch", &[("6", "2022-02"), ("7", "2026-01")]),
    (
        "mongo",
        &[
            ("2", "2016-10"),
            ("3", "2021-04"),
            ("4", "2024-02"),
            ("5", "2024-10"),
            ("6", "2025-07"),
            ("7.1", "2024-01"),
            ("7.2", "2024-03"),
            ("7.3", "2024-10"),
            ("8.1", "2025-09"),
            ("8.2", "2026-07"),
        ],
    ),
    (
        "openjdk",
        &[
            ("7", "2022-07"),
            ("9", "2018-03"),
            ("10", "2018-09"),
            ("12", "2019-09"),
            ("13", "2020-03"),
            ("14", "2020-09"),
            ("15", "2021-03"),
            ("16", "2021-09"),
            ("18", "2022-09"),
            ("19", "2023-03"),
            ("20", "2023-09"),
            ("22", "2024-09"),
            ("23", "2025-03"),
            ("24", "2025-09"),
        ],
    ),
];

/// Releases of .NET, whose images lie elsewhere.
const DOTNET: [(&str, &str); 8] = [
    ("1", "2019-06"),
    ("2", "2021-08"),
    ("3", "2022-12"),
    ("5", "2022-05"),
    ("6", "2024-11"),
    ("7", "2024-05"),
    ("8", "2026-11"),
    ("9", "2026-11"),
];

/// Names of releases, as tags and their endings have them.
const NAMES: [(&str, &str, &str); 33] = [
    ("squeeze", "Debian 6", "2016-02"),
    ("wheezy", "Debian 7", "2018-05"),
    ("jessie", "Debian 8", "2020-06"),
    ("stretch", "Debian 9", "2022-06"),
    ("buster", "Debian 10", "2024-06"),
    ("bullseye", "Debian 11", "2026-08"),
    ("lucid", "Ubuntu 10.04", "2013-05"),
    ("precise", "Ubuntu 12.04", "2017-04"),
    ("quantal", "Ubuntu 12.10", "2014-05"),
    ("raring", "Ubuntu 13.04", "2014-01"),
    ("saucy", "Ubuntu 13.10", "2014-07"),
    ("trusty", "Ubuntu 14.04", "2019-04"),
    ("utopic", "Ubuntu 14.10", "2015-07"),
    ("vivid", "Ubuntu 15.04", "2016-02"),
    ("wily", "Ubuntu 15.10", "2016-07"),
    ("xenial", "Ubuntu 16.04", "2021-04"),
    ("yakkety", "Ubuntu 16.10", "2017-07"),
    ("zesty", "Ubuntu 17.04", "2018-01"),
    ("artful", "Ubuntu 17.10", "2018-07"),
    ("bionic", "Ubuntu 18.04", "2023-05"),
    ("cosmic", "Ubuntu 18.10", "2019-07"),
    ("disco", "Ubuntu 19.04", "2020-01"),
    ("eoan", "Ubuntu 19.10", "2020-07"),
    ("focal", "Ubuntu 20.04", "2025-05"),
    ("groovy", "Ubuntu 20.10", "2021-07"),
    ("hirsute", "Ubuntu 21.04", "2022-01"),
    ("impish", "Ubuntu 21.10", "2022-07"),
    ("kinetic", "Ubuntu 22.10", "2023-07"),
    ("lunar", "Ubuntu 23.04", "2024-01"),
    ("mantic", "Ubuntu 23.10", "2024-07"),
    ("oracular", "Ubuntu 24.10", "2025-07"),
    ("plucky", "Ubuntu 25.04", "2026-01"),
    ("questing", "Ubuntu 25.10", "2026-07"),
];

/// What of an image has ended, and when, if its tag says so.
pub(crate) fn ended(registry: Option<&str>, repository: &str, tag: &str) -> Option<(String, &'static str)> {
    let repository = repository.strip_prefix("library/").unwrap_or(repository);
    let lines: &[(&str, &str)] = match registry {
        None | Some("docker.io") => IMAGES.iter().find(|(name, _)| *name == repository)?.1,
        Some("mcr.microsoft.com") if repository.starts_with("dotnet/") => &DOTNET,
        _ => return None,
    };
    let version = tag.split(['-', '_']).next().unwrap_or(tag);
    let line = lines.iter().find(|(line, _)| version.strip_prefix(line).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
    if let Some((line, date)) = line {
        let name = if repository.starts_with("dotnet/") { ".NET" } else { repository };
        return Some((format!("{name} {line}"), date));
    }
    tag.split('-').find_map(|part| {
        if let Some((_, what, date)) = NAMES.iter().find(|(name, ..)| *name == part) {
            return Some(((*what).to_owned(), *date));
        }
        let release = part.strip_prefix("alpine").filter(|release| !release.is_empty())?;
        let alpine = IMAGES.iter().find(|(name, _)| *name == "alpine")?.1;
        alpine.iter().find(|(line, _)| *line == release).map(|(line, date)| (format!("Alpine {line}"), *date))
    })
}

#[cfg(test)]
mod tests {
    use super::ended;

    #[test]
    fn lines_end_and_their_neighbours_do_not() {
        let end = |repository: &str, tag: &str| ended(None, repository, tag).map(|(what, _)| what);
        assert_eq!(end("alpine", "3.1").as_deref(), Some("alpine 3.1"));
        assert_eq!(end("alpine", "3.12.4").as_deref(), Some("alpine 3.12"));
        assert_eq!(end("alpine", "3.22"), None);
        for (image, alive) in [
            ("mariadb", "10.11"),
            ("mariadb", "11.4"),
            ("mariadb", "12.3"),
            ("mysql", "9"),
            ("mysql", "9.7"),
            ("mysql", "8"),
            ("mongo", "8.0"),
            ("openjdk", "21"),
        ] {
            assert_eq!(end(image, alive), None, "{image}:{alive}");
        }
        assert_eq!(end("mariadb", "10.10.2-jammy").as_deref(), Some("mariadb 10.10"));
        assert_eq!(end("node", "18.20-slim").as_deref(), Some("node 18"));
        assert_eq!(end("node", "22-buster").as_deref(), Some("Debian 10"));
        assert_eq!(end("python", "3.12-alpine3.12").as_deref(), Some("Alpine 3.12"));
        assert_eq!(end("debian", "bookworm-slim"), None);
        assert_eq!(end("node", "180"), None);
        assert!(ended(Some("ghcr.io"), "node", "8").is_none());
        assert!(ended(Some("mcr.microsoft.com"), "dotnet/sdk", "6.0-jammy").is_some());
    }
}
