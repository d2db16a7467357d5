//! Projects made up from the shapes that Compose files have, the same for the same seed.

use crate::support::Texts;
use std::fmt::Write as _;

pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A block or flow list of some of `from`.
    fn list(&mut self, indent: &str, from: &[&str]) -> String {
        let mut out = String::new();
        let count = 1 + self.below(3);
        let flow: Vec<&str> = from.iter().copied().filter(|item| !item.contains(['\n', '{', '['])).collect();
        if self.one_in(4) {
            let items: Vec<_> = (0..count).map(|_| self.pick(&flow)).collect();
            return format!(" [{}]\n", items.join(", "));
        }
        out.push('\n');
        for _ in 0..count {
            let item = self.pick(from).replace('\n', &format!("\n{indent}"));
            let _ = writeln!(out, "{indent}- {item}");
        }
        out
    }

    fn map(&mut self, indent: &str, from: &[&str]) -> String {
        let mut out = String::from("\n");
        let start = self.below(from.len());
        let count = 1 + self.below(3);
        for at in 0..count.min(from.len()) {
            let _ = writeln!(out, "{indent}{}", from[(start + at) % from.len()]);
        }
        out
    }
}

const IMAGES: [&str; 9] = [
    "nginx",
    "nginx:1.27 # pinned",
    "\"nginx:${TAG:-1.27}\"",
    "'repo.example:5000/team/app:${TAG}'",
    "${REGISTRY-docker.io}/x:${EMPTY:-2}",
    "a${TAG:+b}c",
    "x@sha256:0123456789012345678901234567890123456789012345678901234567890123",
    ">-\n      folded\n",
    "$$x:${TAG:-${OTHER:-y}}",
];
const PORTS: [&str; 12] = [
    "80",
    "\"8080:80\"",
    "8081:81/udp",
    "'127.0.0.1:8082:82'",
    "\"3000-3002:3000-3002\"",
    "\"9000-9010:90\"",
    "\"${PORT:-7000}:70\"",
    "\"[::1]:6000:60\"",
    "target: 80\n  published: \"8080\"",
    "target: 443\n  published: 8443\n  protocol: udp\n  mode: host",
    "\"127.0.0.1::53\"",
    "\"8080:80/tcp\"",
];
const VOLUMES: [&str; 10] = [
    "./data:/data",
    "db:/var/lib/db:ro",
    "/etc/localtime:/etc/localtime:ro",
    "\"../up/./x:/x/\"",
    "~/home:/home/user:rw,z",
    "/anonymous",
    "${DATA:-./default}:/var/data:rslave",
    "type: bind\n  source: ./long\n  target: /long\n  read_only: true",
    "type: volume\n  source: db\n  target: /other",
    "type: tmpfs\n  target: /scratch",
];
const ENVIRONMENT_LIST: [&str; 8] = ["A=1", "\"B=two words\"", "C=", "D=${TAG}", "E=${NONE:-fallback}", "A=again", "\"F=a=b\"", "'G=$$x'"];
const ENVIRONMENT_MAP: [&str; 9] =
    ["A: 1", "B: 'two words'", "C: \"\"", "D: ${TAG}", "E: true", "F: 1.10", "G: 0644", "H: 1e3", "I: 2024-01-05"];
const LABELS_LIST: [&str; 3] = ["team=core", "tier=", "only.key"];
const LABELS_MAP: [&str; 3] = ["team: web", "tier: 2", "x.y/z: \"q\""];

fn service(dice: &mut Dice, names: &[&str], own: usize, common: bool) -> String {
    let mut out = String::new();
    let i = "      ";
    let _ = writeln!(out, "    image: {}", dice.pick(&IMAGES));
    if dice.one_in(2) {
        let _ = write!(out, "    ports:{}", dice.list(i, &PORTS));
    }
    if dice.one_in(2) {
        let _ = write!(out, "    volumes:{}", dice.list(i, &VOLUMES));
    }
    match dice.below(3) {
        0 => {
            let _ = write!(out, "    environment:{}", dice.list(i, &ENVIRONMENT_LIST));
        }
        1 => {
            let _ = write!(out, "    environment:{}", dice.map(i, &ENVIRONMENT_MAP));
        }
        _ => {}
    }
    match dice.below(4) {
        0 => {
            let _ = write!(out, "    labels:{}", dice.list(i, &LABELS_LIST));
        }
        1 => {
            let _ = write!(out, "    labels:{}", dice.map(i, &LABELS_MAP));
        }
        _ => {}
    }
    if dice.one_in(4) {
        out.push_str(dice.pick(&[
            "    env_file: vars.env\n",
            "    env_file: [vars.env, ./more.env]\n",
            "    env_file:\n      - path: vars.env\n      - path: absent.env\n        required: false\n",
        ]));
    }
    if dice.one_in(3) {
        out.push_str(dice.pick(&[
            "    command: run --flag \"two words\" 'x y' a\\ b\n",
            "    command: [run, \"--tag=${TAG}\"]\n",
            "    command: a b && c\n",
            "    entrypoint: /bin/sh -c 'echo hi'\n",
            "    command:\n",
        ]));
    }
    if dice.one_in(3) {
        out.push_str(dice.pick(&[
            "    build: ./app\n",
            "    build:\n      context: ../other\n      target: ${TAG:-prod}\n      args:\n        - V=1\n        - W=${TAG}\n",
            "    build:\n      context: .\n      args: {V: 2, X: y}\n",
        ]));
    }
    if own > 0 && dice.one_in(2) {
        let name = names[dice.below(own)];
        let _ = match dice.below(3) {
            0 => writeln!(out, "    depends_on: [{name}]"),
            1 => writeln!(out, "    depends_on:\n      {name}:\n        condition: service_healthy"),
            _ => writeln!(out, "    depends_on:\n      - {name}"),
        };
    }
    if dice.one_in(4) {
        out.push_str(dice.pick(&[
            "    healthcheck:\n      test: curl -f http://localhost\n",
            "    healthcheck:\n      test: [CMD, curl, x]\n      retries: \"3\"\n",
        ]));
    }
    if dice.one_in(3) {
        out.push_str(dice.pick(&["    privileged: true\n", "    privileged: \"${PRIV:-true}\"\n", "    read_only: yes\n"]));
    }
    if dice.one_in(4) {
        let _ = write!(out, "    cap_add:{}", dice.list(i, &["NET_ADMIN", "SYS_TIME", "NET_ADMIN"]));
    }
    if dice.one_in(4) {
        let _ = write!(out, "    devices:{}", dice.list(i, &["/dev/a:/dev/b", "/dev/a", "/dev/c:/dev/b:r"]));
    }
    if dice.one_in(4) {
        out.push_str("    user: \"1000\"\n");
    }
    if dice.one_in(5) {
        out.push_str("    restart: ${RESTART:-no}\n");
    }
    if common && dice.one_in(3) {
        out.push_str(dice.pick(&[
            "    extends: {file: common/base.yaml, service: base}\n",
            "    extends:\n      file: ./common/base.yaml\n      service: derived\n",
        ]));
    } else if own > 0 && dice.one_in(6) {
        let _ = writeln!(out, "    extends: {}", names[dice.below(own)]);
    }
    out
}

fn file(dice: &mut Dice, names: &[&str], common: bool, tags: bool) -> String {
    let mut out = String::from("services:\n");
    for (own, name) in names.iter().enumerate() {
        if tags && dice.one_in(4) {
            continue;
        }
        let _ = writeln!(out, "  {name}:");
        out.push_str(&service(dice, names, own, common));
        if tags && dice.one_in(4) {
            for key in ["ports", "volumes"] {
                if !service_has(&out, name, key) {
                    let tag = dice.pick(&["!reset null", "!override [\"1:1\"]", "!override [/only]"]);
                    let fits = !(key == "ports" && tag.contains("/only") || key == "volumes" && tag.contains("1:1"));
                    if fits {
                        let _ = writeln!(out, "    {key}: {tag}");
                    }
                }
            }
        }
    }
    out.push_str("volumes:\n  db:\n");
    out
}

fn service_has(text: &str, name: &str, key: &str) -> bool {
    let start = text.rfind(&format!("\n  {name}:\n")).unwrap_or(0);
    text[start..].contains(&format!("\n    {key}:"))
}

/// The files of one project; the base is `compose.yaml`.
pub(crate) fn project(seed: u64) -> Texts {
    let mut dice = Dice::new(seed);
    let names = ["web", "db", "job"];
    let mut files = Texts::new(&[
        (".env", "TAG=9.9\nEMPTY=\nQUOTED=\"a b\" # c\nREF=${TAG}-x\n"),
        ("vars.env", "FROM_FILE=1\nA=file\nUSES=${TAG}/${FROM_FILE}\nSINGLE='$TAG'\n"),
        ("more.env", "FROM_FILE=2\nexport MORE=\"x\\ty\"\n"),
        (
            "common/base.yaml",
            "services:\n  base:\n    image: base:1\n    environment:\n      BASE: yes\n      A: base\n    volumes:\n      - ./here:/here\n    ports: [\"1000:1000\"]\n    cap_add: [SYS_TIME]\n  derived:\n    extends:\n      service: base\n    env_file: ../vars.env\n    labels: [derived=1]\n",
        ),
        ("included/compose.yaml", "services:\n  extra:\n    image: extra:${TAG}\n    volumes: [./v:/v]\n    ports: [\"5000:5000\"]\n"),
    ]);
    let mut base = file(&mut dice, &names, true, false);
    if dice.one_in(3) {
        base = format!("include:\n  - {}\n{base}", dice.pick(&["included/compose.yaml", "path: ./included/compose.yaml"]));
    }
    if dice.one_in(4) {
        base = format!("x-common: &common\n  LOG: info\n  A: merged\n{base}");
        base = base.replace("services:\n", "services:\n  anchored:\n    image: a\n    environment:\n      <<: *common\n      A: own\n");
    }
    files.0.insert("compose.yaml".to_owned(), base);
    if dice.one_in(2) {
        let text = file(&mut dice, &names, false, true);
        files.0.insert("compose.override.yaml".to_owned(), text);
    }
    files
}
