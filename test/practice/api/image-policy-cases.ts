import type {ServerResponse} from 'node:http';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {apps, type Case, create, deployment, dry, meta, ns, patch, pod} from './differential-requests.ts';
import type {Asked} from './webhook-server.ts';

/** Answers an ImageReview as the images say: those of a name are refused, or not answered. */
export function answeringImages({body}: Asked, response: ServerResponse): JsonObject | undefined {
  const images = asArray(asObject(body.spec).containers).map((one) => asString(asObject(one).image));
  const has = (name: string): boolean => images.some((image) => image.startsWith(name));
  const reviewed = (status: JsonObject): JsonObject => ({
    apiVersion: 'imagepolicy.k8s.io/v1alpha1',
    kind: 'ImageReview',
    status,
  });
  if (has('gone:')) {
    response.writeHead(404, {'content-type': 'text/plain'});
    response.end('404 page not found\n');
    return undefined;
  }
  if (has('down:')) {
    response.writeHead(503, {'content-type': 'text/plain'});
    response.end('down\n');
    return undefined;
  }
  if (has('broken:')) {
    response.writeHead(500, {'content-type': 'text/plain'});
    response.end('broken\n');
    return undefined;
  }
  if (has('empty:')) return reviewed({});
  if (has('odd:')) return {apiVersion: 'v1', kind: 'Pod'};
  if (has('bad:')) return reviewed({allowed: false, reason: 'bad images', auditAnnotations: {why: 'bad'}});
  if (has('silent:')) return reviewed({allowed: false});
  return reviewed({allowed: true});
}

const container = (image: string, name = 'c'): JsonObject => ({name, image});
const images = (
  name: string,
  list: readonly string[],
  more: JsonObject = {},
  annotations?: JsonObject,
): JsonObject => ({
  ...pod(name),
  ...meta(name, annotations ? {annotations} : {}),
  spec: {containers: list.map((image, index) => container(image, `c${index}`)), ...more},
});
const run = (name: string, path: string, body: Json): Case => create(name, path, body);
const pods = `${ns}/pods`;

export const imageRequests: readonly Case[] = [
  run('good', pods, images('good', ['good:1', 'good:2'], {initContainers: [container('init:1', 'i')]})),
  run('bad', pods, images('bad', ['good:1', 'bad:1'])),
  run('bad once more', pods, images('bad', ['good:1', 'bad:1'])),
  run('silent', pods, images('silent', ['silent:1'])),
  run('gone', pods, images('gone', ['gone:1'])),
  run('down', pods, images('down', ['down:1'])),
  run('broken', pods, images('broken', ['broken:1'])),
  run('empty', pods, images('empty', ['empty:1'])),
  run('odd', pods, images('odd', ['odd:1'])),
  run(
    'annotated',
    pods,
    images(
      'annotated',
      ['good:3'],
      {},
      {
        'mycluster.image-policy.k8s.io/ticket': '1',
        'other.example.com/x': 'y',
        'a.image-policy.k8s.io/b': 'c',
      },
    ),
  ),
  run('dry run', `${pods}${dry}`, images('dry', ['bad:2'])),
  run('invalid', pods, images('A_b', ['bad:3'])),
  run('generated name', `${pods}${dry}`, {
    ...images('x', ['bad:4']),
    metadata: {generateName: 'made-'},
  }),
  run('privileged', pods, images('privileged', ['bad:5'], {hostNetwork: true})),
  patch('label', 'merge', `${pods}/good`, {metadata: {labels: {a: 'b'}}}),
  patch('another image', 'json', `${pods}/annotated`, [
    {op: 'replace', path: '/spec/containers/0/image', value: 'bad:6'},
  ]),
  patch('another good image', 'strategic-merge', `${pods}/annotated`, {
    spec: {containers: [{name: 'c0', image: 'good:9'}]},
  }),
  run('deployment', `${apps}/deployments`, deployment('d')),
];
