import {afterEach, expect, test} from 'vitest';
import type {JsonObject} from '../../../src/engine/json.ts';
import {type Cluster, deployment, startCluster} from '../../helpers/practice-machine.ts';

let cluster: Cluster;
afterEach(() => cluster.stop());

const configurations = 'validatingwebhookconfigurations.admissionregistration.k8s.io';

function register(failurePolicy: string): void {
  const webhook: JsonObject = {
    name: 'images.example.org',
    clientConfig: {service: {name: 'images', namespace: 'shop', path: '/review'}},
    failurePolicy,
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    rules: [{apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE']}],
  };
  cluster.machine.create(configurations, '', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {name: 'images'},
    webhooks: [webhook],
  });
}

const messages = (): readonly string[] =>
  cluster.machine
    .list('events')
    .filter(({reason}) => reason === 'FailedCreate')
    .map(({message}) => String(message));

test('a webhook that nobody answers keeps new pods from coming, and says so in an event, until it is gone', async () => {
  cluster = await startCluster();
  register('Fail');
  cluster.apply(deployment({replicas: 1}));
  await cluster.settled();
  expect(cluster.pods('shop')).toEqual([]);
  expect(messages()[0]).toBe(
    'Error creating: Internal error occurred: failed calling webhook "images.example.org": failed to call webhook: Post "https://images.shop.svc:443/review?timeout=10s": service "images" not found',
  );
  cluster.machine.delete(configurations, '', 'images');
  await cluster.clock.advance(3_600_000, cluster.settled);
  await cluster.settled();
  expect(cluster.pods('shop').map(({status}) => status?.phase)).toEqual(['Running']);
});

test('one that may fail lets them pass', async () => {
  cluster = await startCluster();
  register('Ignore');
  cluster.apply(deployment({replicas: 1}));
  await cluster.settled();
  expect(cluster.pods('shop')).toHaveLength(1);
});
