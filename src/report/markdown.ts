import type {ControlReport, ScanReport} from './scan-json.ts';
import {lowestFirst, scoreText} from './shared.ts';

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

const details = ({id, name, objects}: ControlReport): readonly string[] => [
  `<details><summary>${id} ${html(name)}: ${objects.length} failing</summary>`,
  '',
  '| Object | Where | Found |',
  '| --- | --- | --- |',
  ...objects.flatMap((object) =>
    object.findings.map(
      ({message, position, path}) =>
        `| ${cell(object.id)} | ${cell(position ? `${position.file}:${position.line}` : object.source === 'live' ? path : object.source)} | ${cell(message)} |`,
    ),
  ),
  '',
  '</details>',
  '',
];

const html = (text: string): string =>
  text.replace(/[&<>]/g, (one) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;'})[one] ?? one);

/** Text of a cluster in a table cell: no markup of its own, no new row. */
const cell = (text: string): string =>
  html(text)
    .replace(/[\\`*_|[\]#]/g, String.raw`\$&`)
    .replace(/\s+/g, ' ');
