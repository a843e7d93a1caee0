import {describe} from '../../engine/objects.ts';
import type {Plan, PlanItem} from '../../fix/plan.ts';
import {fieldCount} from '../components/diff.ts';
import {GLYPHS} from '../glyphs.ts';
import {bad, bold, cutLine, dim, ends, type Line, line, padEnd, plural, select, warn} from '../layout.ts';
import {windowTop} from '../lists.ts';
import {previewRoom} from '../rooms.ts';
import {objectsOf, type PreviewObject} from '../select.ts';
import type {PreviewScreen, State} from '../state.ts';

/** `12 ServiceAccounts`, and their rows; one object is only its name. */
export function objectPart(state: State, screen: PreviewScreen, plan: Plan, width: number): readonly Line[] {
  const objects = objectsOf(screen);
  const {fields, created, isOneKind, names} = summaryOf(objects, plan);
  const kind = created ? 'new' : `${plural(fields, 'field')}, ${screen.kind}`;
  const title = objects.length === 1 ? nameOf(objects[0]!) : countText(objects);
  const head = ends(line('  ', bold(title)), [dim(kind)], width + 2);
  if (objects.length === 1) return [head];
  const room = previewRoom(state, objects.length);
  const top = windowTop(screen.top, screen.cursor, objects.length, room);
  const shown = objects.slice(top, top + room);
  const below = objects.length - top - shown.length;
  const rows = shown.map((object, index) =>
    rowOf(object, shortName(object, isOneKind), names, top + index === screen.cursor, width),
  );
  const rest = below > 0 ? [line('  ', dim(`${GLYPHS.more} ${below} more`))] : [];
  return [head, ...rows, ...rest];
}

type Summary = {
  readonly fields: number;
  readonly created: boolean;
  readonly isOneKind: boolean;
  readonly names: Columns;
};
const summaries = new WeakMap<readonly PreviewObject[], Summary>();

/** What takes a look at all objects; kept, since each frame asks. */
function summaryOf(objects: readonly PreviewObject[], {items}: Plan): Summary {
  const known = summaries.get(objects);
  if (known) return known;
  const isOneKind = new Set(objects.map(({ref}) => ref.kind)).size === 1;
  const longest = (textOf: (object: PreviewObject) => string): number =>
    objects.reduce((most, object) => Math.max(most, textOf(object).length), 0);
  const summary: Summary = {
    fields: items.reduce((sum, item) => sum + fieldCount(item), 0),
    created: items.every(({before}) => before === undefined),
    isOneKind,
    names: {
      namespace: longest(({ref}) => ref.namespace) + 2,
      name: longest((object) => shortName(object, isOneKind)) + 2,
    },
  };
  summaries.set(objects, summary);
  return summary;
}

export const nameOf = ({ref}: PreviewObject): string => describe(ref);

function countText(objects: readonly PreviewObject[]): string {
  const kinds = new Set(objects.map(({ref}) => ref.kind));
  const [kind] = kinds;
  if (kinds.size !== 1 || kind === undefined) return `${objects.length} objects`;
  return `${objects.length} ${kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`}`;
}

/** The name alone where all are of one kind. */
const shortName = ({ref}: PreviewObject, isOneKind: boolean): string => {
  if (!isOneKind) return `${ref.kind} ${ref.name}`;
  // The end of a path tells more than its beginning.
  return ref.kind === 'NodeFile' ? ref.name.slice(ref.name.lastIndexOf('/') + 1) : ref.name;
};

type Columns = {readonly namespace: number; readonly name: number};

function rowOf(object: PreviewObject, label: string, columns: Columns, chosen: boolean, width: number): Line {
  const {item, out} = object;
  const namespace = Math.min(18, columns.namespace);
  const name = Math.min(columns.name, Math.max(16, Math.floor(width * 0.6) - namespace));
  const text = padEnd(padEnd(object.ref.namespace, namespace - 2), namespace) + padEnd(label, name - 2);
  const row = cutLine(
    line(
      chosen ? GLYPHS.cursor : ' ',
      ' ',
      out ? '[ ] ' : '[x] ',
      {text, ...(chosen ? {bold: true} : {})},
      '  ',
      ...(out ? [dim('left out')] : remarkOf(item)),
    ),
    width + 2,
  );
  return chosen ? select(row, width + 2) : row;
}

/** A remark beside its object's name, without that name. */
const shortly = (text: string, {ref}: PlanItem): string => text.replace(`${describe(ref)} `, '');

function remarkOf(item: PreviewObject['item']): Line {
  if (item === undefined) return [];
  if (item.rejection !== undefined) return line(bad(GLYPHS.failed), ` ${item.rejection}`);
  const worst =
    item.impact.find(({mark}) => mark === 'failed') ?? item.impact.find(({mark}) => mark === 'look');
  if (worst?.mark === 'failed') return line(bad(GLYPHS.failed), ` ${shortly(worst.text, item)}`);
  if (item.owner) return line(warn(GLYPHS.look), ` ${item.owner.tool} ${item.owner.name}`);
  if (worst) return line(warn(GLYPHS.look), ` ${shortly(worst.text, item)}`);
  if (item.warnings[0]) return line(warn(GLYPHS.look), ` ${item.warnings[0]}`);
  return item.confirmedBy === 'computed'
    ? line(warn(GLYPHS.look), ' not confirmed by the server')
    : line({text: GLYPHS.passed, role: 'good'});
}
