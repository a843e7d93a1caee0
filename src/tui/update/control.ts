import {type Fix, type Question, questionsOf} from '../../engine/change.ts';
import {describe, refOfObject} from '../../engine/objects.ts';
import {changeOf} from '../../engine/simulate.ts';
import type {Update} from '../events.ts';
import type {Action} from '../keys.ts';
import {stepsFor} from '../screens/control-fixes.ts';
import {kindOf, selectedFixes, visibleRows} from '../select.ts';
import type {Approach, ControlScreen, Field, PreviewScreen, State} from '../state.ts';
import {openAccept} from './accept.ts';
import {openAttest} from './attest.ts';
import {nextControl, push, say} from './go.ts';
import {ask} from './preview.ts';
import {openWhole} from './whole.ts';

/** Keys of the control screen. */
export function updateControl(state: State, screen: ControlScreen, action: Action, key: string): Update {
  const detail = state.details.get(screen.id);
  const at = (next: Partial<ControlScreen>): Update => [{...state, screen: {...screen, ...next}}];
  switch (action) {
    case 'enter':
      return screen.tab === 'failing' ? [showObject(state, screen)] : at({tab: 'failing'});
    case 'pane':
      return at({tab: screen.tab === 'lesson' ? 'failing' : 'lesson'});
    case 'mark': {
      if (screen.cursor === undefined) return [state];
      const marks = new Set(screen.marks);
      if (!marks.delete(screen.cursor)) marks.add(screen.cursor);
      return at({marks, touched: true});
    }
    case 'mark-all': {
      const approach = detail?.approaches[screen.approach]?.safe.size
        ? detail.approaches[screen.approach]
        : detail?.approaches.find(({safe}) => safe.size > 0);
      if (detail === undefined || approach === undefined) return [state];
      const shown = new Set(visibleRows(screen, detail).map((row) => row.key));
      const safe = [...approach.safe].filter((one) => shown.has(one));
      const all = safe.length === screen.marks.size && safe.every((one) => screen.marks.has(one));
      const marks = new Set(all ? [] : safe);
      return at({marks, touched: true, approach: detail.approaches.indexOf(approach)});
    }
    case 'choose': {
      const approach = Number(key) - 1;
      return detail?.approaches[approach] ? at({approach}) : [state];
    }
    case 'fix': {
      const approach = detail?.approaches[screen.approach];
      const fixes = selectedFixes(state);
      if (approach === undefined || fixes.length === 0) return [state];
      const denied = denialOf(state, fixes);
      if (denied !== undefined) return [say(state, 'failed', denied)];
      return openPreview(state, screen.id, approach.name, fixes);
    }
    case 'yaml': {
      const row = detail?.rows.find((one) => one.key === screen.cursor) ?? detail?.rows[0];
      return row ? [state, {do: 'yaml', ref: row.ref, fields: row.fields}] : [state];
    }
    case 'whole-object':
    case 'whole-namespace': {
      const row = detail?.rows.find((one) => one.key === screen.cursor) ?? detail?.rows[0];
      if (row === undefined) return [state];
      const {kind, namespace, name} = row.ref;
      if (action === 'whole-object') return openWhole(state, {object: row.id});
      return openWhole(state, {namespace: kind === 'Namespace' ? name : namespace});
    }
    case 'attest':
      return [openAttest(state, screen)];
    case 'accept':
      return [openAccept(state, screen)];
    case 'next':
      return nextControl(state);
    default:
      return [state];
  }
}

/** Why nothing of these fixes may be written; undefined where something may, or where that is not known. */
export function denialOf({access}: State, fixes: readonly Fix[]): string | undefined {
  const steps = fixes.flatMap(({change}) => change.steps);
  const denials = steps.flatMap((step) => access?.denial(step) ?? []);
  const [first] = denials;
  if (first === undefined || denials.length < steps.length) return undefined;
  const more = new Set(denials.map(({permission}) => permission)).size - 1;
  const others =
    more > 0 ? ` ${more} other ${more === 1 ? 'permission is' : 'permissions are'} missing too.` : '';
  return `${first.reason}${others} :rbac fix writes the ClusterRole for fixes.`;
}

/** A preview of these fixes as one change: its questions first, else the server is asked at once. */
export function openPreview(
  state: State,
  controlId: string,
  approach: string,
  fixes: readonly Fix[],
): Update {
  const title = `${controlId} ${approach}`;
  const change = changeOf(title, fixes);
  const fields = fieldsOf(fixes, questionsOf(change));
  const screen: PreviewScreen = {
    name: 'preview',
    token: 0,
    controlId,
    title,
    kind: kindOf(fixes),
    change,
    consequences: [
      ...new Set(fixes.flatMap(({kind, consequence}) => (kind === 'automatic' ? [] : (consequence ?? [])))),
    ],
    leftOut: new Set(),
    order: undefined,
    fields,
    answers: new Map(),
    phase: fields.length > 0 ? {is: 'questions', fields, cursor: 0, foresight: undefined} : {is: 'asking'},
    shown: undefined,
    cursor: 0,
    top: 0,
    scroll: 0,
    whole: false,
    restartable: [],
    restart: false,
  };
  if (change.steps.length === 0) return [say(state, 'look', 'This fix has no step that can be applied.')];
  const next = push(state, screen);
  return fields.length > 0 ? [next] : ask(next, screen);
}

/** A form's fields; where questions of several namespaces read the same, the namespace stands before them. */
function fieldsOf(fixes: readonly Fix[], questions: readonly Question[]): readonly Field[] {
  const places = new Map<string, string>();
  for (const {asks, change} of fixes) {
    const [step] = change.steps;
    const object =
      step?.do === 'create'
        ? refOfObject(step.object.base)
        : step && 'object' in step
          ? step.object
          : undefined;
    for (const {id} of asks) places.set(id, object?.namespace ?? '');
  }
  const several = new Set(questions.map(({id}) => places.get(id) ?? '')).size > 1;
  return questions.map((question) => ({
    question,
    label: several ? `${places.get(question.id) ?? ''} ${question.label}`.trim() : question.label,
    text: question.suggestion ?? question.choices?.[0] ?? '',
    edited: false,
  }));
}

/** The lines to change in files of nodes, which are not wrapped: they are YAML. */
const guideLines = (approach: Approach | undefined) =>
  approach?.kind !== 'manual' || approach.files.length === 0
    ? []
    : [
        {text: ''},
        {text: 'Lines to change'},
        ...approach.files.map((text) => ({text, verbatim: true})),
        {text: ''},
        {text: 'ctrl-r looks again, and says what the API shows of it then.'},
      ];

/** What is wrong with the object under the cursor, where, and what to do by hand. */
function showObject(state: State, screen: ControlScreen): State {
  const detail = state.details.get(screen.id);
  const row = detail?.rows.find((one) => one.key === screen.cursor);
  if (row === undefined) return state;
  const steps = stepsFor(detail?.approaches[screen.approach], new Set([row.key]));
  return push(state, {
    name: 'text',
    prose: true,
    crumb: row.ref.name,
    title: describe(row.ref),
    lines: [
      ...row.messages.map((text) => ({text, mark: 'failed' as const})),
      {text: ''},
      ...row.fields.map((text) => ({text: `Field ${text}`})),
      ...(row.source === 'live' ? [] : [{text: `In ${row.source}`}]),
      ...(steps.length > 0 ? [{text: ''}, {text: 'By hand'}] : []),
      ...steps.map((text, index) => ({text: `${index + 1}  ${text}`})),
      ...guideLines(detail?.approaches[screen.approach]),
    ],
    top: 0,
  });
}
