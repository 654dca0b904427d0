"""Report → one small HTML page without scripts, readable by someone who knows tables but not SHACL."""

from __future__ import annotations

from kg.validate.model import SEVERITIES, Report, summary

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Validation report</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ddd; }
td.n { text-align: right; }
td { overflow-wrap: anywhere; }
.violation { border-left: .3rem solid #b00020; }
.warning { border-left: .3rem solid #b36b00; }
.info { border-left: .3rem solid #3367a6; }
small { color: #555; }
</style>
</head>
<body>
<h1>Validation report</h1>
<p><strong>{{ summary }}</strong></p>
{% for severity, results in groups.items() if results %}
<details{{ " open" if verbose or severity != "info" else "" }}>
<summary><strong>{{ severity.capitalize() }}s ({{ results | length }})</strong></summary>
<table>
<thead>
<tr><th>Place</th><th>Text in the source</th><th>What is the matter</th><th>What to do</th></tr>
</thead>
<tbody>
{% for r in results %}
<tr><td class="{{ severity }}">{{ r.place or "no place in a source" }}
{%- for place in r.also %}<br>{{ place }}{% endfor %}</td>
<td>{{ r.place.raw if r.place else "" }}
{%- for place in r.also %}<br>{{ place.raw }}{% endfor %}</td>
<td>{{ r.message }}<br><small>{{ r.focus }}</small></td>
<td>{{ r.hint }}<br><small>{{ r.shape_name }}</small></td></tr>
{% endfor %}
</tbody>
</table>
</details>
{% endfor %}
<h2>Shapes</h2>
<table>
<thead>
<tr><th>Shape</th><th>Nodes</th>{% for s in severities %}<th>{{ s.capitalize() }}s</th>{% endfor %}</tr>
</thead>
<tbody>
{% for count in report.counts %}
<tr><td>{{ count.name }}{{ "" if count.optional else " (required)" }}</td>
<td class="n">{{ count.focus_nodes }}</td>
{%- for n in report.of(count.shape).values() %}<td class="n">{{ n }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</body>
</html>
"""


def as_html(report: Report, verbose: bool = False) -> str:
    """Return the report as one page, all text escaped; infos are folded away unless `verbose`."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    groups = {severity.value: results for severity, results in report.by_severity().items()}
    severities = [severity.value for severity in SEVERITIES]
    page = environment.from_string(_PAGE)
    shown = {"report": report, "summary": summary(report), "groups": groups, "severities": severities}
    return page.render(shown, verbose=verbose) + "\n"
