import {formatScore} from '../../engine/score.ts';
import type {Mark} from '../../fix/plan.ts';
import {GLYPHS} from '../glyphs.ts';
import type {Forecast, State} from '../state.ts';
import {changeText} from './title-bar.ts';

/** `67 ➜ 69`, or `67 stays 67`. */
export function scoreArrow(state: State, {before, after}: Forecast): string {
  const scoring = state.scan?.framework.scoring ?? 'mean';
  const [from, to] = [formatScore(scoring, before), formatScore(scoring, after)];
  return from === to ? `${from} stays ${to}` : `${from} ${GLYPHS.arrow} ${to}`;
}

/** The first of the four answers: what happens to the scores. */
export function scoreAnswer(
  state: State,
  controlId: string,
  forecast: Forecast | undefined,
): {readonly mark: Mark | 'gain' | 'loss'; readonly text: string} {
  if (forecast === undefined) {
    return {mark: 'look', text: "It can't be predicted here; the scan after it tells."};
  }
  const scoring = state.scan?.framework.scoring ?? 'mean';
  const change = changeText(scoring, forecast.before, forecast.after);
  const {failedBefore, failedAfter, allBefore, allAfter} = forecast;
  const percent = (failed: number, all: number): number =>
    all === 0 ? 100 : Math.floor((100 * (all - failed)) / all);
  const [from, to] = [percent(failedBefore, allBefore), percent(failedAfter, allAfter)];
  const own =
    controlId === '' || failedBefore === failedAfter
      ? ''
      : `${controlId}: ${failedBefore} ${GLYPHS.arrow} ${failedAfter} failing${from === to ? '' : `, ${from}% ${GLYPHS.arrow} ${to}%`}. `;
  const others = forecast.others
    .slice(0, 2)
    .map(({id, before, after}) => `${id}: ${before} ${GLYPHS.arrow} ${after} failing. `)
    .join('');
  const total =
    change !== ''
      ? `${scoreArrow(state, forecast)} (${change}).`
      : `${scoreArrow(state, forecast)}${own !== '' && scoring === 'sum' ? ', only whole points count' : ''}.`;
  return {
    mark: change === '' ? 'same' : change.startsWith('-') ? 'loss' : 'gain',
    text: `${own}${others}${total}`,
  };
}
