# What people do daily. `just --list` shows it.

# Judge files, as in `just check fixtures`.
check *args:
    cargo run --release -- check {{args}}

# What the gate runs.
ci:
    .ci/run

# The rules' own examples.
rules-test:
    cargo test --release --test rules

# The two files of a new rule: `just new-rule docker/example`.
new-rule id:
    cargo run --release -p plimsoll-sdk --example new_rule -- {{id}}

# Agreement with the peers' own cases (needs ../shared/oracle).
oracle *args:
    ../shared/oracle/run --plimsoll target/release/plimsoll {{args}}

# Speed, side by side with the peers.
bench *args:
    benches/compare {{args}}

# Ten minutes of one fuzz target (fuzz/README.md).
fuzz target *args:
    fuzz/run {{target}} {{args}}

# The Python wheel, built and tried in a fresh virtual environment.
wheel:
    tests/wheel/run

# The book as HTML, in target/book (needs `cargo install mdbook`).
book:
    docs/book/generate && mdbook build docs/book

# The README's picture, from what the program says.
picture:
    docs/picture/generate
