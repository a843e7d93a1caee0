import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {asArray, asObject, type Json, type JsonObject} from '../../src/engine/json.ts';
import {describeRefusals, podSecurityRefusals} from '../../src/engine/pod-security.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {hasShared} from '../helpers/shared.ts';

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Pods with every field that a level looks at, now and then; many are let in by one level and refused by another. */
function podsOf(seed: number, count: number): readonly JsonObject[] {
  const next = random(seed);
  const one = <T>(...items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
  const some = (chance: number, value: JsonObject): JsonObject => (next() < chance ? value : {});
  const profile = (): JsonObject => {
    const type = one('RuntimeDefault', 'RuntimeDefault', 'Localhost', 'Unconfined');
    return type === 'Localhost' ? {type, localhostProfile: 'a.json'} : {type};
  };
  const common = (): JsonObject => ({
    ...some(0.5, {runAsNonRoot: one(true, true, true, false)}),
    ...some(0.2, {runAsUser: one(0, 1000)}),
    ...some(0.5, {seccompProfile: profile()}),
    ...some(0.1, {appArmorProfile: profile()}),
    ...some(0.1, {
      seLinuxOptions: one<JsonObject>({type: 'container_t'}, {type: 'spc_t'}, {user: 'u', role: 'r'}),
    }),
    ...some(0.03, {windowsOptions: {hostProcess: true}}),
  });
  const container = (name: string): JsonObject => ({
    name,
    image: 'registry.k8s.io/pause:3.10',
    ...some(0.9, {
      securityContext: {
        ...common(),
        ...some(0.7, {allowPrivilegeEscalation: one(false, false, false, true)}),
        ...some(0.1, {privileged: true}),
        ...some(0.1, {procMount: one('Default', 'Unmasked')}),
        ...some(0.8, {
          capabilities: {
            ...some(0.8, {drop: one(['ALL'], ['ALL'], ['NET_RAW'])}),
            ...some(0.3, {add: one(['NET_BIND_SERVICE'], ['CHOWN', 'KILL'], ['SYS_ADMIN', 'NET_ADMIN'])}),
          },
        }),
      },
    }),
    ...some(0.2, {ports: [{containerPort: 80, ...some(0.5, {hostPort: 80})}]}),
    ...some(0.1, {readinessProbe: {httpGet: {port: 80, ...some(0.5, {host: one('10.0.0.1', 'db')})}}}),
    ...some(0.05, {lifecycle: {preStop: {tcpSocket: {port: 80, host: 'db'}}}}),
  });
  const volumes: readonly JsonObject[] = [
    {emptyDir: {}},
    {hostPath: {path: '/'}},
    {nfs: {server: 's', path: '/'}},
    {secret: {secretName: 's'}},
    {iscsi: {targetPortal: '10.0.0.1', iqn: 'iqn.2001-04.com.example:a', lun: 0}},
  ];
  const hardened = (): JsonObject => ({
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: {type: one('RuntimeDefault', 'RuntimeDefault', 'Unconfined')},
    },
    containers: [
      {
        name: 'web',
        image: 'registry.k8s.io/pause:3.10',
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: {drop: ['ALL'], ...some(0.3, {add: [one('NET_BIND_SERVICE', 'CHOWN')]})},
          ...some(0.2, {runAsUser: one(0, 1000)}),
        },
      },
    ],
  });
  return Array.from({length: count}, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: `p${index}`},
    spec:
      index % 3 === 0
        ? hardened()
        : {
            ...some(0.06, {hostNetwork: true}),
            ...some(0.06, {hostPID: true}),
            ...some(0.06, {hostIPC: true}),
            ...some(0.2, {hostUsers: one(true, false)}),
            ...some(0.8, {
              securityContext: {
                ...common(),
                ...some(0.1, {
                  sysctls: [
                    {name: one('net.ipv4.tcp_rmem', 'kernel.msgmax', 'net.ipv4.ip_forward'), value: '1'},
                  ],
                }),
              },
            }),
            ...some(0.2, {initContainers: [container('init')]}),
            containers: next() < 0.3 ? [container('web'), container('side')] : [container('web')],
            ...some(0.4, {
              volumes: Array.from({length: one(1, 2)}, (_item, at) => ({name: `v${at}`, ...one(...volumes)})),
            }),
          },
  }));
}

/** On the network of the node, every port is one of the node: the API fills it in before it looks. */
const defaulted = (spec: JsonObject): JsonObject => {
  if (spec.hostNetwork !== true) return spec;
  const fill = (list: Json | undefined) =>
    asArray(list).map((item) => ({
      ...asObject(item),
      ports: asArray(asObject(item).ports).map((port) => ({hostPort: 80, ...asObject(port)})),
    }));
  return {...spec, containers: fill(spec.containers), initContainers: fill(spec.initContainers)};
};

describe.skipIf(!hasShared)('Pod Security, beside a real API server', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  }, 120_000);
  afterAll(() => plane?.stop());

  it.each(['baseline', 'restricted'] as const)(
    'refuses at %s the same pods in the same words',
    async (level) => {
      const pods = podsOf(36, 300);
      await plane.load(
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: {name: level, labels: {'pod-security.kubernetes.io/enforce': level}},
        }),
      );
      const file = join(plane.folder, `pods-${level}.json`);
      writeFileSync(file, JSON.stringify({apiVersion: 'v1', kind: 'List', items: pods}));
      await plane.kubectl('-n', level, 'create', 'serviceaccount', 'default').catch(() => '');
      const {out, errors} = await plane
        .kubectl('-n', level, 'create', '--dry-run=server', '-o', 'name', '-f', file)
        .then(
          (stdout) => ({out: stdout, errors: ''}),
          (error: {stdout: string; stderr: string}) => ({out: error.stdout, errors: error.stderr}),
        );
      const theirs = new Map<string, string>();
      for (const [, name] of out.matchAll(/^pod\/(p\d+)$/gm)) theirs.set(name!, '');
      const refused = /pods "(p\d+)" is forbidden: violates PodSecurity "\w+:latest": (.*)$/gm;
      for (const [, name, text] of errors.matchAll(refused)) theirs.set(name!, text!);
      const ours = new Map(
        pods.map(({metadata, spec}) => [
          (metadata as {name: string}).name,
          describeRefusals(podSecurityRefusals(level, {spec: defaulted(asObject(spec))})),
        ]),
      );
      // Pods that are not valid at all are refused before.
      expect(theirs.size).toBeGreaterThan(150);
      expect([...theirs.values()].filter((text) => text === '').length).toBeGreaterThan(5);
      for (const [name, text] of theirs) expect(`${name}: ${ours.get(name)}`).toBe(`${name}: ${text}`);
    },
    60_000,
  );
});
