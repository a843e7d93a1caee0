import {domainOf} from '../../engine/curriculum.ts';
import {describe} from '../../engine/objects.ts';
import {lessonLines} from '../components/lesson.ts';
import {lineText} from '../layout.ts';
import {outlineOf} from '../lists.ts';
import {fixLines} from '../screens/control-fixes.ts';
import {resultOf, visibleRows} from '../select.ts';
import {PROSE} from '../sizes.ts';
import type {ControlScreen, State} from '../state.ts';
import {place, said, saidLines, sentence} from './words.ts';

/** Lines of a lesson that are read at once: `j` reads on from a later one. */
const most = 30;

/** A control: its numbers, then the tab that is chosen. */
export function controlWords(state: State, screen: ControlScreen): readonly string[] {
  const result = resultOf(state, screen.id);
  if (result === undefined) return [`There is no control ${screen.id} in ${state.frameworkId}.`];
  const {entry, failed, excluded, all, compliance, status, reason} = result;
  const lesson = state.lessons.get(entry.control.meta.practice);
  const domain = lesson && domainOf(lesson, outlineOf(state));
  const numbers =
    status === 'notEvaluated'
      ? `not evaluated: ${reason ?? ''}`
      : `${failed} failed, ${excluded} excluded, ${all} in all, ${Math.floor(compliance + 1e-9)} percent`;
  const head = [
    sentence(entry.title, said(numbers)),
    domain ? `CKS domain ${domain.number}, ${domain.name}.` : '',
  ];
  if (screen.tab === 'failing') return [...head, ...failingWords(state, screen)];
  if (lesson === undefined) return [...head, 'Tab Lesson. No lesson is written for this control yet.'];
  const lines = lessonLines(lesson, PROSE, outlineOf(state), entry.id).map((one) => said(lineText(one)));
  const top = Math.max(0, Math.min(screen.lessonTop, lines.length - 1));
  const last = Math.min(lines.length, top + most);
  return [
    ...head,
    `Tab Lesson, ${lesson.title}. Lines ${top + 1} to ${last} of ${lines.length}, j reads on.`,
    ...lines.slice(top, last),
  ];
}

function failingWords(state: State, screen: ControlScreen): readonly string[] {
  const detail = state.details.get(screen.id);
  if (detail === undefined) return ['Tab Failing. Its objects are being looked at.'];
  const rows = visibleRows(screen, detail);
  const found = rows.findIndex(({key}) => key === screen.cursor);
  const index = Math.max(0, found);
  const row = rows[index];
  const filter = screen.filter === '' ? '' : ` Filter ${screen.filter}.`;
  if (row === undefined) return [`Tab Failing. No object is shown.${filter}`];
  const marks = screen.marks.size === 0 ? 'none is marked' : `${screen.marks.size} marked`;
  return [
    `Tab Failing, ${marks}.${filter}`,
    `${place('Object', index, rows.length)}: ${sentence(
      screen.marks.has(row.key) ? 'marked' : 'not marked',
      describe(row.ref),
      row.extra !== '' && `${detail.extraHead} ${row.extra}`,
      `found ${row.found}`,
      row.source !== 'live' && `in ${row.source}`,
    )}`,
    ...row.messages,
    ...saidLines(fixLines(state, screen, detail, 400)).map((text) =>
      text.replace(/^\[(\d)\] ?/, 'Fix $1, chosen: ').replace(/^(\d),? /, 'Fix $1: '),
    ),
  ];
}
