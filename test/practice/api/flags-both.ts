import type {Case} from './differential-requests.ts';
import {create, meta, ns, pod} from './differential-requests.ts';

export type Who = 'admin' | 'anonymous' | 'stranger' | 'account';
export type Ask = Case & {
  readonly as?: Who;
  /** Lines of differences that are each cluster's own. */
  readonly ignore?: RegExp;
};

/** Flags of kube-apiserver as the real one and the manifest of ours get them, and what is asked then. */
export type Toggle = {
  readonly name: string;
  /** By their names without dashes; undefined takes one away. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Files by name: `FILES/name` in a flag is where it lies. */
  readonly files?: Readonly<Record<string, string>>;
  readonly asks: readonly Ask[];
  /** A path that answers once the server is ready: who can't read its Secrets never says so at /readyz. */
  readonly ready?: string;
  /** Goes on with what an earlier toggle of this name left. */
  readonly after?: string;
};

const get = (path: string, as: Who): Ask => ({
  name: `${as} GET ${path}`,
  path,
  as,
  ignore: /serverAddress|body\.(compiler|gitCommit|goVersion|platform)/,
});
const paths = [
  '/api',
  '/livez',
  '/readyz',
  '/healthz',
  '/version',
  '/api/v1/persistentvolumes',
  '/apis/apps/v1',
  '/nope',
];
const visits: readonly Ask[] = paths.flatMap((path) =>
  (['anonymous', 'stranger', 'account', 'admin'] as const)
    // What a healthy server says is not JSON, and what it has is its own.
    .filter((who) => who !== 'admin' || path === '/nope')
    .map((who) => get(path, who)),
);
const reviews = '/apis/authorization.k8s.io/v1';
const can = (as: Who, resourceAttributes: Readonly<Record<string, string>>): Ask => ({
  ...create(`${as} can ${JSON.stringify(resourceAttributes)}`, `${reviews}/selfsubjectaccessreviews`, {
    spec: {resourceAttributes},
  }),
  as,
});
const decisions: readonly Ask[] = [
  ...visits,
  ...(['account', 'admin'] as const).flatMap((as) => [
    can(as, {verb: 'get', resource: 'pods', namespace: '$ns'}),
    can(as, {verb: '*', resource: '*', group: '*'}),
    {
      ...create(`${as} rules`, `${reviews}/selfsubjectrulesreviews`, {spec: {namespace: '$ns'}}),
      as,
    },
  ]),
  create('review of somebody', `${reviews}/subjectaccessreviews`, {
    spec: {user: 'jane', resourceAttributes: {verb: 'get', resource: 'pods'}},
  }),
  create('review of a node', `${reviews}/subjectaccessreviews`, {
    spec: {
      user: 'system:node:rpi-2',
      groups: ['system:nodes'],
      resourceAttributes: {verb: 'get', resource: 'nodes', name: 'rpi-2'},
    },
  }),
  {...create('account makes a map', `${ns}/configmaps`, meta('a')), as: 'account'},
  {name: 'account reads maps', path: `${ns}/configmaps`, as: 'account'},
  {name: 'account deletes', method: 'DELETE', path: `${ns}/configmaps/nope`, as: 'account'},
  {
    name: 'somebody',
    path: `${ns}/secrets`,
    headers: {'impersonate-user': 'jane', 'impersonate-group': 'readers'},
  },
];

const labelled = (name: string, level: string): Case =>
  create(`namespace ${name}`, '/api/v1/namespaces', {
    metadata: {name, labels: {'pod-security.kubernetes.io/enforce': level}},
  });
const privileged = pod('p', {}, {securityContext: {privileged: true}});
/** Requests that admission plugins change or refuse. */
const admissions: readonly Ask[] = [
  labelled('strict', 'baseline'),
  labelled('wrong', 'nope'),
  create('limits', '/api/v1/namespaces/strict/limitranges', {
    ...meta('l'),
    spec: {limits: [{type: 'Container', default: {memory: '64Mi'}}]},
  }),
  create('quota', '/api/v1/namespaces/strict/resourcequotas', {
    ...meta('q'),
    spec: {hard: {configmaps: '0'}},
  }),
  create('account', '/api/v1/namespaces/strict/serviceaccounts', meta('default')),
  create('privileged pod', '/api/v1/namespaces/strict/pods?dryRun=All', privileged),
  create('pod', '/api/v1/namespaces/strict/pods?dryRun=All', pod('p')),
  create('critical pod', `${ns}/pods?dryRun=All`, pod('p', {priorityClassName: 'system-node-critical'})),
  create('pod of no class', `${ns}/pods?dryRun=All`, pod('p', {priorityClassName: 'nope'})),
  create('pod of another account', `${ns}/pods?dryRun=All`, pod('p', {serviceAccountName: 'nope'})),
  create('pod with a policy', `${ns}/pods?dryRun=All`, pod('p', {}, {imagePullPolicy: 'Never'})),
  {
    ...create('token', `${ns}/serviceaccounts/default/token`, {spec: {}}),
    ignore: /token|expirationTimestamp/,
  },
  create('map', `${ns}/configmaps`, meta('m')),
  create('map with owner', `${ns}/configmaps?dryRun=All`, {
    ...meta('owned', {
      ownerReferences: [{apiVersion: 'v1', kind: 'ConfigMap', name: 'm', uid: 'x', blockOwnerDeletion: true}],
    }),
  }),
  {name: 'patch', method: 'PATCH', type: 'merge', path: `${ns}/configmaps/m`, body: {data: {a: 'b'}}},
  {
    name: 'the quota is known',
    method: 'PATCH',
    type: 'merge',
    path: '/api/v1/namespaces/strict/resourcequotas/q/status?fieldManager=quota',
    body: {status: {hard: {configmaps: '0'}, used: {configmaps: '0'}}},
    ignore: /./,
  },
  create('map over the quota', '/api/v1/namespaces/strict/configmaps?dryRun=All', meta('m')),
  create('map in no namespace', '/api/v1/namespaces/nowhere/configmaps?dryRun=All', meta('m')),
  create('map in no namespace, kept', '/api/v1/namespaces/nowhere/configmaps', meta('m')),
  {name: 'the namespace', path: '/api/v1/namespaces/nowhere'},
  {name: 'a list in no namespace', path: '/api/v1/namespaces/never/configmaps'},
  create('claim', `${ns}/persistentvolumeclaims`, {
    ...meta('c'),
    spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}},
  }),
  create('default class', '/apis/networking.k8s.io/v1/ingressclasses', {
    ...meta('i', {annotations: {'ingressclass.kubernetes.io/is-default-class': 'true'}}),
    spec: {controller: 'a.example/b'},
  }),
  create('ingress', '/apis/networking.k8s.io/v1/namespaces/$ns/ingresses?dryRun=All', {
    ...meta('i'),
    spec: {defaultBackend: {service: {name: 's', port: {number: 80}}}},
  }),
  {
    name: 'delete a kept namespace',
    method: 'DELETE',
    path: '/api/v1/namespaces/default?dryRun=All',
    ignore: /managedFields/,
  },
  {name: 'delete a map', method: 'DELETE', path: `${ns}/configmaps/m`},
];

const authentication = (rest: string): string =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n${rest}`;
const authorization = (rest: string): string =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n${rest}`;
const encryption = (providers: string): string =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n${providers}`;
const key = (name: string, letter: string): string =>
  `  - aescbc: {keys: [{name: ${name}, secret: ${Buffer.from(letter.repeat(32)).toString('base64')}}]}\n`;
const secrets = `${ns}/secrets`;
const secret = (name: string): Ask =>
  create(`secret ${name}`, secrets, {...meta(name), stringData: {a: 'hidden'}});

export const toggles: readonly Toggle[] = [
  {
    name: 'nobody without a name; Secrets encrypted; most of admission off',
    flags: {
      'anonymous-auth': 'false',
      'authorization-mode': 'RBAC',
      'encryption-provider-config': 'FILES/first.yaml',
      'disable-admission-plugins':
        'PodSecurity,LimitRanger,ResourceQuota,ServiceAccount,Priority,DefaultTolerationSeconds,NamespaceLifecycle,DefaultIngressClass,StorageObjectInUseProtection',
      'enable-admission-plugins': 'AlwaysPullImages',
    },
    files: {'first.yaml': encryption(`${key('one', 'a')}  - identity: {}\n`)},
    asks: [...decisions, ...admissions, secret('first'), {name: 'secrets', path: secrets}],
  },
  {
    name: 'paths for who has no name; another key; AlwaysDeny as authoriser',
    ready: '/api/v1/namespaces/default',
    after: 'nobody without a name; Secrets encrypted; most of admission off',
    flags: {
      'authentication-config': 'FILES/paths.yaml',
      'anonymous-auth': undefined,
      'authorization-mode': 'AlwaysDeny',
      'encryption-provider-config': 'FILES/second.yaml',
    },
    files: {
      'paths.yaml': authentication(
        'anonymous: {enabled: true, conditions: [{path: /livez}, {path: /api}]}\n',
      ),
      'second.yaml': encryption(`${key('two', 'b')}  - identity: {}\n`),
    },
    asks: [
      ...decisions,
      {name: 'the first secret', path: `${secrets}/first`},
      secret('second'),
      {name: 'the second secret', path: `${secrets}/second`},
      {name: 'patch the first', method: 'PATCH', type: 'merge', path: `${secrets}/first`, body: {data: {}}},
      {name: 'delete the first', method: 'DELETE', path: `${secrets}/first`},
    ],
  },
  {
    name: 'authorisers by a file; namespaces made by themselves',
    flags: {
      'authorization-mode': undefined,
      'authorization-config': 'FILES/authorizers.yaml',
      'enable-admission-plugins': 'NamespaceAutoProvision,NodeRestriction',
    },
    files: {'authorizers.yaml': authorization('- {type: Node, name: node}\n- {type: RBAC, name: rbac}\n')},
    asks: [...decisions, ...admissions],
  },
  {
    name: 'AlwaysAllow; AlwaysDeny as admission',
    after: 'authorisers by a file; namespaces made by themselves',
    flags: {'authorization-mode': 'AlwaysAllow', 'enable-admission-plugins': 'AlwaysDeny'},
    asks: [...decisions, ...admissions],
  },
  {
    name: 'AlwaysAllow, and who has no name by a file',
    after: 'authorisers by a file; namespaces made by themselves',
    flags: {'authorization-mode': 'AlwaysAllow', 'authentication-config': 'FILES/anonymous.yaml'},
    files: {'anonymous.yaml': authentication('anonymous: {enabled: true}\n')},
    asks: decisions,
  },
  {
    name: 'AlwaysAllow by a file',
    after: 'authorisers by a file; namespaces made by themselves',
    flags: {'authorization-mode': undefined, 'authorization-config': 'FILES/all.yaml'},
    files: {'all.yaml': authorization('- {type: AlwaysAllow, name: alwaysallow}\n')},
    asks: visits,
  },
];

export type Refusal = Pick<Toggle, 'name' | 'flags' | 'files'>;

/** Flags with which no server starts. */
export const refusals: readonly Refusal[] = [
  {name: 'an unknown flag', flags: {'no-such-flag': '1'}},
  {name: 'no boolean', flags: {'anonymous-auth': 'perhaps'}},
  {name: 'no number', flags: {'audit-log-maxsize': 'x'}},
  {name: 'no duration', flags: {'request-timeout': '5'}},
  {name: 'an unknown mode', flags: {'authorization-mode': 'Node,RBCA'}},
  {name: 'an unknown plugin', flags: {'enable-admission-plugins': 'PodSecurityPolicy'}},
  {name: 'an unknown plugin to switch off', flags: {'disable-admission-plugins': 'Nope'}},
  {name: 'no policy', flags: {'audit-policy-file': 'FILES/none.yaml', 'audit-log-path': 'FILES/log'}},
  {
    name: 'a policy with an unknown level',
    flags: {'audit-policy-file': 'FILES/policy.yaml', 'audit-log-path': 'FILES/log'},
    files: {'policy.yaml': 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Everything}]\n'},
  },
  {name: 'no encryption', flags: {'encryption-provider-config': 'FILES/none.yaml'}},
  {
    name: 'a key that is none',
    flags: {'encryption-provider-config': 'FILES/short.yaml'},
    files: {'short.yaml': encryption('  - aescbc: {keys: [{name: one, secret: YQ==}]}\n')},
  },
  {name: 'no authentication', flags: {'authentication-config': 'FILES/none.yaml'}},
  {
    name: 'two words about who has no name',
    flags: {'authentication-config': 'FILES/both.yaml', 'anonymous-auth': 'true'},
    files: {'both.yaml': authentication('anonymous: {enabled: true}\n')},
  },
  {
    name: 'no authorisation',
    flags: {'authorization-config': 'FILES/none.yaml', 'authorization-mode': undefined},
  },
  {
    name: 'authorisers twice',
    flags: {'authorization-config': 'FILES/twice.yaml', 'authorization-mode': 'RBAC'},
    files: {'twice.yaml': authorization('- {type: RBAC, name: rbac}\n')},
  },
  {name: 'a mode twice', flags: {'authorization-mode': 'RBAC,RBAC'}},
  {name: 'a webhook nowhere', flags: {'authorization-mode': 'Webhook'}},
  {
    name: 'a plugin on and off',
    flags: {'enable-admission-plugins': 'PodSecurity', 'disable-admission-plugins': 'PodSecurity'},
  },
  {name: 'no plugin configuration', flags: {'admission-control-config-file': 'FILES/none.yaml'}},
  {
    name: 'authentication of another kind',
    flags: {'authentication-config': 'FILES/pod.yaml'},
    files: {'pod.yaml': 'apiVersion: v1\nkind: Pod\n'},
  },
  {
    name: 'paths for nobody',
    flags: {'authentication-config': 'FILES/off.yaml'},
    files: {'off.yaml': authentication('anonymous: {enabled: false, conditions: [{path: /livez}]}\n')},
  },
  ...[
    ['no authorisers', '[]'],
    ['an unknown authoriser', '[{type: Nope, name: a}]'],
    ['an authoriser twice', '[{type: RBAC, name: a}, {type: RBAC, name: b}]'],
    ['an authoriser of another name', '[{type: RBAC, name: a}]'],
    ['authorisers without names', '[{type: RBAC}, {type: Node, name: A_b}]'],
  ].map(
    ([name = '', list]): Refusal => ({
      name,
      flags: {'authorization-config': 'FILES/list.yaml', 'authorization-mode': undefined},
      files: {'list.yaml': authorization('').replace('authorizers:', `authorizers: ${list}`)},
    }),
  ),
];
