import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import type {AnyControl, Framework, View} from '../../src/engine/control.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {RecordingView, Scanner} from '../../src/engine/scan.ts';
import {realObjects} from './mutations.ts';

type LookUp = {readonly kind: string; readonly namespace?: string; readonly name?: string};

const textOf = ({kind, namespace, name}: LookUp): string =>
  [kind, namespace, name].filter((part) => part !== undefined).join('/');

/** A framework whose controls tell what they look up and which objects they judge, beside what the scanner records. */
function watched(framework: Framework) {
  const lookedUp = new Map<
    string,
    {readonly what: LookUp; readonly control: string; readonly by: Set<string>}
  >();
  const judged = new Set<string>();
  const watch = (id: string, control: AnyControl): AnyControl => {
    const note = (what: LookUp, {key}: Resource) => {
      const at = `${id} ${textOf(what)}`;
      const known = lookedUp.get(at) ?? {what, control: id, by: new Set()};
      lookedUp.set(at, known);
      known.by.add(key);
    };
    const telling = (view: View, resource: Resource): View => ({
      get(kind, namespace, name) {
        note({kind, namespace, name}, resource);
        return view.get(kind, namespace, name);
      },
      list(kind, namespace) {
        note(namespace === undefined ? {kind} : {kind, namespace}, resource);
        return view.list(kind, namespace);
      },
      gap: (kind) => view.gap(kind),
    });
    const {counts} = control;
    return {
      ...control,
      ...(counts && {
        counts: (resource, view) => {
          judged.add(`${id} ${resource.key}`);
          return counts(resource, telling(view, resource));
        },
      }),
      check(resource, view) {
        judged.add(`${id} ${resource.key}`);
        return control.check(resource, telling(view, resource));
      },
    };
  };
  const entries = framework.entries.map((entry) => ({...entry, control: watch(entry.id, entry.control)}));
  return {framework: {...framework, entries}, lookedUp, judged};
}

/** Look-ups (of one kind, where given), a few of each control and kind, after whose answer changed not everything that asked is judged again. */
function missed(framework: Framework, resources: readonly Resource[], only?: string): readonly string[] {
  const {framework: told, lookedUp, judged} = watched(framework);
  const scanner = new Scanner(told, new Inventory(resources));
  scanner.scan();
  const some = Map.groupBy(
    [...lookedUp.values()].filter(({what}) => only === undefined || what.kind === only),
    ({control, what}) => `${control} ${what.kind} ${Object.keys(what).length}`,
  );
  const found: string[] = [];
  for (const {what, control, by} of [...some.values()].flatMap((group) => group.slice(0, 6))) {
    const {kind, namespace = 'anywhere', name = 'any'} = what;
    const id = `${kind}/${namespace}/${name}`;
    judged.clear();
    scanner.update([
      {key: 'changed', id, apiVersion: 'v1', kind, namespace, name, object: {}, source: 'live'},
    ]);
    if ([...by].some((key) => !judged.has(`${control} ${key}`))) found.push(`${control} ${textOf(what)}`);
  }
  return found;
}

const recorded = {get: RecordingView.prototype.get, list: RecordingView.prototype.list};

/** The scanner with a fault: it forgets that one kind was looked up. */
function forget(kind: string): void {
  const without = (view: RecordingView, one: string, look: () => unknown) => {
    const before = new Set(view.seen);
    const result = look();
    if (one === kind) view.seen = before;
    return result;
  };
  RecordingView.prototype.get = function (...of) {
    return without(this, of[0], () => recorded.get.apply(this, of)) as ReturnType<typeof recorded.get>;
  };
  RecordingView.prototype.list = function (...of) {
    return without(this, of[0], () => recorded.list.apply(this, of)) as ReturnType<typeof recorded.list>;
  };
}

describe.each(Object.values(frameworks))('what depends on what was looked up, $id', (framework) => {
  let resources: readonly Resource[] = [];

  beforeAll(async () => {
    resources = await realObjects(500);
  });

  afterEach(() => Object.assign(RecordingView.prototype, recorded));

  it('is judged again when that changes, comes or goes', () => {
    expect(missed(framework, resources)).toEqual([]);
  });

  it('is found missing, were only one kind not recorded', () => {
    const {framework: told, lookedUp} = watched(framework);
    new Scanner(told, new Inventory(resources)).scan();
    const kinds = new Set([...lookedUp.values()].map(({what}) => what.kind));
    expect(kinds.size).toBeGreaterThan(10);
    for (const kind of kinds) {
      forget(kind);
      const found = missed(framework, resources, kind);
      Object.assign(RecordingView.prototype, recorded);
      expect(found.length, kind).toBeGreaterThan(0);
      expect(
        found.every((one) => one.includes(` ${kind}`)),
        kind,
      ).toBe(true);
    }
  }, 120_000);
});
