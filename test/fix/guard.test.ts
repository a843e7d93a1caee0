import {describe, expect, it} from 'vitest';
import {restartChange, restartedBy, rolloutStatus} from '../../src/fix/guard.ts';
import {inventoryOf} from '../helpers/test-control.ts';

const ref = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'home', name: 'web'};
const deployment = (status: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: home, generation: 2, annotations: {deployment.kubernetes.io/revision: "2"}}
spec: {replicas: 2, template: {spec: {containers: [{name: main}]}}}
status: {observedGeneration: 2, replicas: 2, ${status}}
---`;
const set = (revision: number, status = '{}'): string => `
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-${revision}
  namespace: home
  annotations: {deployment.kubernetes.io/revision: "${revision}"}
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]
status: ${status}
---`;
const pod = (revision: number, status: string, spec = '{containers: [{name: main}]}'): string => `
apiVersion: v1
kind: Pod
metadata:
  name: web-${revision}-a
  namespace: home
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-${revision}, controller: true}]
spec: ${spec}
status: ${status}
---`;
const waiting = (reason: string, message = ''): string =>
  `{containerStatuses: [{name: main, restartCount: 2, ready: false, state: {waiting: {reason: ${reason}, message: "${message}"}}}]}`;
const statusOf = (yaml: string) => rolloutStatus(inventoryOf(yaml), ref);

describe('a rollout', () => {
  it('is ready when every pod is of the new template and ready', () => {
    expect(statusOf(deployment('readyReplicas: 2, updatedReplicas: 2') + set(2))).toMatchObject({
      state: 'ready',
      ready: 2,
      wanted: 2,
    });
  });

  it('is under way while old pods serve', () => {
    expect(statusOf(deployment('readyReplicas: 2, updatedReplicas: 1') + set(2)).state).toBe('progressing');
  });

  it('is under way while the controller has not seen it', () => {
    const unseen = deployment('readyReplicas: 2, updatedReplicas: 2').replace(
      'observedGeneration: 2',
      'observedGeneration: 1',
    );
    expect(statusOf(unseen).state).toBe('progressing');
  });

  it('fails by a container that can not start, in words', () => {
    const found = statusOf(
      deployment('readyReplicas: 1, updatedReplicas: 1') +
        set(2) +
        pod(
          2,
          waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'),
        ),
    );
    expect(found).toMatchObject({state: 'failing', restarts: 2});
    expect(found.reasons).toEqual([
      'Pod web-2-a, container main: CreateContainerConfigError: container has runAsNonRoot and image will run as root.',
    ]);
  });

  it('is not blamed for pods of the old template', () => {
    expect(
      statusOf(
        deployment('readyReplicas: 1, updatedReplicas: 1') +
          set(1) +
          set(2) +
          pod(1, waiting('CrashLoopBackOff')),
      ).state,
    ).toBe('progressing');
  });

  it('waits for an image that is being pulled', () => {
    expect(
      statusOf(deployment('updatedReplicas: 2') + set(2) + pod(2, waiting('ContainerCreating'))).state,
    ).toBe('progressing');
  });

  it('tells the limit of a container that was killed for its memory', () => {
    const status =
      '{containerStatuses: [{name: main, ready: false, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: OOMKilled, exitCode: 137}}}]}';
    const limited = '{containers: [{name: main, resources: {limits: {memory: 128Mi}}}]}';
    expect(statusOf(deployment('updatedReplicas: 2') + set(2) + pod(2, status, limited)).reasons).toEqual([
      'Pod web-2-a, container main ran out of memory, was killed (OOMKilled). Its limit is 128Mi.',
    ]);
  });

  it('fails by pods that are refused', () => {
    const refused =
      '{conditions: [{type: ReplicaFailure, status: "True", reason: FailedCreate, message: "pods web-2-x is forbidden: exceeded quota"}]}';
    expect(statusOf(deployment('updatedReplicas: 0') + set(2, refused)).reasons).toEqual([
      'A new pod is refused: pods web-2-x is forbidden: exceeded quota',
    ]);
  });

  it('fails where no node has room', () => {
    const pending =
      '{phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/3 nodes are available"}]}';
    expect(statusOf(deployment('updatedReplicas: 2') + set(2) + pod(2, pending)).reasons).toEqual([
      'No node takes pod web-2-a: 0/3 nodes are available',
    ]);
  });

  it('fails when its workload is gone', () => {
    expect(statusOf('')).toMatchObject({state: 'failing', reasons: ['Deployment home/web is not there.']});
  });
});

describe('what a change restarts', () => {
  const edit = (path: readonly string[]) =>
    ({do: 'edit', object: ref, edits: [{op: 'set', path, value: {json: 1}}]}) as const;

  it('is what it edits in a template', () => {
    expect(restartedBy({id: 'x', steps: [edit(['spec', 'template', 'spec', 'hostPID'])]})).toEqual([ref]);
  });
  it('is nothing beside the template', () => {
    expect(restartedBy({id: 'x', steps: [edit(['spec', 'replicas'])]})).toEqual([]);
  });
  it('can be asked for', () => {
    const [web] = inventoryOf(deployment('')).list('Deployment');
    const change = restartChange([web!], new Date('2026-11-23T14:00:00.123Z'));
    expect(restartedBy(change)).toEqual([ref]);
    expect(JSON.stringify(change)).toContain('"2026-11-23T14:00:00Z"');
  });
});
