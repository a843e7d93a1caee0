import type {FixKind} from '../engine/change.ts';
import {describe} from '../engine/objects.ts';
import type {Plan} from '../fix/plan.ts';
import type {Confirmation, Connection} from './state.ts';

const many = 20;

/** What has to be confirmed before a plan is applied; undefined: the key itself was enough. */
export function applyConfirmation(
  connection: Connection,
  plan: Plan,
  kind: FixKind,
  consequences: readonly string[] = [],
): Confirmation | undefined {
  const live = connection.kind === 'live';
  const items = plan.items.filter(({rejection}) => rejection === undefined);
  const breaking = plan.breaks.filter(({mark}) => mark === 'failed');
  const looks = plan.breaks.filter(({mark}) => mark === 'look');
  const owned = items.filter(({owner}) => owner !== undefined && owner.tool !== 'controller');
  const ask = (wants: Confirmation['wants'], question: string, patch = false): Confirmation => ({
    name: 'confirm',
    of: 'apply',
    wants,
    word: wordOf(plan),
    text: '',
    question,
    patch,
  });
  if (owned.length > 0) {
    const names = [...new Set(owned.map((item) => `${item.owner!.tool} ${item.owner!.name}`))];
    const who = names.length > 2 ? `${names[0]} and ${names.length - 1} others` : names.join(' and ');
    const objects = owned.length === 1 ? describe(owned[0]!.ref) : `${owned.length} of these objects`;
    const what = `${who} ${names.length === 1 ? 'owns' : 'own'} ${objects} and will put the old state back.`;
    return live
      ? ask(
          'word',
          `${what} p writes a patch for the source. To apply it all the same, type ${wordOf(plan)}:`,
          true,
        )
      : ask('yes', `${what} p writes a patch for the source, y applies all the same.`, true);
  }
  if (breaking.length > 0 || items.length > many) {
    const what =
      breaking.length > 0
        ? `This breaks ${breaking.length === 1 ? '1 workload' : `${breaking.length} workloads`}${live ? ' of a live cluster' : ''}.`
        : `This changes ${items.length} objects.`;
    const word = wordOf(plan);
    return live
      ? ask('word', `${what} Type ${word} to apply it all the same:`)
      : ask('yes', `${what} Apply it all the same?`);
  }
  if (!live) return undefined;
  const count = items.length === 1 ? describe(items[0]!.ref) : `${items.length} objects`;
  const repeated =
    kind === 'automatic' ? looks.map(({text}) => text) : [...consequences, ...looks.map(({text}) => text)];
  return ask('yes', `${[...repeated, ''].join(' ')}Change ${count} of ${connection.name}?`);
}

/** What has to be confirmed before an undo; undefined: the second u was enough. */
export function undoConfirmation(connection: Connection, number: number): Confirmation | undefined {
  if (connection.kind !== 'live') return undefined;
  return {
    name: 'confirm',
    of: 'undo',
    wants: 'yes',
    word: '',
    text: '',
    question: `Take change ${number} back on ${connection.name}?`,
    patch: false,
  };
}

/** The word to type: the namespace where all is in one, else the only object's name, else `apply`. */
function wordOf(plan: Plan): string {
  const namespaces = new Set(plan.items.map(({ref}) => ref.namespace));
  const [namespace] = namespaces;
  if (namespaces.size === 1 && namespace) return namespace;
  return plan.items.length === 1 ? plan.items[0]!.ref.name : 'apply';
}
