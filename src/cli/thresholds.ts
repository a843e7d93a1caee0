import {type Severity, severityOf} from '../engine/control.ts';
import type {ControlResult, ScanResult} from '../engine/scan.ts';
import {formatScore, shownScore} from '../engine/score.ts';
import type {Comparison} from '../report/baseline.ts';
import {exitCodes} from './exit-codes.ts';

export type Thresholds = {
  readonly failUnder: number | undefined;
  readonly failOn: Severity | undefined;
  readonly requireEvaluated: boolean;
};

export type Judgement = {
  readonly exitCode: number;
  /** Full sentences: what was asked for and not met. */
  readonly reasons: readonly string[];
};

const rank: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const isAtLeast = (severity: Severity, least: Severity): boolean =>
  rank.indexOf(severity) >= rank.indexOf(least);

/** What is said where a target holds nothing that a control reads: 0 failures are no success then. */
export const nothingFound = (place: string): string =>
  `${place} holds no Kubernetes object that a control reads, so nothing was checked.`;

/** Holds a scan against what was asked for. With a baseline, `failOn` counts only what is new since. */
export function judge(result: ScanResult, asked: Thresholds, comparison?: Comparison): Judgement {
  const unread = result.incomplete.length;
  const unreadable: readonly string[] = [
    ...(unread > 0
      ? [`The result is incomplete: ${count(unread, 'part')} could not be read, so it passes no threshold.`]
      : []),
    ...(asked.requireEvaluated && result.notEvaluated > 0
      ? [
          `${count(result.notEvaluated, 'control')} could not be evaluated, and --require-evaluated wants all of them.`,
        ]
      : []),
  ];
  const missed = [...underScore(result, asked.failUnder), ...onSeverity(result, asked.failOn, comparison)];
  return {
    exitCode:
      unreadable.length > 0
        ? exitCodes.unreadable
        : missed.length > 0
          ? exitCodes.belowThreshold
          : exitCodes.ok,
    reasons: [...missed, ...unreadable],
  };
}

function underScore({score, framework}: ScanResult, least: number | undefined): readonly string[] {
  if (least === undefined) return [];
  if (score === undefined)
    return [`Nothing could be evaluated, so there is no score to hold against ${least}.`];
  return shownScore(framework.scoring, score) < least
    ? [`Score ${formatScore(framework.scoring, score)} is below ${least}.`]
    : [];
}

function onSeverity(
  result: ScanResult,
  least: Severity | undefined,
  comparison: Comparison | undefined,
): readonly string[] {
  if (least === undefined) return [];
  if (result.verdicts === 0) return [`Nothing was checked, so nothing can be held against ${least}.`];
  if (comparison) {
    const added = comparison.added.filter(({control}) => isAtLeast(control.severity, least));
    const controls = [...new Set(added.map(({control}) => `${control.id} (${control.severity})`))];
    return added.length === 0
      ? []
      : [
          `${count(added.length, 'finding')} of severity ${least} or higher ${added.length === 1 ? 'is' : 'are'} new: ${controls.join(', ')}.`,
        ];
  }
  const failing = result.controls.filter(
    ({status, entry}) => status === 'failed' && isAtLeast(severityOf(entry.baseScore), least),
  );
  const name = ({entry, failed}: ControlResult): string =>
    `${entry.id} (${severityOf(entry.baseScore)}, ${count(failed, 'object')})`;
  return failing.length === 0
    ? []
    : [
        `${count(failing.length, 'control')} of severity ${least} or higher ${failing.length === 1 ? 'fails' : 'fail'}: ${failing.map(name).join(', ')}.`,
      ];
}

const count = (amount: number, what: string): string => `${amount} ${what}${amount === 1 ? '' : 's'}`;
