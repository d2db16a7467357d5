#!/usr/bin/env bash
# usage: tests/sarif/validate.sh PLIMSOLL
# Holds our SARIF to the OASIS 2.1.0 schema and to sarif-multitool's rules for SARIF and GitHub: two validators, because a file that GitHub
# refuses can follow the schema. The schema is not ours to copy; it comes with the crate `serde-sarif`. Tools are kept in target/sarif.
set -euo pipefail
cd "$(dirname "$0")/../.."
plimsoll=$(realpath "$1")
tools=${CARGO_TARGET_DIR:-target}/sarif
mkdir -p "$tools"
tools=$(realpath "$tools")

for command in npm python3 cargo; do
    command -v "$command" >/dev/null && continue
    echo "SARIF is NOT validated: $command is missing" >&2
    [ -z "${CI:-}" ] && exit 0
    exit 1
done

multitool=$tools/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
[ -f "$multitool" ] || npm install --silent --no-audit --no-fund --prefix "$tools" @microsoft/sarif-multitool-linux@5.7.0
chmod +x "$multitool"
if [ ! -d "$tools/python" ]; then
    python3 -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --target "$tools/python.new" check-jsonschema==0.39.0
    mv "$tools/python.new" "$tools/python"
fi
schema=$tools/sarif-schema-2.1.0.json
if [ ! -f "$schema" ]; then
    mkdir -p "$tools/schema"
    printf '[package]\nname = "schema"\nversion = "0.0.0"\nedition = "2024"\n[lib]\npath = "lib.rs"\n[dependencies]\nserde-sarif = "=0.8.0"\n[workspace]\n' >"$tools/schema/Cargo.toml"
    : >"$tools/schema/lib.rs"
    cargo metadata --quiet --format-version 1 --manifest-path "$tools/schema/Cargo.toml" |
        python3 -c 'import json,os,sys; print(next(os.path.dirname(p["manifest_path"]) for p in json.load(sys.stdin)["packages"] if p["name"] == "serde-sarif"))' |
        { read -r folder && cp "$folder/src/schema.json" "$schema"; }
fi

status=0
check() { # name, arguments of `plimsoll check`
    local name=$1 code=0
    shift
    "$plimsoll" check "$@" --format sarif >"$tools/$name.sarif" || code=$?
    # Findings and incomplete runs are what is printed here; anything else is a failure of ours.
    case $code in 0 | 1 | 4) ;; *) echo "plimsoll check $* ended with $code" >&2 && exit 1 ;; esac
    PYTHONPATH=$tools/python python3 -m check_jsonschema --quiet --regex-variant python --schemafile "$schema" "$tools/$name.sarif" || status=1
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$multitool" validate "$tools/$name.sarif" --rule-kind "Sarif;Ghas" --level "Error;Warning;Note" \
        --output "$tools/$name.result" --log ForceOverwrite >/dev/null
    # The tool's exit code is 0 even with errors: what it wrote decides.
    python3 - "$tools/$name.sarif" "$tools/$name.result" <<'PY' || status=1
import json, sys
ours, verdict = (json.load(open(path, encoding="utf-8-sig"))["runs"][0] for path in sys.argv[1:])
errors = [r for r in verdict.get("results", []) if r.get("level", "warning") == "error" and r.get("kind", "fail") == "fail"]
for r in errors[:20]:
    print("error", r["ruleId"], r["message"].get("text") or r["message"].get("arguments"))
judged = any(r["ruleId"] == "SARIF2006" for r in verdict.get("results", []))
print(f"{sys.argv[1].rsplit('/', 1)[-1]}: {len(ours['results'])} results, {len(ours['tool']['driver']['rules'])} rules, {len(errors)} errors")
sys.exit(bool(errors) or not judged)
PY
}

check default fixtures
check everything fixtures --select ALL --sarif-suppressed include
check nothing fixtures --select docker/base-image-untagged --ignore docker
exit $status
