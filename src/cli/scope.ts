import {frameworks} from '../../controls/frameworks.ts';
import type {Framework} from '../engine/control.ts';
import type {Inventory} from '../engine/inventory.ts';
import {inNamespaces, onlyObjects} from '../engine/narrow.ts';
import {didYouMean} from '../engine/text.ts';
import {type TargetChoice, UsageError} from './choice.ts';
import type {Scope} from './invocation.ts';

/** The practice cluster opens with the edition of the story; anything else with the controls of today. */
export const defaultFramework = (choice: TargetChoice): keyof typeof frameworks =>
  choice.kind === 'practice' ? 'nsa-2021' : 'nsa';

/** Ids of the peer are written in capitals, our own as words: `C-0034`, `image-tags`. */
const canonical = (id: string): string => (/^c-\d/i.test(id) ? id.toUpperCase() : id.toLowerCase());

/** The framework that was asked for, with the controls and namespaces that were. @throws {UsageError} for an unknown one */
export function scopedFramework(
  {framework, controls, namespaces, objects = []}: Scope,
  choice: TargetChoice,
): Framework {
  const whole: Framework =
    frameworks[(framework as keyof typeof frameworks | undefined) ?? defaultFramework(choice)];
  const wanted = new Set(controls.map(canonical));
  for (const id of wanted) {
    if (!whole.entries.some((entry) => entry.id === id)) throw unknownControl(id, whole);
  }
  const asked = new Set(objects);
  const entries = whole.entries
    .filter(({id}) => wanted.size === 0 || wanted.has(id))
    .map((entry) => (asked.size === 0 ? entry : onlyObjects(entry, asked)));
  if (namespaces.length === 0) return {...whole, entries};
  return {...whole, entries: entries.map((entry) => inNamespaces(entry, new Set(namespaces)))};
}

/** @throws {UsageError} when an object that was asked for was not read. */
export function checkObjects(ids: readonly string[], inventory: Inventory): void {
  const known = new Set<string>();
  for (const kind of inventory.kinds()) for (const {id} of inventory.list(kind)) known.add(id);
  for (const id of ids) {
    if (known.has(id)) continue;
    const close = didYouMean(id, known);
    throw new UsageError(
      `There is no object ${JSON.stringify(id)} here.${close ? ` Did you mean ${close}?` : ' Write it as Deployment/shop/web.'}`,
    );
  }
}

function unknownControl(id: string, framework: Framework): UsageError {
  const other = Object.values(frameworks).find(
    (one) => one.id !== framework.id && one.entries.some((entry) => entry.id === id),
  );
  if (other) {
    return new UsageError(
      `${id} is no control of ${framework.id}, but of ${other.id}: add --framework ${other.id}.`,
    );
  }
  const close = didYouMean(
    id,
    framework.entries.map((entry) => entry.id),
  );
  return new UsageError(
    `There is no control ${JSON.stringify(id)}.${close ? ` Did you mean ${close}?` : ''} kubekata controls lists them all.`,
  );
}

/** @throws {UsageError} when nothing that was read is in a namespace that was asked for. */
export function checkNamespaces(namespaces: readonly string[], inventory: Inventory): void {
  const known = new Set<string>();
  for (const kind of inventory.kinds()) {
    for (const {namespace, name} of inventory.list(kind)) known.add(kind === 'Namespace' ? name : namespace);
  }
  known.delete('');
  for (const namespace of namespaces) {
    if (known.has(namespace)) continue;
    const close = didYouMean(namespace, known);
    throw new UsageError(
      `There is no namespace ${JSON.stringify(namespace)} here.${close ? ` Did you mean ${close}?` : ''}`,
    );
  }
}
