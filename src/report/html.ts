import type {AcceptedObject, ControlReport, FailingObject, ScanReport} from './scan-json.ts';
import {escapeMarkup, lowestFirst, placeOrField, scoreText} from './shared.ts';

const style = `
:root { color-scheme: light dark; --text: #1d232a; --dim: #5c6670; --page: #ffffff; --line: #d5dbe2;
  --good: #006d6d; --bad: #b3261e; --warn: #8a4b00; --panel: #f4f6f8; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaef; --dim: #9aa5b1; --page: #14181d; --line: #333c46;
  --good: #3fd6c6; --bad: #ff8066; --warn: #f0b85c; --panel: #1c2229; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 64rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.15rem; font-weight: 600; margin: 0; }
.score { font-size: 3.5rem; font-weight: 700; line-height: 1.1; font-variant-numeric: tabular-nums; }
.score small { margin-left: .6rem; font-size: 1rem; font-weight: 400; }
.bar { display: flex; height: .6rem; border-radius: .3rem; overflow: hidden; background: var(--bad); margin: .75rem 0 1rem; }
.bar i { background: var(--good); }
.dim { color: var(--dim); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: 500; }
.number { text-align: right; white-space: nowrap; }
details table { table-layout: fixed; }
details th:nth-child(1) { width: 26%; } details th:nth-child(2) { width: 29%; }
details { border-bottom: 1px solid var(--line); }
summary { display: grid; grid-template-columns: 1.2rem 5rem 1fr 5rem 13rem 4.5rem .8rem; gap: .6rem; padding: .5rem .25rem; cursor: pointer; }
summary > :nth-last-child(-n+2) { text-align: right; }
summary::after { content: '+'; color: var(--dim); text-align: right; }
details[open] > summary::after { content: '\\2212'; }
summary:hover { background: var(--panel); }
summary::marker, summary::-webkit-details-marker { display: none; content: ''; }
details[open] > summary { background: var(--panel); }
details > div { padding: .25rem 0 1rem 1.8rem; overflow-x: auto; }
.failed { color: var(--bad); } .passed { color: var(--good); } .notEvaluated, .warn { color: var(--warn); }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
@media (max-width: 44rem) { summary { grid-template-columns: 1.2rem 4.5rem 1fr 4.5rem .8rem; }
  summary > :nth-child(4), summary > :nth-child(5) { display: none; }
  details > div { padding-left: .25rem; }
  thead { display: none; } tr, td { display: block; } td { border: 0; padding: .1rem 0; }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; } }
@media print { details { break-inside: avoid; } }
`;

const marks = {
  failed: ['✗', 'failed'],
  passed: ['✓', 'passed'],
  notEvaluated: ['?', 'not evaluated'],
} as const;

/** The scan as one self-contained page without scripts, light and dark. */
export function scanHtml(report: ScanReport, version: string): string {
  const controls = lowestFirst(report);
  const failing = controls.filter(({status}) => status === 'failed').length;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>kubekata: ${escapeMarkup(report.target)}, ${scoreText(report)}</title>
<style>${style}.bar i { width: ${report.score ?? 0}%; }
</style>
</head>
<body>
<h1>${escapeMarkup(report.target)}</h1>
<div class="score">${scoreText(report)}${report.score === null ? '' : '<small class="dim">of 100</small>'}</div>
<div class="bar" role="img" aria-label="Score ${scoreText(report)} of 100"><i></i></div>
<p>Framework ${report.framework}: ${failing} ${failing === 1 ? 'control fails' : 'controls fail'}, ${report.evaluated - failing} pass.${unseen(report)}${baseline(report)}</p>
${report.incomplete.length === 0 ? '' : incomplete(report)}
${controls.map(section).join('\n')}
<p class="dim">kubekata ${escapeMarkup(version)}</p>
</body>
</html>
`;
}

const unseen = ({notEvaluated: count}: ScanReport): string => {
  if (count === 0) return '';
  return count === 1
    ? ' One is not evaluated and no part of the score.'
    : ` ${count} are not evaluated and no part of the score.`;
};

const baseline = ({baseline: held}: ScanReport): string =>
  held === undefined ? '' : ` ${held.new} findings are new since the baseline, ${held.gone} are gone.`;

const incomplete = ({incomplete: parts}: ScanReport): string =>
  `<p class="failed">This result is incomplete. Not read:</p>\n<ul>${parts.map((one) => `<li>${escapeMarkup(one)}</li>`).join('')}</ul>`;

function section(control: ControlReport): string {
  const {id, name, status, severity, failed, all, compliance} = control;
  const [mark, word] = marks[status];
  const excluded = control.excluded === 0 ? '' : `, ${control.excluded} accepted`;
  const count = status === 'notEvaluated' ? 'not evaluated' : `${failed} of ${all} fail${excluded}`;
  const score = compliance === null ? '?' : `${compliance}%`;
  return `<details><summary><b class="${status}" title="${word}">${mark}</b><span>${id}</span><span>${escapeMarkup(name)}</span><span class="dim">${severity}</span><span>${count}</span><b class="number">${score}</b></summary>
<div>${body(control)}</div></details>`;
}

function body({id, status, reason, objects, accepted, practice}: ControlReport): string {
  const about = `<p class="dim">Practice ${practice}. <code>kubekata explain ${id}</code> tells what it means and how to meet it.</p>`;
  if (status === 'notEvaluated') return `${about}<p>${escapeMarkup(reason ?? '')}</p>`;
  const failing =
    objects.length === 0 ? '<p>Nothing fails.</p>' : table('Found', objects.flatMap(findingRows));
  return `${about}${failing}${accepted.length === 0 ? '' : table('Accepted, because', accepted.map(acceptedRow))}`;
}

const table = (last: string, rows: readonly string[]): string =>
  `<table><thead><tr><th>Object</th><th>Where</th><th>${last}</th></tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;

const findingRows = ({id, source, expired, findings}: FailingObject): readonly string[] =>
  findings.map((finding) => {
    const parts = [
      finding.new ? '<b class="warn">new</b> ' : '',
      escapeMarkup(finding.message),
      expired === undefined ? '' : ` <b class="warn">${escapeMarkup(expired)}</b>`,
      source === 'live' ? '' : `<br><code class="dim">${breakable(finding.path)}</code>`,
    ];
    return row(id, placeOrField(source, finding), parts.join(''));
  });

const acceptedRow = ({id, source, reason}: AcceptedObject): string => row(id, source, escapeMarkup(reason));

const row = (object: string, place: string, content: string): string =>
  `<tr><td><code>${breakable(object)}</code></td><td><code>${breakable(place)}</code></td><td>${content}</td></tr>`;

/** A long name or field breaks at its parts. */
const breakable = (text: string): string => escapeMarkup(text).replace(/[./](?=\w)/g, '$&<wbr>');
