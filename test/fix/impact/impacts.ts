import {describe, expect, it} from 'vitest';
import {type Ref, refId, refOfObject} from '../../../src/engine/objects.ts';
import {complete} from '../../../src/engine/slices.ts';
import {impactOf} from '../../../src/fix/impact.ts';
import type {PreviewItem, TargetKind} from '../../../src/target/target.ts';
import {inventoryOf, parseObjects} from '../../helpers/test-control.ts';

export type ImpactCase = {
  readonly name: string;
  /** YAML: the cluster now. */
  readonly now: string;
  /** YAML: objects as the change leaves them, or makes them. */
  readonly later?: string;
  readonly deleted?: readonly Ref[];
  /** Objects of `later` that are deleted and made again. */
  readonly recreated?: readonly string[];
  /** Where the change is made; `live` if absent. */
  readonly kind?: TargetKind;
  /** Every remark: mark and text. */
  readonly remarks: readonly string[];
};

/** Runs literal cases: a cluster, a change, and exactly what is said about it. */
export function testImpact(title: string, cases: readonly ImpactCase[]): void {
  describe(title, () => {
    for (const one of cases) {
      it(one.name, () => {
        const inventory = inventoryOf(one.now);
        const items = parseObjects(one.later ?? '').map((after): PreviewItem => {
          const ref = refOfObject(after);
          const before = inventory.byKey(refId(ref))?.object;
          const isRecreated = one.recreated?.includes(refId(ref));
          return {
            step: before
              ? {do: isRecreated ? 'recreate' : 'edit', object: ref, edits: []}
              : {do: 'create', id: refId(ref), object: {base: after}},
            ref,
            before,
            after,
            confirmedBy: 'server',
            warnings: [],
            expected: {values: []},
          };
        });
        const gone = (one.deleted ?? []).map(
          (ref): PreviewItem => ({
            step: {do: 'delete', object: ref},
            ref,
            before: inventory.byKey(refId(ref))?.object,
            after: undefined,
            confirmedBy: 'server',
            warnings: [],
            expected: {values: []},
          }),
        );
        const found = complete(impactOf(inventory, [...items, ...gone], one.kind ?? 'live'));
        expect(found.map(({mark, text}) => `${mark}: ${text}`)).toEqual(one.remarks);
      });
    }
  });
}

export const deployment = (name: string, spec: string, more = ''): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: home}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}${more}
  template:
    metadata: {labels: {app: ${name}}}
    spec: ${spec}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: ${name}-1, namespace: home, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: ${name}, controller: true}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}-1-a, namespace: home, labels: {app: ${name}}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: ${name}-1, controller: true}]}
status: {phase: Running}
---`;

/** The Deployment alone, as a change leaves it. */
export const changedTo = (name: string, spec: string, more = ''): string =>
  deployment(name, spec, more).split('---')[0] ?? '';

export const uses = (name: string, memory: string, cpu = '10m'): string => `
apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: {name: ${name}-1-a, namespace: home}
containers: [{name: main, usage: {cpu: ${cpu}, memory: ${memory}}}]
---`;
