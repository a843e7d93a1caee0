import {isArray, isObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import {
  apps,
  batch,
  type Case,
  container,
  deployment,
  dry,
  job,
  meta,
  networking,
  ns,
  pod,
  rbac,
  workload,
} from './differential-requests.ts';

/** Numbers from 0 to 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Kind = {readonly path: string; readonly object: JsonObject};

const rich = container({
  command: ['a'],
  env: [{name: 'A', value: 'b'}],
  ports: [{name: 'web', containerPort: 80}],
  resources: {requests: {cpu: '100m', memory: '64Mi'}, limits: {memory: '128Mi'}},
  securityContext: {runAsUser: 1000, capabilities: {drop: ['ALL']}, allowPrivilegeEscalation: false},
  volumeMounts: [{name: 'v', mountPath: '/v'}],
});
const podSpec: JsonObject = {
  containers: [rich],
  volumes: [{name: 'v', emptyDir: {}}],
  securityContext: {runAsNonRoot: true, fsGroup: 1},
  tolerations: [{key: 'a', operator: 'Exists'}],
  nodeSelector: {a: 'b'},
};

const kinds: readonly Kind[] = [
  {path: `${ns}/pods`, object: pod('g', podSpec)},
  {path: `${apps}/deployments`, object: deployment('g', {strategy: {type: 'Recreate'}}, podSpec)},
  {path: `${apps}/daemonsets`, object: workload('DaemonSet', 'g', {}, podSpec)},
  {
    path: `${apps}/statefulsets`,
    object: workload('StatefulSet', 'g', {replicas: 0, serviceName: 'g'}, podSpec),
  },
  {path: `${batch}/jobs`, object: job('g', {backoffLimit: 2}, {...podSpec, restartPolicy: 'Never'})},
  {
    path: `${batch}/cronjobs`,
    object: {
      ...meta('g'),
      spec: {
        schedule: '* * * * *',
        suspend: true,
        jobTemplate: {spec: {template: {spec: {...podSpec, restartPolicy: 'OnFailure'}}}},
      },
    },
  },
  {path: `${ns}/configmaps`, object: {...meta('g', {labels: {a: 'b'}}), data: {a: 'b'}}},
  {path: `${ns}/secrets`, object: {...meta('g'), type: 'Opaque', data: {a: 'Yg=='}}},
  {
    path: `${ns}/services`,
    object: {...meta('g'), spec: {selector: {a: 'b'}, ports: [{name: 'web', port: 80, targetPort: 'web'}]}},
  },
  {path: `${ns}/serviceaccounts`, object: {...meta('g'), automountServiceAccountToken: false}},
  {
    path: `${ns}/limitranges`,
    object: {
      ...meta('g'),
      spec: {limits: [{type: 'Container', default: {memory: '1Gi'}, max: {memory: '2Gi'}}]},
    },
  },
  {
    path: `${ns}/resourcequotas`,
    object: {...meta('g'), spec: {hard: {pods: '1000', 'limits.memory': '999Gi'}}},
  },
  {
    path: `${networking}/networkpolicies`,
    object: {
      ...meta('g'),
      spec: {
        podSelector: {matchLabels: {a: 'b'}},
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{from: [{podSelector: {}}], ports: [{port: 80, protocol: 'TCP'}]}],
        egress: [{to: [{ipBlock: {cidr: '10.0.0.0/8', except: ['10.1.0.0/16']}}]}],
      },
    },
  },
  {
    path: `${networking}/ingresses`,
    object: {
      ...meta('g'),
      spec: {
        rules: [
          {
            host: 'a.example',
            http: {
              paths: [{path: '/', pathType: 'Prefix', backend: {service: {name: 'a', port: {number: 80}}}}],
            },
          },
        ],
        tls: [{hosts: ['a.example'], secretName: 's'}],
      },
    },
  },
  {
    path: `${rbac}/roles`,
    object: {...meta('g'), rules: [{apiGroups: [''], resources: ['pods'], verbs: ['get']}]},
  },
  {
    path: `${rbac}/rolebindings`,
    object: {
      ...meta('g'),
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'g'},
      subjects: [{kind: 'ServiceAccount', name: 'a', namespace: 'b'}],
    },
  },
  {
    path: '/apis/policy/v1/namespaces/$ns/poddisruptionbudgets',
    object: {...meta('g'), spec: {minAvailable: 1, selector: {matchLabels: {a: 'b'}}}},
  },
];

type Place = readonly (string | number)[];

function placesOf(value: Json, at: Place = []): Place[] {
  const below = isArray(value)
    ? value.flatMap((item, index) => placesOf(item, [...at, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, item]) =>
          item === undefined ? [] : placesOf(item, [...at, key]),
        )
      : [];
  return at.length > 0 ? [at, ...below] : below;
}

function withValue(value: Json, [key, ...rest]: Place, change: (old: Json) => Json | undefined): Json {
  if (isArray(value)) {
    return value.flatMap((item, index): readonly Json[] => {
      if (index !== key) return [item];
      const changed = rest.length > 0 ? withValue(item, rest, change) : change(item);
      return changed === undefined ? [] : [changed];
    });
  }
  const result: Record<string, Json> = {...(value as Record<string, Json>)};
  const changed = rest.length > 0 ? withValue(result[key!]!, rest, change) : change(result[key!]!);
  if (changed === undefined) delete result[key!];
  else result[key!] = changed;
  return result;
}

const odd: readonly Json[] = [
  '',
  'x',
  'A b',
  0,
  -1,
  1,
  70_000,
  1.5,
  true,
  null,
  [],
  {},
  'z'.repeat(64),
  '10Gi',
  {x: 1},
  ['x'],
];

const valueAt = (value: Json, place: Place): Json | undefined =>
  place.reduce<Json | undefined>(
    (at, key) => (isArray(at) ? at[key as number] : isObject(at) ? at[key] : undefined),
    value,
  );

/** What the object looks like after one change, as the three kinds of patches say it. */
function patchOf(type: string, place: Place, value: Json | undefined): Json {
  if (type === 'json') {
    const path = `/${place.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
    return [value === undefined ? {op: 'remove', path} : {op: 'replace', path, value}];
  }
  return place.reduceRight<Json>(
    (inner, key) => (typeof key === 'number' ? [inner] : {[key]: inner}),
    value ?? null,
  );
}

/** Objects that later requests change. */
export const generatedSetup: readonly Case[] = kinds
  .filter(({path}) => !path.endsWith('/pods'))
  .map(({path, object}) => ({name: `make ${path}`, method: 'POST', path, body: object}));

/** Requests about one changed place of a valid object: creates, replaces and patches of every type. */
export function generatedCases(seed: number, count: number): readonly Case[] {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  return Array.from({length: count}, (_, index): Case => {
    const {path, object} = pick(kinds);
    const places = placesOf(object).filter((place) => place[0] !== 'kind' && place[0] !== 'apiVersion');
    const place = pick(places);
    const action = next();
    const value: Json | undefined = action < 0.25 ? undefined : pick(odd);
    const validation = pick(['', '&fieldValidation=Strict', '&fieldValidation=Ignore']);
    const query = `${dry}${validation}`;
    const unknownField = action > 0.93 && isObject(valueAt(object, place));
    const change = (old: Json): Json | undefined =>
      unknownField ? {...(old as JsonObject), nope: 1} : value;
    const changed = withValue(object, place, change) as JsonObject;
    const label = `${place.join('.')} = ${unknownField ? '+nope' : JSON.stringify(value)}`;
    const verb = path.endsWith('/pods') ? 'POST' : pick(['POST', 'PUT', 'json', 'merge', 'strategic-merge']);
    const name = `${seed}/${index} ${verb} ${path.split('/').at(-1)} ${label}${validation}`;
    if (verb === 'POST') {
      const metadata = isObject(changed.metadata) ? changed.metadata : undefined;
      const renamed = metadata?.name === 'g' ? {...changed, metadata: {...metadata, name: 'new'}} : changed;
      return {name, method: 'POST', path: `${path}${query}`, body: renamed};
    }
    if (verb === 'PUT') return {name, method: 'PUT', path: `${path}/g${query}`, body: changed};
    const body = patchOf(verb, place, unknownField ? {nope: 1} : value);
    return {name, method: 'PATCH', path: `${path}/g${query}`, body, type: verb};
  });
}

/** Requests that are answered in another way, and why; docs/practice-cluster.md tells the same. */
export const generatedOnPurpose: readonly {readonly cases: RegExp; readonly reason: string}[] = [
  {
    cases: / (PUT|json|merge|strategic-merge) jobs spec\.template/,
    reason: "the template of a suspended job can't be changed, and the refusal shows the API's own form",
  },
  {
    cases: / strategic-merge \S+ \S+\.\d+ = /,
    reason: 'a strategic merge of lists whose elements are no objects names the elements in another way',
  },
  {
    cases:
      / (PUT|json|merge|strategic-merge) \S+ (spec|spec\.rules\.\d|spec\.template\.metadata\.labels\.\w+) = (undefined|null|\[\]|\{\})/,
    reason: 'an empty list or map is kept as none, and shown as null',
  },
  {
    cases: / \S+ services spec\.ports\.0\.targetPort = 1\.5/,
    reason: 'the decoder of a port by name or number leaves out the name of the field',
  },
  {
    cases: / PUT deployments /,
    reason: "the real cluster's controller writes an annotation meanwhile, which a replacement takes away",
  },
  {
    cases: / \S+ daemonsets spec\.selector/,
    reason: 'two complaints about one selector come in another order',
  },
];
