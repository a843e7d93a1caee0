import {type ControlResult, type ScanResult, walkOrder} from '../engine/scan.ts';
import {formatScore} from '../engine/score.ts';

export type TableOptions = {
  /** `practice cluster home`, `homelab (LIVE)`. */
  readonly target: string;
  readonly version: string;
  /** Number of the CKS domain of a practice, empty where the outline has none. */
  readonly domain: (practice: string) => string;
  /** Seconds that reading and scanning took. */
  readonly seconds: number;
  /** Ends the text: what to run next, one command a line. */
  readonly hints: readonly (readonly [command: string, meaning: string])[];
};

/** The scan as a plain table, lowest score first; ASCII only, the name last so that it is never cut. */
export function scanTable(result: ScanResult, options: TableOptions): string {
  const evaluated = walkOrder(result.controls).filter(({status}) => status !== 'notEvaluated');
  const lines = [
    `kubekata ${options.version}, ${options.target}, framework ${result.framework.id}`,
    '',
    'FAILED  EXCLUDED   ALL  SUCCESS  CKS  CONTROL',
    ...evaluated.map((control) => row(control, result, options)),
    ...notEvaluated(result),
    ...incomplete(result),
    '',
    summary(result, options.seconds),
  ];
  const lowest = evaluated[0];
  if (lowest && lowest.failed > 0) {
    const {id, title} = lowest.entry;
    lines.push(`The lowest is ${id} ${title}, ${lowest.failed} of ${lowest.all} fail.`);
  }
  const width = Math.max(0, ...options.hints.map(([command]) => command.length));
  lines.push(...options.hints.map(([command, meaning]) => `  ${command.padEnd(width)}   ${meaning}`));
  return `${lines.join('\n')}\n`;
}

const row = (control: ControlResult, result: ScanResult, options: TableOptions): string =>
  [
    String(control.failed).padStart(6),
    String(control.excluded).padStart(10),
    String(control.all).padStart(6),
    `${formatScore(result.framework.scoring, control.compliance)}%`.padStart(9),
    options.domain(control.entry.control.meta.practice).padStart(5),
    `  ${control.entry.id} ${control.entry.title}`,
  ].join('');

function notEvaluated(result: ScanResult): readonly string[] {
  const controls = result.controls.filter(({status}) => status === 'notEvaluated');
  if (controls.length === 0) return [];
  return [
    '',
    `Not evaluated (${controls.length}), no part of the score:`,
    ...controls.map(({entry, reason}) => `  ${entry.id} ${entry.title}: ${reason ?? ''}`),
  ];
}

const incomplete = (result: ScanResult): readonly string[] =>
  result.incomplete.length === 0
    ? []
    : [
        '',
        `Not read (${result.incomplete.length}), so this result is incomplete:`,
        ...result.incomplete.map((one) => `  ${one}`),
      ];

function summary(result: ScanResult, seconds: number): string {
  const count = (status: ControlResult['status']) =>
    result.controls.filter((one) => one.status === status).length;
  const score =
    result.score === undefined ? 'No score' : `Score ${formatScore(result.framework.scoring, result.score)}`;
  return (
    `${score}. ${count('failed')} controls fail, ${count('passed')} pass, ` +
    `${count('notEvaluated')} are not evaluated. ${result.verdicts} verdicts in ${seconds.toFixed(1)} s.`
  );
}
