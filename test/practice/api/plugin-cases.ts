import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import type {Json, JsonObject} from '../../../src/engine/json.ts';
import {type Case, create, meta, ns, patch, pod} from './differential-requests.ts';

export const pluginFlags = [
  '--enable-admission-plugins=NodeRestriction,DenyServiceExternalIPs,PodNodeSelector,PodTolerationRestriction,ExtendedResourceToleration,LimitPodHardAntiAffinityTopology,NamespaceExists,OwnerReferencesPermissionEnforcement',
];

const annotations = 'scheduler.alpha.kubernetes.io';
const storage = '/apis/storage.k8s.io/v1/storageclasses';
const runtimes = '/apis/node.k8s.io/v1/runtimeclasses';
const roles = '/apis/rbac.authorization.k8s.io/v1';
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

const volume = (name: string): readonly Case[] => [
  create(`class ${name}`, storage, {
    ...meta(`$ns-${name}`),
    provisioner: 'example.com/none',
    allowVolumeExpansion: name === 'grows',
  }),
  create(`volume ${name}`, '/api/v1/persistentvolumes', {
    ...meta(`$ns-${name}`),
    spec: {
      capacity: {storage: '1Gi'},
      accessModes: ['ReadWriteOnce'],
      storageClassName: `$ns-${name}`,
      claimRef: {namespace: '$ns', name},
      hostPath: {path: '/tmp'},
    },
  }),
  claim(name, {volumeName: `$ns-${name}`}),
];
const claim = (name: string, more: JsonObject = {}): Case =>
  create(`claim ${name}`, `${ns}/persistentvolumeclaims`, {
    ...meta(name),
    spec: {
      storageClassName: `$ns-${name}`,
      accessModes: ['ReadWriteOnce'],
      resources: {requests: {storage: '1Gi'}},
      ...more,
    },
  });
const role = (name: string, rules: readonly JsonObject[]): readonly Case[] => [
  create(`role ${name}`, `${roles}/clusterroles`, {...meta(`$ns-${name}`), rules}),
  create(`binding ${name}`, `${roles}/clusterrolebindings`, {
    ...meta(`$ns-${name}`),
    roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `$ns-${name}`},
    subjects: [{apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name}],
  }),
];
const may = (
  group: string,
  resource: string,
  verbs: readonly string[],
  names: readonly string[] = [],
): JsonObject => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
  ...(names.length > 0 ? {resourceNames: names} : {}),
});
const owner = (name: string, more: JsonObject = {}): JsonObject => ({
  ...{apiVersion: 'v1', kind: 'Secret', name, uid: `uid-of-${name}`},
  ...more,
});
const certificates = 'certificates.k8s.io';
const onRequests = [
  may(certificates, 'certificatesigningrequests/approval', ['update', 'patch']),
  may(certificates, 'certificatesigningrequests/status', ['update', 'patch']),
];

/** Namespaces with annotations that plugins read. */
export const namespaces: Readonly<Record<string, JsonObject>> = {
  '$ns-chosen': {[`${annotations}/node-selector`]: 'disk=ssd, kubernetes.io/os=linux'},
  '$ns-tolerant': {
    [`${annotations}/defaultTolerations`]: '[{"key":"team","operator":"Exists"}]',
    [`${annotations}/tolerationsWhitelist`]:
      '[{"key":"team","operator":"Exists"},{"key":"node.kubernetes.io/memory-pressure","operator":"Exists"},{"key":"node.kubernetes.io/not-ready","operator":"Exists"},{"key":"node.kubernetes.io/unreachable","operator":"Exists"}]',
  },
};

export function pluginSetup(folder: string): readonly Case[] {
  const key = join(folder, 'plugins.key');
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
  const pem = execFileSync('openssl', ['req', '-new', ...how, '-subj', '/CN=x'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const request = pem.toString('base64');
  return [
    create('plain runtime', runtimes, {...meta('$ns-plain'), handler: 'runc'}),
    create('heavy runtime', runtimes, {
      ...meta('$ns-heavy'),
      handler: 'kata',
      overhead: {podFixed: {cpu: '250m', memory: '120Mi'}},
    }),
    create('placed runtime', runtimes, {
      ...meta('$ns-placed'),
      handler: 'gvisor',
      scheduling: {
        nodeSelector: {sandbox: 'gvisor'},
        tolerations: [
          {key: 'sandbox', operator: 'Exists', effect: 'NoSchedule'},
          {key: 'a', operator: 'Equal', value: 'b'},
        ],
      },
    }),
    ...volume('grows'),
    ...volume('stays'),
    claim('waits'),
    create('request', requests, {
      ...meta('$ns-other'),
      spec: {request, signerName: 'example.com/mine', usages: ['client auth']},
    }),
    create('service', `${ns}/services`, {
      ...meta('open'),
      spec: {ports: [{port: 80}], selector: {a: 'b'}},
    }),
    create('pod to change', `${ns}/pods`, {...pod('kept', {nodeName: 'none'})}),
    create('map', `${ns}/configmaps`, meta('owned')),
    create('other map', `${ns}/configmaps`, {
      ...meta('blocking', {ownerReferences: [owner('kept', {blockOwnerDeletion: true})]}),
    }),
    ...role('writer', [may('', 'configmaps', ['create', 'update', 'patch'])]),
    ...role('owner', [may('', 'configmaps', ['create', 'update', 'patch', 'delete'])]),
    ...role('finisher', [
      may('', 'configmaps', ['create', 'update', 'patch', 'delete']),
      may('', 'secrets/finalizers', ['update'], ['a']),
    ]),
    ...role('nobody', onRequests),
    ...role('approver', [...onRequests, may(certificates, 'signers', ['approve'], ['example.com/mine'])]),
    ...role('signer', [...onRequests, may(certificates, 'signers', ['sign'], ['example.com/*'])]),
    ...Object.entries(namespaces).map(([name, given]) =>
      create(`namespace ${name}`, '/api/v1/namespaces', meta(name, {annotations: given})),
    ),
  ];
}

const change = (path: string, body: Json): Case =>
  patch(`${path} ${JSON.stringify(body)}`, 'merge', path, body);
const dry = '?dryRun=All';
const inside = (namespace: string, name: string, spec: JsonObject = {}, one: JsonObject = {}): Case =>
  create(`${name} in ${namespace}`, `/api/v1/namespaces/${namespace}/pods${dry}`, pod('p', spec, one));
const here = (name: string, spec: JsonObject = {}, one: JsonObject = {}): Case =>
  inside('$ns', name, spec, one);
const by = (user: string, item: Case): Case => ({
  ...item,
  name: `${item.name} by ${user}`,
  headers: {'impersonate-user': user},
});
const apart = (topologyKey: string): JsonObject => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey, labelSelector: {matchLabels: {a: 'b'}}}],
    },
  },
});
const service = (name: string, externalIPs: readonly string[]): Case =>
  create(name, `${ns}/services${dry}`, {
    ...meta('s'),
    spec: {ports: [{port: 80}], selector: {a: 'b'}, externalIPs},
  });
const warned = (name: string, spec: JsonObject, metadata: JsonObject = {}): Case =>
  create(`service that is ${name}`, `${ns}/services${dry}`, {
    ...meta('s', metadata),
    spec: {ports: [{port: 80}], selector: {a: 'b'}, ...spec},
  });
const grow = (name: string, size: string): Case =>
  change(`${ns}/persistentvolumeclaims/${name}${dry}`, {spec: {resources: {requests: {storage: size}}}});

const ownedBy = (path: string, ...owners: readonly JsonObject[]): Case =>
  change(`${ns}/configmaps/${path}${dry}`, {metadata: {ownerReferences: [...owners]}});
const blocking = {blockOwnerDeletion: true};

const approval = (type: string): Case =>
  change(`${requests}/$ns-other/approval${dry}`, {
    status: {
      conditions: [
        {
          type,
          status: 'True',
          reason: 'r',
          message: 'm',
          lastUpdateTime: '2026-01-01T00:00:00Z',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    },
  });
const signing = (body: JsonObject): Case => change(`${requests}/$ns-other/status${dry}`, {status: body});
const failed: JsonObject = {
  conditions: [
    {
      type: 'Failed',
      status: 'True',
      reason: 'r',
      message: 'm',
      lastUpdateTime: '2026-01-01T00:00:00Z',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ],
};

const node = (name: string, more: JsonObject = {}): Case =>
  create(`node ${name}`, `/api/v1/nodes${dry}`, {...meta('rpi-7'), ...more});
const notReady = (effect: string): JsonObject => ({key: 'node.kubernetes.io/not-ready', effect});

export const pluginCases: readonly Case[] = [
  here('runtime: none'),
  here('runtime: unknown', {runtimeClassName: 'no-such'}),
  here('runtime: plain', {runtimeClassName: '$ns-plain'}),
  here('runtime: heavy', {runtimeClassName: '$ns-heavy'}),
  here('runtime: heavy, told', {runtimeClassName: '$ns-heavy', overhead: {cpu: '0.25', memory: '120Mi'}}),
  here('runtime: heavy, told wrong', {runtimeClassName: '$ns-heavy', overhead: {cpu: '1'}}),
  here('runtime: an overhead of nothing', {overhead: {cpu: '1'}}),
  here('runtime: an overhead of plain', {runtimeClassName: '$ns-plain', overhead: {cpu: '1'}}),
  here('runtime: placed', {runtimeClassName: '$ns-placed'}),
  here('runtime: placed, and more', {
    runtimeClassName: '$ns-placed',
    nodeSelector: {a: 'b'},
    tolerations: [
      {key: 'sandbox', operator: 'Exists'},
      {key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute'},
    ],
  }),
  here('runtime: placed elsewhere', {runtimeClassName: '$ns-placed', nodeSelector: {sandbox: 'kata'}}),
  here('debug container at once', {ephemeralContainers: [{name: 'd', image: 'busybox'}]}),
  here('debug container and no other', {
    containers: [],
    ephemeralContainers: [{name: 'd', image: 'busybox'}],
  }),
  here('apart by host', apart('kubernetes.io/hostname')),
  here('apart by zone', apart('topology.kubernetes.io/zone')),
  here('special resource', {}, {resources: {limits: {'example.com/gpu': '1'}}}),
  here(
    'special resources',
    {tolerations: [{key: 'b.example.com/x', operator: 'Exists', effect: 'NoSchedule'}]},
    {
      resources: {limits: {'b.example.com/x': '1', 'a.example.com/x': '2', cpu: '1'}},
    },
  ),
  here('with memory', {}, {resources: {requests: {memory: '10Mi'}}}),
  here(
    'tolerations that cover each other',
    {
      tolerations: [
        {key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule'},
        {key: 'a', operator: 'Exists'},
        {key: 'a', operator: 'Exists'},
        {key: 'c', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 10},
        {key: 'c', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 20},
      ],
    },
    {resources: {requests: {memory: '10Mi'}}},
  ),
  inside('$ns-chosen', 'of a chosen node'),
  inside('$ns-chosen', 'of the same node', {nodeSelector: {disk: 'ssd', a: 'b'}}),
  inside('$ns-chosen', 'of another node', {nodeSelector: {disk: 'hdd'}}),
  inside('$ns-tolerant', 'that tolerates'),
  inside('$ns-tolerant', 'that tolerates less', {
    tolerations: [{key: 'team', operator: 'Exists', effect: 'NoSchedule'}],
  }),
  inside('$ns-tolerant', 'that tolerates more', {tolerations: [{key: 'other', operator: 'Exists'}]}),
  inside('$ns-tolerant', 'that tolerates all', {tolerations: [{operator: 'Exists'}]}),
  inside('$ns-tolerant', 'with memory', {}, {resources: {requests: {memory: '10Mi'}}}),
  inside('$ns-none', 'of no namespace'),
  change(`${ns}/pods/kept${dry}`, {metadata: {labels: {a: 'b'}}}),
  service('service of its own', []),
  service('service of an address', ['192.0.2.1']),
  change(`${ns}/services/open${dry}`, {spec: {externalIPs: ['192.0.2.1']}}),
  change(`${ns}/services/open${dry}`, {metadata: {labels: {a: 'b'}}}),
  warned('headless with affinity', {clusterIP: 'None', sessionAffinity: 'ClientIP'}),
  warned('headless with a balancer', {clusterIP: 'None', loadBalancerIP: '192.0.2.1'}),
  warned('headless with an address', {clusterIP: 'None', externalIPs: ['192.0.2.1']}),
  warned('named outside with an address', {
    ...{type: 'ExternalName', externalName: 'a.example.com'},
    externalIPs: ['192.0.2.1'],
  }),
  warned('named outside and not', {externalName: 'a.example.com'}),
  warned('near', {trafficDistribution: 'PreferClose'}),
  warned('hinted', {}, {annotations: {'service.kubernetes.io/topology-aware-hints': 'auto'}}),
  grow('grows', '2Gi'),
  grow('grows', '1Gi'),
  grow('grows', '500Mi'),
  grow('stays', '2Gi'),
  grow('stays', '1024Mi'),
  grow('waits', '2Gi'),
  node('new'),
  node('that says so', {spec: {taints: [notReady('NoSchedule')]}}),
  node('with another taint', {spec: {taints: [notReady('NoExecute'), {key: 'a', effect: 'NoSchedule'}]}}),
  ...['writer', 'owner', 'finisher'].flatMap((user) =>
    [
      create('an owned map', `${ns}/configmaps${dry}`, meta('m', {ownerReferences: [owner('a')]})),
      create(
        'a map that blocks',
        `${ns}/configmaps${dry}`,
        meta('m', {ownerReferences: [owner('a', blocking)]}),
      ),
      create('a map without owners', `${ns}/configmaps${dry}`, meta('m')),
      ownedBy('owned', owner('a')),
      ownedBy('owned', owner('a', blocking)),
      ownedBy('owned', owner('b', blocking)),
      ownedBy('owned', owner('a', {...blocking, kind: 'NoSuch'})),
      ownedBy('owned', owner('a', {...blocking, apiVersion: 'example.com/v1'})),
      ownedBy('blocking', owner('kept', blocking)),
      ownedBy('blocking', owner('kept')),
      ownedBy('blocking', owner('kept', blocking), owner('c')),
      change(`${ns}/configmaps/owned${dry}`, {metadata: {labels: {a: 'b'}}}),
    ].map((item) => by(user, item)),
  ),
  ...['nobody', 'approver', 'signer'].flatMap((user) =>
    [
      approval('Approved'),
      approval('Denied'),
      signing(failed),
      change(`${requests}/$ns-other/status${dry}`, {metadata: {labels: {a: 'b'}}}),
    ].map((item) => by(user, item)),
  ),
];

export function subjectCases(folder: string): readonly Case[] {
  return ['/O=system:masters/CN=x', '/O=a/O=system:masters/CN=x', '/O=masters/CN=x'].flatMap(
    (subject, index) => {
      const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
      const pem = execFileSync(
        'openssl',
        ['req', '-new', ...how, '-keyout', join(folder, `subject-${index}.key`), '-subj', subject],
        {stdio: ['ignore', 'pipe', 'ignore']},
      );
      return ['kubernetes.io/kube-apiserver-client', 'example.com/mine'].map((signerName) =>
        create(`request of ${subject} to ${signerName}`, `${requests}${dry}`, {
          ...meta('r'),
          spec: {request: pem.toString('base64'), signerName, usages: ['client auth']},
        }),
      );
    },
  );
}

export const claimsBound: readonly Case[] = ['grows', 'stays'].map((name) => ({
  name: `claim ${name}`,
  path: `${ns}/persistentvolumeclaims/${name}`,
}));
