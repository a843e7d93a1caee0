import {execFileSync} from 'node:child_process';
import type {Json, JsonObject} from '../../../src/engine/json.ts';
import {type Case, create, dry, meta, ns, patch, pod, pods} from './differential-requests.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** Each has a group of its own: a real server lists the kinds of one in any order. */
const groupOf = (plural: string): string => `${plural}.kubekata.dev`;
const gadgets = `/apis/${groupOf('gadgets')}`;
const widgets = `/apis/${groupOf('widgets')}`;
const open = {schema: {openAPIV3Schema: {type: 'object'}}};

/** A kind that is served in one version and kept in another. */
const definition = (plural: string, kind: string, served: boolean): Case =>
  create(plural, definitions, {
    metadata: {name: `${plural}.${groupOf(plural)}`},
    spec: {
      group: groupOf(plural),
      scope: 'Namespaced',
      names: {plural, kind},
      versions: [
        {name: 'v1', served: true, storage: false, ...open},
        {name: 'v1beta1', served, storage: true, ...open},
      ],
    },
  });
const admission = '/apis/admissionregistration.k8s.io/v1';
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const encode = (text: string): string => Buffer.from(text).toString('base64');
const openssl = (...words: readonly string[]): string =>
  execFileSync(
    'openssl',
    ['req', ...words, '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=small'],
    {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']},
  );

/** Made of fresh keys; nothing signs by them. */
export const smallSetup = (): readonly Case[] => [
  definition('widgets', 'Widget', false),
  definition('gadgets', 'Gadget', true),
  create('headless', `${ns}/services`, {...meta('bare'), spec: {clusterIP: 'None'}}),
  create('evicted', `${ns}/pods`, pod('evicted', {schedulerName: 'nobody'})),
  create('request', requests, {
    ...meta('small'),
    spec: {request: encode(openssl('-new')), signerName: 'example.com/x', usages: ['client auth']},
  }),
  create('policy', `${admission}/validatingadmissionpolicies`, {
    ...meta('small'),
    spec: {
      matchConstraints: {
        resourceRules: [{apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['pods']}],
      },
      validations: [{expression: 'false', message: 'nothing goes'}],
    },
  }),
  create('binding', `${admission}/validatingadmissionpolicybindings`, {
    ...meta('small'),
    spec: {
      policyName: 'small',
      validationActions: ['Deny'],
      matchResources: {namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': '$ns'}}},
    },
  }),
];
/** What a real server takes a moment for: the kind is served, the policy is in force. */
export const smallProbes: readonly (readonly [Case, number])[] = [
  [{name: 'gadgets', path: `${gadgets}/v1/gadgets`}, 200],
  [{name: 'widgets', path: `${widgets}/v1/widgets`}, 200],
  [{name: 'delete', method: 'DELETE', path: `${ns}/pods/evicted${dry}`}, 422],
];
export const smallTeardown: readonly Case[] = [
  `${definitions}/widgets.${groupOf('widgets')}`,
  `${definitions}/gadgets.${groupOf('gadgets')}`,
  `${admission}/validatingadmissionpolicybindings/small`,
  `${admission}/validatingadmissionpolicies/small`,
  `${requests}/small`,
  `${ns}/services/bare`,
].map((path) => ({name: `remove ${path}`, method: 'DELETE', path}));

const groups = [
  '/api/v1',
  '/apis/admissionregistration.k8s.io/v1',
  '/apis/apiextensions.k8s.io/v1',
  '/apis/apps/v1',
  '/apis/authorization.k8s.io/v1',
  '/apis/autoscaling/v1',
  '/apis/autoscaling/v2',
  '/apis/batch/v1',
  '/apis/certificates.k8s.io/v1',
  '/apis/events.k8s.io/v1',
  '/apis/networking.k8s.io/v1',
  '/apis/policy/v1',
  '/apis/rbac.authorization.k8s.io/v1',
  '/apis/storage.k8s.io/v1',
  `${gadgets}/v1`,
  `${gadgets}/v1beta1`,
  `${widgets}/v1`,
];
const discovery: readonly Case[] = groups.map((path) => ({name: `discovery ${path}`, path}));

const families: readonly JsonObject[] = [
  {clusterIP: 'None'},
  {clusterIP: 'None', selector: {a: 'b'}},
  {clusterIP: 'None', ipFamilies: ['IPv4']},
  {clusterIP: 'None', ipFamilies: ['IPv6']},
  {clusterIP: 'None', ipFamilies: ['IPv6'], selector: {a: 'b'}},
  {clusterIP: 'None', ipFamilyPolicy: 'SingleStack'},
  {clusterIP: 'None', ipFamilyPolicy: 'PreferDualStack'},
  {clusterIP: 'None', ipFamilyPolicy: 'PreferDualStack', selector: {a: 'b'}},
  {clusterIP: 'None', ipFamilyPolicy: 'RequireDualStack', selector: {a: 'b'}},
  {clusterIP: 'None', ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6', 'IPv4']},
  {ipFamilyPolicy: 'RequireDualStack'},
  {ipFamilies: ['IPv6']},
];
const services: readonly Case[] = [
  ...families.map((spec) =>
    create(`families: ${JSON.stringify(spec)}`, `${ns}/services${dry}`, {
      ...meta('s'),
      spec: {ports: [{port: 80}], ...spec},
    }),
  ),
  patch('families: a label', 'merge', `${ns}/services/bare${dry}`, {metadata: {labels: {a: 'b'}}}),
];

const block = (type: string, lines: string): string =>
  `-----BEGIN ${type}-----\n${lines}-----END ${type}-----\n`;
function certificates(): readonly Case[] {
  const whole = openssl('-x509');
  const inner = whole.split('\n').slice(1, -2).join('\n');
  const texts: Readonly<Record<string, string>> = {
    words: 'hello',
    'another type': block('X', 'AAAA\n'),
    'no certificate': block('CERTIFICATE', 'AAAA\n'),
    'a header': block('CERTIFICATE', `A: b\n\n${inner}\n`),
    'words around': `junk\n${whole}junk`,
    two: whole + whole,
    'another type after': whole + block('X', 'AAAA\n'),
    empty: block('CERTIFICATE', ''),
    'no base64': block('CERTIFICATE', '!!\n'),
    'a number': block('CERTIFICATE', 'MAMCAQE=\n'),
  };
  return Object.entries(texts).flatMap(([name, text]) =>
    ['status', 'approval'].map((sub) =>
      patch(`certificate: ${name}, ${sub}`, 'merge', `${requests}/small/${sub}${dry}`, {
        status: {certificate: encode(text)},
      }),
    ),
  );
}

const secret = (name: string, ...paths: readonly string[]): JsonObject => ({
  secret: {name, items: paths.map((path) => ({key: 'k', path}))},
});
const config = (name: string, path: string): JsonObject => ({configMap: {name, items: [{key: 'k', path}]}});
const downward = (...paths: readonly string[]): JsonObject => ({
  downwardAPI: {items: paths.map((path) => ({path, fieldRef: {fieldPath: 'metadata.name'}}))},
});
const token = (more: JsonObject): JsonObject => ({serviceAccountToken: {path: 'p', ...more}});
const sources: readonly Json[] = [
  [secret('a', 'p'), secret('b', 'p')],
  [secret('a', 'p'), config('b', 'p')],
  [secret('a', 'p/q'), secret('b', 'p/r')],
  [secret('a', 'p', 'p')],
  [secret('a', 'p'), secret('b', './p')],
  [downward('p', 'p')],
  [secret('', 'p')],
  [secret('a', '/p', '../p', '..p', 'a/../p', '')],
  [token({path: ''})],
  [token({path: '../p', expirationSeconds: 5})],
  [token({path: '/p', expirationSeconds: 5_000_000_000})],
  [{secret: {name: 'a'}, configMap: {name: 'a'}}],
];
const projected = sources.map((list) =>
  pods(`projected: ${JSON.stringify(list)}`, {volumes: [{name: 'v', projected: {sources: list}}]}),
);
const eviction = create('eviction', `${ns}/pods/evicted/eviction`, {
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  ...meta('evicted'),
});

export const smallCases = (): readonly Case[] => [
  ...discovery,
  ...services,
  ...certificates(),
  ...projected,
  eviction,
];

/** Who asks for a certificate is each cluster's own administrator. */
export const smallIgnored = /^body\.(metadata\.managedFields|spec\.(extra|username))/;
