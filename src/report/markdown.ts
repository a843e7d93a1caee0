import {plainText} from '../engine/text.ts';
import type {ControlReport, ScanReport} from './scan-json.ts';
import {lowestFirst, placeOrField, scoreText} from './shared.ts';

/** The scan as GitHub-flavoured Markdown: a summary for a pull request, the failing objects folded. */
export function scanMarkdown(report: ScanReport): string {
  const controls = lowestFirst(report);
  const failed = controls.filter(({status}) => status === 'failed');
  const unseen = controls.filter(({status}) => status === 'notEvaluated');
  return [
    `## kubekata: ${scoreText(report)} of 100`,
    '',
    `${cell(report.target)}, framework ${report.framework}. ${failed.length} controls fail, ` +
      `${report.evaluated - failed.length} pass, ${report.notEvaluated} are not evaluated.`,
    '',
    ...(report.incomplete.length === 0
      ? []
      : ['**Incomplete.** Not read:', '', ...report.incomplete.map((one) => `- ${cell(one)}`), '']),
    ...baseline(report),
    '| Control | Severity | Failed | Excluded | All | Score |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...controls.filter(({status}) => status !== 'notEvaluated').map(row),
    '',
    ...(unseen.length === 0
      ? []
      : [
          'Not evaluated, and no part of the score:',
          '',
          ...unseen.map((one) => `- ${one.id} ${cell(one.name)}: ${cell(one.reason ?? '')}`),
          '',
        ]),
    ...failed.flatMap(details),
  ].join('\n');
}

const row = ({id, name, severity, failed, excluded, all, compliance}: ControlReport): string =>
  `| ${id} ${cell(name)} | ${severity} | ${failed} | ${excluded} | ${all} | ${compliance ?? '-'}% |`;

function baseline({baseline: held, controls}: ScanReport): readonly string[] {
  if (held === undefined) return [];
  const fresh = controls.flatMap(({id, objects}) =>
    objects.flatMap((object) =>
      object.findings
        .filter((finding) => finding.new)
        .map(
          (finding) =>
            `| ${id} | ${cell(object.id)} | ${cell(placeOrField(object.source, finding))} | ${cell(finding.message)} |`,
        ),
    ),
  );
  return [
    `${held.new} new since the baseline${held.score === null ? '' : ` (its score was ${held.score})`}, ${held.gone} gone.`,
    '',
    ...(fresh.length === 0
      ? []
      : ['| New | Object | Where | Found |', '| --- | --- | --- | --- |', ...fresh, '']),
  ];
}

const details = ({id, name, objects}: ControlReport): readonly string[] => [
  `<details><summary>${id} ${html(name)}: ${objects.length} failing</summary>`,
  '',
  '| Object | Where | Found |',
  '| --- | --- | --- |',
  ...objects.flatMap((object) =>
    object.findings.map(
      (finding) =>
        `| ${cell(object.id)} | ${cell(placeOrField(object.source, finding))} | ${cell(finding.message)}${object.expired === undefined ? '' : ` ${cell(object.expired)}`} |`,
    ),
  ),
  '',
  '</details>',
  '',
];

const html = (text: string): string =>
  text.replace(/[&<>]/g, (one) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;'})[one] ?? one);

/** Text of a cluster in a table cell: no markup of its own, no new row, nobody mentioned. */
const cell = (text: string): string =>
  html(plainText(text))
    .replace(/[\\`*_|[\]#~]/g, String.raw`\$&`)
    .replaceAll('@', '&#64;')
    .replace(/\s+/g, ' ');
