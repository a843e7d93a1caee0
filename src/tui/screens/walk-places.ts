import type {ControlResult} from '../../engine/scan.ts';
import {formatScore} from '../../engine/score.ts';
import {GLYPHS, sparkline} from '../glyphs.ts';
import {accent, bold, ends, type Line, line, padEnd, padStart, widthOf} from '../layout.ts';
import type {State} from '../state.ts';

const mostPlaces = 6;

/** How many fail in each namespace, most first. */
export function places({failures, failed}: ControlResult, width: number): readonly Line[] {
  if (failed === 0) return [];
  const sorted = countsOf(failures);
  const shown = sorted.length > mostPlaces ? sorted.slice(0, mostPlaces - 1) : sorted;
  const rest = sorted.slice(shown.length);
  const rows: readonly (readonly [string, number])[] =
    rest.length > 0
      ? [...shown, [`${rest.length} more`, rest.reduce((sum, [, count]) => sum + count, 0)]]
      : shown;
  const name = Math.min(20, Math.max(...rows.map(([place]) => widthOf(place))));
  const number = String(failed).length;
  const cells = Math.max(4, Math.min(11, width - name - number - 5));
  return [
    ends([bold('Where it fails')], [{text: String(failed)}], name + number + cells + 5),
    ...rows.map(([place, count]) =>
      line(
        padEnd(place, name),
        '  ',
        padStart(String(count), number + 1),
        '  ',
        accent(GLYPHS.heavy.repeat(Math.max(1, Math.round((cells * count) / rows[0]![1])))),
      ),
    ),
  ];
}

type Counts = readonly (readonly [place: string, count: number])[];
const counted = new WeakMap<ControlResult['failures'], Counts>();

/** Kept, since each frame asks and there may be ten thousands. */
function countsOf(failures: ControlResult['failures']): Counts {
  const known = counted.get(failures);
  if (known) return known;
  const counts = new Map<string, number>();
  for (const {resource} of failures) {
    const place = resource.namespace || 'cluster';
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  counted.set(failures, sorted);
  return sorted;
}

/** The scores of this run as a sparkline, first and last at its ends; nothing for fewer than four. */
export function trend(state: State): readonly Line[] {
  const {trend: values, scan} = state;
  const drawn = sparkline(values, 12);
  if (drawn === '' || scan === undefined) return [];
  const score = (value: number | undefined): string => formatScore(scan.framework.scoring, value);
  return [
    line(bold('Since kubekata was started')),
    line(score(values[0]), '  ', accent(drawn), '  ', score(values.at(-1))),
  ];
}
