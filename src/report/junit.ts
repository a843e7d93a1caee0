import type {ControlReport, ScanReport} from './scan-json.ts';
import {escapeMarkup, lowestFirst, placeText} from './shared.ts';

/** The scan as JUnit XML: a suite per control, a case per failing object; what was not evaluated is skipped. */
export function scanJunit(report: ScanReport, seconds: number): string {
  const suites = lowestFirst(report).map(suite);
  const count = (of: (control: ControlReport) => number) =>
    report.controls.reduce((sum, one) => sum + of(one), 0);
  const incomplete = report.incomplete.length;
  const attributes = [
    'name="kubekata"',
    `tests="${count(tests) + incomplete}"`,
    `failures="${count(({failed}) => failed)}"`,
    `errors="${incomplete}"`,
    `time="${seconds.toFixed(3)}"`,
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes.join(' ')}>`,
    ...suites,
    ...(incomplete === 0 ? [] : [unread(report)]),
    '</testsuites>',
    '',
  ].join('\n');
}

const tests = ({status, failed}: ControlReport): number => (status === 'failed' ? failed : 1);

function suite(control: ControlReport): string {
  const {id, name, status, reason, objects, failed, all} = control;
  const skipped = status === 'notEvaluated' ? 1 : 0;
  const title = `${id} ${name}`;
  const cases =
    status === 'failed'
      ? objects.map(({id: object, source, expired, findings}) => {
          const lines = findings.map(
            (finding) => `${placeText(source, finding)} ${finding.path}: ${finding.message}`,
          );
          const text = [...lines, ...(expired === undefined ? [] : [expired])].join('\n');
          return testCase(
            id,
            object,
            `<failure message="${escapeMarkup(findings[0]?.message ?? '')}">${escapeMarkup(text)}</failure>`,
          );
        })
      : [testCase(id, `${all} objects`, skipped ? `<skipped message="${escapeMarkup(reason ?? '')}"/>` : '')];
  return [
    `  <testsuite name="${escapeMarkup(title)}" tests="${tests(control)}" failures="${failed}" errors="0" skipped="${skipped}" time="0">`,
    ...cases,
    '  </testsuite>',
  ].join('\n');
}

const testCase = (suiteName: string, name: string, content: string): string =>
  `    <testcase classname="${escapeMarkup(suiteName)}" name="${escapeMarkup(name)}" time="0">${content}</testcase>`;

const unread = ({incomplete}: ScanReport): string =>
  [
    `  <testsuite name="Not read" tests="${incomplete.length}" failures="0" errors="${incomplete.length}" skipped="0" time="0">`,
    ...incomplete.map((one) =>
      testCase('read', one.split(': ')[0] ?? one, `<error message="${escapeMarkup(one)}"/>`),
    ),
    '  </testsuite>',
  ].join('\n');
