import {describe, expect, it} from 'vitest';
import {defineControl, type Framework} from '../../src/engine/control.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {asObject, type JsonObject} from '../../src/engine/json.ts';
import {labelsOf, type Resource, resourceOf} from '../../src/engine/objects.ts';
import {Scanner, type ScanResult, walkOrder} from '../../src/engine/scan.ts';

const messages = {bad: '{found}'} as const;
const meta = (id: string, baseScore = 5) => ({
  id,
  title: id,
  practice: 'p',
  baseScore,
  needs: ['Pod'],
  messages,
  references: [],
});

// Looks at the object alone.
const own = defineControl({
  meta: meta('own'),
  kinds: ['Pod'],
  *check({object}) {
    if (asObject(object.spec).bad === true) yield {message: 'bad', path: ['spec', 'bad'], found: 'true'};
  },
  fixes: () => [],
});
// Looks up one other object by name, which may be missing.
const named = defineControl({
  meta: meta('named', 7),
  kinds: ['Pod'],
  counts: ({object}) => labelsOf(object).skip === undefined,
  *check({object, namespace}, view) {
    const account = view.get('ServiceAccount', namespace, String(asObject(object.spec).account));
    if (account === undefined || asObject(account.object).off !== true) {
      yield {message: 'bad', path: ['spec', 'account'], found: account ? 'on' : 'missing'};
    }
  },
  fixes: () => [],
});
// Looks at a list of a namespace, and at all namespaces.
const listed = defineControl({
  meta: meta('listed'),
  kinds: ['Pod', 'Namespace'],
  *check({kind, namespace, name}, view) {
    const policies = view.list('NetworkPolicy', kind === 'Namespace' ? name : namespace);
    if (policies.length === 0 || view.list('Namespace').length > 3) {
      yield {message: 'bad', path: ['metadata'], found: `${policies.length}`};
    }
  },
  fixes: () => [],
});
const framework: Framework = {
  id: 'test',
  title: 'test',
  scoring: 'mean',
  entries: [own, named, listed].map((control) => ({
    id: control.meta.id,
    title: control.meta.title,
    baseScore: control.meta.baseScore,
    control,
  })),
  excuses: (id, {namespace}) => (id === 'own' && namespace === 'system' ? 'part of the system' : undefined),
};

const object = (kind: string, namespace: string, name: string, more: JsonObject = {}): Resource =>
  resourceOf({apiVersion: 'v1', kind, metadata: {name, ...(namespace ? {namespace} : {})}, ...more});

const comparable = (result: ScanResult) => ({
  score: result.score,
  controls: result.controls.map(({all, failed, excluded, status, reason, failures, exclusions}) => ({
    all,
    failed,
    excluded,
    status,
    reason,
    failures: failures.map(({resource, findings}) => [resource.key, resource.object, findings]),
    exclusions: exclusions.map(({resource, reason: why}) => [resource.key, why]),
  })),
});

/** Small deterministic generator (mulberry32), so that a failure can be run again by its seed. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe('Scanner', () => {
  it('counts passed, failed and excluded, and keeps the reason', () => {
    const inventory = new Inventory([
      object('Pod', 'a', 'good'),
      object('Pod', 'a', 'bad', {spec: {bad: true}}),
      object('Pod', 'system', 'bad', {spec: {bad: true}}),
    ]);
    const [control] = new Scanner(framework, inventory).scan().controls;
    expect(control).toMatchObject({all: 3, failed: 1, excluded: 1, status: 'failed'});
    expect(control?.exclusions[0]?.reason).toBe('part of the system');
    expect(control?.compliance).toBeCloseTo(66.67, 1);
  });

  it('does not evaluate a control whose kind could not be read, and leaves it out of the score', () => {
    const inventory = new Inventory([object('Pod', 'a', 'one')]);
    inventory.setGap('Pod', {reason: 'You may not list Pods.'});
    const result = new Scanner(framework, inventory).scan();
    expect(result.score).toBeUndefined();
    expect(result.controls.map(({status, reason}) => [status, reason])).toEqual(
      Array(3).fill(['notEvaluated', 'You may not list Pods.']),
    );
  });

  it('gives no score where nothing was judged', () => {
    const result = new Scanner(framework, new Inventory()).scan();
    expect(result.score).toBeUndefined();
    expect(result.controls.map(({status}) => status)).toEqual(Array(3).fill('passed'));
  });

  it('checks again only what depends on a change', () => {
    const inventory = new Inventory([
      ...Array.from({length: 100}, (_, index) => object('Pod', `n${index}`, 'p', {spec: {account: 'x'}})),
      object('Namespace', '', 'n1'),
    ]);
    const scanner = new Scanner(framework, inventory);
    scanner.scan();
    scanner.checks = 0;
    scanner.update(inventory.set(object('ServiceAccount', 'n7', 'x', {off: true})));
    expect(scanner.checks, 'the one pod that looked it up and missed').toBe(1);
    scanner.checks = 0;
    scanner.update(inventory.set(object('NetworkPolicy', 'n1', 'deny')));
    expect(scanner.checks, 'the pod and the namespace that listed its policies').toBe(2);
  });

  it('walks from the lowest score, then base score, then id; not evaluated before passing', () => {
    const inventory = new Inventory([
      object('Pod', 'a', 'one', {spec: {account: 'x'}}),
      object('NetworkPolicy', 'a', 'p'),
    ]);
    const {controls} = new Scanner(framework, inventory).scan();
    expect(walkOrder(controls).map(({entry}) => entry.id)).toEqual(['named', 'listed', 'own']);
  });

  it.each(Array.from({length: 20}, (_, seed) => seed))(
    'after any change equals a full scan (seed %i)',
    (seed) => {
      const random = generator(seed);
      const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
      const inventory = new Inventory();
      const scanner = new Scanner(framework, inventory);
      scanner.scan();
      for (let step = 0; step < 150; step += 1) {
        const namespace = pick(['a', 'b', 'system']);
        const name = pick(['x', 'y', 'z']);
        const kind = pick(['Pod', 'Pod', 'ServiceAccount', 'NetworkPolicy', 'Namespace']);
        const made =
          kind === 'Namespace'
            ? object(kind, '', pick(['a', 'b', 'c', 'd', 'system']))
            : object(kind, namespace, name, {
                spec: {bad: random(2) === 0, account: pick(['x', 'y'])},
                off: random(2) === 0,
              });
        scanner.update(random(3) === 0 ? inventory.delete(made.key) : inventory.set(made));
        expect(comparable(scanner.result())).toEqual(comparable(new Scanner(framework, inventory).scan()));
      }
    },
  );
});
