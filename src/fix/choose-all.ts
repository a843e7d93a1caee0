import type {FixKind} from '../engine/change.ts';
import type {Framework} from '../engine/control.ts';
import type {Inventory} from '../engine/inventory.ts';
import {inNamespaces, onlyObjects} from '../engine/narrow.ts';
import {type Accept, Scanner} from '../engine/scan.ts';
import type {Target} from '../target/target.ts';
import {chooseFixes} from './choose.ts';
import {type Composed, compose} from './compose.ts';

/** What is to be fixed as one change: all of a namespace, or of one object by its id. */
export type Whole = {readonly namespace: string} | {readonly object: string};

export type ChooseAll = {
  readonly target: Target;
  /** Stays as it is. */
  readonly inventory: Inventory;
  readonly framework: Framework;
  readonly accept: Accept | undefined;
  readonly whole: Whole;
  readonly kinds: ReadonlySet<FixKind>;
  readonly signal?: AbortSignal;
};

/**
 * The least harmful fixes of all controls for a namespace or an object, as one change that the target takes; what has a
 * question without an answer is left out. @throws {TargetError}
 */
export function chooseAll({
  target,
  inventory,
  framework,
  accept,
  whole,
  kinds,
  signal,
}: ChooseAll): Promise<Composed> {
  const entries = framework.entries.map((entry) =>
    'namespace' in whole
      ? inNamespaces(entry, new Set([whole.namespace]))
      : onlyObjects(entry, new Set([whole.object])),
  );
  const copy = inventory.copy();
  const scanner = new Scanner({...framework, entries}, copy, accept);
  scanner.scan();
  return compose(target, chooseFixes({inventory: copy, scanner, kinds, given: new Map()}), signal);
}
