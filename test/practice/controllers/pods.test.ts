import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {ContainerStatus, Pod} from '../../../src/practice/controllers/types.ts';
import {type Cluster, startCluster} from '../../helpers/practice-machine.ts';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.stop());

const images = {redis: 'public.ecr.aws/docker/library/redis:8.10.1-alpine'};

type Options = {
  readonly image: string;
  readonly container?: string;
  readonly pod?: string;
  readonly name?: string;
};
const run = async ({image, container = '{}', pod = '{}', name = 'one'}: Options): Promise<Pod> => {
  const spec = {
    ...(JSON.parse(pod) as object),
    containers: [{name: 'main', image, ...(JSON.parse(container) as object)}],
  };
  cluster.apply(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {name, namespace: 'shop', labels: {app: name}},
      spec,
    }),
  );
  await cluster.settled();
  return cluster.get<Pod>('pods', 'shop', name);
};
const status = (pod: Pod): ContainerStatus => pod.status!.containerStatuses![0]!;
const json = (value: object): string => JSON.stringify(value);

describe('how pods end', () => {
  test('a pod that must not restart ends with its program', async () => {
    const done = await run({
      image: 'busybox',
      container: json({command: ['sh', '-c', 'exit 0']}),
      pod: json({restartPolicy: 'Never'}),
    });
    expect(done.status?.phase).toBe('Succeeded');
    const failed = await run({
      name: 'two',
      image: 'busybox',
      container: json({command: ['sh', '-c', 'exit 3']}),
      pod: json({restartPolicy: 'Never'}),
    });
    expect(failed.status?.phase).toBe('Failed');
    expect(status(failed).state.terminated).toMatchObject({exitCode: 3, reason: 'Error'});
    const stays = await run({
      name: 'three',
      image: 'busybox',
      container: json({command: ['sleep', '3600']}),
      pod: json({restartPolicy: 'Never'}),
    });
    expect(stays.status?.phase).toBe('Running');
  });
  test('init containers come first, in order, and one that fails holds the pod up', async () => {
    const inits = (code: number) =>
      json({
        initContainers: [
          {name: 'first', image: 'busybox', command: ['true']},
          {name: 'second', image: 'busybox', command: ['sh', '-c', `exit ${code}`]},
        ],
      });
    const good = await run({image: images.redis, pod: inits(0)});
    expect(good.status).toMatchObject({
      phase: 'Running',
      initContainerStatuses: [
        {name: 'first', ready: true},
        {name: 'second', ready: true},
      ],
    });
    const bad = await run({name: 'two', image: images.redis, pod: inits(1)});
    expect(bad.status).toMatchObject({
      phase: 'Pending',
      initContainerStatuses: [
        {state: {terminated: {exitCode: 0}}},
        {state: {waiting: {reason: 'CrashLoopBackOff'}}},
      ],
      containerStatuses: [{state: {waiting: {reason: 'PodInitializing'}}}],
    });
  });
  test('an image whose registry can not exist is pulled in vain', async () => {
    const pod = await run({image: 'registry.example.com/shop/web:1'});
    expect(status(pod).state.waiting?.reason).toBe('ErrImagePull');
    await cluster.advance(10_000);
    expect(status(cluster.get<Pod>('pods', 'shop', 'one')).state.waiting?.reason).toBe('ImagePullBackOff');
  });
  test('a new image restarts the container in its pod', async () => {
    await run({image: 'nginx:1.28'});
    cluster.change('pods', 'shop', 'one', (object) => {
      const {spec} = object as Pod;
      return {...object, spec: {...spec, containers: [{...spec.containers[0]!, image: 'nginx:1.29'}]}};
    });
    await cluster.settled();
    expect(status(cluster.get<Pod>('pods', 'shop', 'one'))).toMatchObject({
      image: 'nginx:1.29',
      restartCount: 1,
      ready: true,
    });
  });
});

test('a pod that nothing fits says why, and is placed when a node is free', async () => {
  const pod = await run({image: images.redis, pod: json({nodeSelector: {disk: 'ssd'}})});
  expect(pod.status?.phase).toBe('Pending');
  expect(cluster.messages('FailedScheduling')[0]).toMatch(
    /^0\/3 nodes are available: 3 node\(s\) didn't match Pod's node affinity\/selector\./,
  );
  cluster.change('nodes', '', 'rpi-2', (node) => ({
    ...node,
    metadata: {...node.metadata, labels: {'kubernetes.io/hostname': 'rpi-2', disk: 'ssd'}},
  }));
  await cluster.settled();
  expect(cluster.get<Pod>('pods', 'shop', 'one')).toMatchObject({
    spec: {nodeName: 'rpi-2'},
    status: {phase: 'Running'},
  });
});

test('a cordoned node gets no pods, a tainted one only those that tolerate it', async () => {
  for (const [index, name] of ['rpi-1', 'rpi-2'].entries()) {
    const spec = index === 0 ? {unschedulable: true} : {taints: [{key: 'slow', effect: 'NoSchedule'}]};
    cluster.change('nodes', '', name, (node) => ({...node, spec: {...(node.spec as object), ...spec}}));
  }
  for (const name of ['a', 'b']) expect((await run({name, image: images.redis})).spec.nodeName).toBe('rpi-3');
  const tolerant = await run({
    name: 'c',
    image: images.redis,
    pod: json({tolerations: [{key: 'slow', operator: 'Exists'}]}),
  });
  expect(tolerant.spec.nodeName).toBe('rpi-2');
});
