import {DOMAINS, domainOf} from '../../engine/curriculum.ts';
import {describe} from '../../engine/objects.ts';
import {formatScore} from '../../engine/score.ts';
import {plainText} from '../../engine/text.ts';
import {changeText} from '../components/title-bar.ts';
import {whenText} from '../entry-text.ts';
import {outlineOf, startRows, visibleControls} from '../lists.ts';
import {nextItems} from '../next.ts';
import {domainRows} from '../screens/domains.ts';
import {resultSentences} from '../screens/result.ts';
import {fixSentence} from '../screens/walk-pane.ts';
import {resultOf} from '../select.ts';
import type {ChangesScreen, DomainsScreen, ResultScreen, StartScreen, State, WalkScreen} from '../state.ts';
import {answerWords} from './change.ts';
import {place, said, saidLines, sentence} from './words.ts';

/** The start screen: what can be opened, and what is chosen. */
export function startWords(state: State, {cursor}: StartScreen): readonly string[] {
  const count = startRows(state);
  const choice = state.choices[cursor];
  const chosen =
    choice === undefined
      ? cursor === state.choices.length
        ? 'another folder, type its path'
        : 'study for the CKS'
      : sentence(`${choice.name}, ${choice.kind}`, choice.detail, choice.last && `last scan ${choice.last}`);
  return [
    "Walk a cluster's controls from the weakest, learn why each one matters, and fix what you understand.",
    `${place('Target', cursor, count)}: ${chosen.replace(/\.$/, '')}.`,
    ...state.notes,
  ];
}

export function walkWords(state: State, screen: WalkScreen): readonly string[] {
  const {scan} = state;
  if (scan === undefined) return ['Nothing is read yet.'];
  const count = (status: string): number => scan.controls.filter((one) => one.status === status).length;
  const ids = visibleControls(state, screen);
  const head = `Walk, ${screen.by === 'score' ? 'lowest score first' : 'most gained first'}. ${count('failed')} controls fail, ${count('passed')} pass, ${count('notEvaluated')} are not evaluated.`;
  const shown = [
    screen.filter !== '' && `Filter ${screen.filter}, ${ids.length} of ${screen.order.length} controls.`,
    screen.domain !== undefined && `Only CKS domain ${screen.domain}, ${DOMAINS[screen.domain - 1]?.name}.`,
  ].filter((text) => text !== false);
  const result = screen.cursor === undefined ? undefined : resultOf(state, screen.cursor);
  if (result === undefined || ids.length === 0) return [head, ...shown, 'No control is shown.'];
  const lesson = state.lessons.get(result.entry.control.meta.practice);
  const domain = lesson && domainOf(lesson, outlineOf(state));
  const verdict =
    result.status === 'notEvaluated'
      ? `Not evaluated. ${result.reason ?? ''}`
      : `${result.failed} of ${result.all} objects fail, ${result.excluded > 0 ? `${result.excluded} are accepted, ` : ''}score ${Math.floor(result.compliance + 1e-9)} percent.`;
  return [
    head,
    ...shown,
    `${place('Control', ids.indexOf(result.entry.id), ids.length)}: ${result.entry.id}, ${result.entry.title}.`,
    domain ? `${said(verdict)} CKS domain ${domain.number}, ${domain.name}.` : said(verdict),
    lesson?.title ? `Lesson: ${lesson.title}.` : '',
    result.status === 'notEvaluated' ? '' : said(fixSentence(state, result)),
  ];
}

export function resultWords(state: State, screen: ResultScreen): readonly string[] {
  const {scan} = state;
  const now = resultOf(state, screen.controlId);
  if (scan === undefined || now === undefined) return [];
  const score = (value: number | undefined): string => formatScore(scan.framework.scoring, value);
  const change = changeText(scan.framework.scoring, screen.scoreBefore, scan.score);
  const tally = (name: string, {failed, excluded, all}: typeof screen.before): string =>
    `${name}: ${failed} failed, ${excluded} excluded, ${all} in all.`;
  const items = nextItems(state, screen.controlId);
  const item = items[screen.cursor];
  return [
    sentence(`Score ${score(screen.scoreBefore)} to ${score(scan.score)}`, change),
    `${now.entry.id}, ${now.entry.title}.`,
    tally('Before', screen.before),
    tally('Now', now),
    ...resultSentences(state, screen).map(said),
    item === undefined
      ? 'No other control fails.'
      : `What next. ${place('Choice', screen.cursor, items.length)}: ${said(sentence(item.id, item.title, item.why))}`,
  ];
}

export function changesWords(state: State, screen: ChangesScreen): readonly string[] {
  const {entries, connection} = state;
  const entry = entries[screen.cursor];
  if (entry === undefined) {
    return [
      `No changes yet. What you apply to ${connection?.name ?? 'a target'} appears here and can be taken back.`,
    ];
  }
  const change = changeText(state.scan?.framework.scoring ?? 'mean', entry.scoreBefore, entry.scoreAfter);
  const objects = entry.steps.length;
  const head = `${place('Change', screen.cursor, entries.length)}: ${sentence(
    `number ${entry.number}`,
    plainText(entry.title),
    whenText(entry.at, state.now),
    `${objects} ${objects === 1 ? 'object' : 'objects'}`,
    change !== '' && `score ${change}`,
    entry.state,
  )}`;
  return [head, ...undoWords(state, screen, entry.number)];
}

function undoWords(state: State, {undo}: ChangesScreen, number: number): readonly string[] {
  switch (undo.is) {
    case 'none':
      return [];
    case 'asking':
      return [`The server is asked what undoing change ${number} would do.`];
    case 'failed':
      return [`Change ${number} can't be taken back. ${undo.text}`];
    case 'ready':
      return [
        `Undo of change ${number}: ${undo.plan.items.map(({ref}) => describe(ref)).join(', ') || 'nothing'}.`,
        ...answerWords(state, '', undo.plan, undo.forecast),
      ];
  }
}

export function domainsWords(state: State, {cursor, outline}: DomainsScreen): readonly string[] {
  const domain = DOMAINS[cursor];
  if (domain === undefined) return [];
  const [row] = saidLines(domainRows(state, 80, outline).slice(cursor, cursor + 1));
  return [
    `CKS domains, outline ${outline === 'today' ? 'of today' : 'of 2021'}.`,
    `${place('Domain', cursor, DOMAINS.length)}: ${sentence(row, `${domain.weight[outline]} percent of the exam`)}`,
    ...practiceWords(state, cursor + 1, outline),
  ];
}

function practiceWords(state: State, number: number, outline: DomainsScreen['outline']): readonly string[] {
  return state.lessonIds.flatMap((id) => {
    const lesson = state.lessons.get(id);
    if (lesson === undefined || domainOf(lesson, outline)?.number !== number) return [];
    const controls = (state.scan?.controls ?? []).filter(({entry}) => entry.control.meta.practice === id);
    const sum = (of: 'all' | 'failed'): number => controls.reduce((total, one) => total + one[of], 0);
    const ids = controls.map(({entry}) => entry.id).join(', ');
    return [
      controls.length === 0
        ? `Practice ${lesson.title}: lesson only.`
        : `Practice ${lesson.title}: ${sum('failed')} of ${sum('all')} fail, ${ids}.`,
    ];
  });
}
