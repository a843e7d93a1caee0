import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import {Cache} from '../../src/practice/controllers/cache.ts';
import {readTraits} from '../../src/practice/controllers/kubelet/traits.ts';
import type {Container, Labels, Obj, Pod, PodSpec, Volume} from '../../src/practice/controllers/types.ts';
import {homeDirectory} from '../helpers/practice-machine.ts';
import {scenarioObjects, staticPodManifests} from '../helpers/scenario-home.ts';
import {hasShared, shared} from '../helpers/shared.ts';

type DataContainer = {
  readonly name: string;
  readonly image: string;
  readonly security?: string | JsonObject;
  readonly requests?: string;
  readonly limits?: string;
  readonly ports?: readonly (number | string)[];
  readonly env?: Labels;
  readonly mounts?: Labels;
  readonly mem?: readonly number[];
};
type DataWorkload = {
  readonly ns: string;
  readonly kind: string;
  readonly name: string;
  readonly from: string;
  readonly pods?: number;
  readonly sa?: string;
  readonly labels?: Labels;
  readonly node?: string;
  readonly strategy?: string;
  readonly schedule?: string;
  readonly owner?: string;
  readonly static?: boolean;
  readonly token?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly pod?: string | JsonObject;
  readonly volumes?: Labels;
  readonly init?: readonly DataContainer[];
  readonly containers: readonly DataContainer[];
};
type DataImage = {
  readonly ref: string;
  readonly user: number;
  readonly as?: number | string;
  readonly root?: string;
  readonly writes?: readonly string[];
  readonly bind?: readonly number[];
  readonly caps?: readonly string[];
  readonly privileged?: boolean;
  readonly dns?: boolean;
  readonly mem: readonly [number, number];
};
type Data = {
  readonly workloads: readonly DataWorkload[];
  readonly images: Readonly<Record<string, DataImage>>;
  readonly hardening: Readonly<Record<string, JsonObject>>;
  readonly serviceAccounts: Readonly<Record<string, readonly string[]>>;
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, Labels>>>>;
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  readonly services: readonly (readonly [string, string, string, string])[];
  readonly ingresses: readonly (readonly [string, string, Labels, string])[];
  readonly networkPolicies: readonly {
    readonly ns: string;
    readonly name: string;
    readonly select: string;
    readonly types: readonly string[];
    readonly ingress: readonly Json[];
    readonly egress: readonly Json[];
  }[];
  readonly roles: Readonly<Record<string, readonly (readonly [string, string, string])[]>>;
  readonly grants: {
    readonly controllers: readonly string[];
    readonly bootstrap: readonly Grant[];
    readonly kubeadm: readonly Grant[];
    readonly home: readonly Grant[];
  };
  readonly controlPlane: Readonly<Record<string, readonly string[]>>;
};
type Grant = readonly [binding: string, role: string, subjects: readonly string[]];

describe.skipIf(!hasShared)('the manifests say what home-scenario.json says', () => {
  const data = (
    hasShared ? JSON.parse(readFileSync(shared('data/home-scenario.json'), 'utf8')) : {workloads: []}
  ) as Data;
  const objects = scenarioObjects();
  const find = (kind: string, namespace: string, name: string): Obj => {
    const found = objects.find(
      (one) =>
        one.kind === kind && (one.metadata.namespace ?? '') === namespace && one.metadata.name === name,
    );
    if (!found) throw new Error(`no ${kind} ${namespace}/${name}`);
    return found;
  };
  const workloadOf = (one: DataWorkload): Obj =>
    one.static
      ? staticPodManifests().find(({metadata}) => `${metadata.name}-${one.node}` === one.name)!
      : find(one.kind, one.ns, one.name);
  const templateOf = (object: Obj): {readonly metadata: JsonObject; readonly spec: PodSpec} => {
    if (object.kind === 'Pod') return {metadata: object.metadata, spec: object.spec as PodSpec};
    const outer = asObject(object.spec);
    const spec = object.kind === 'CronJob' ? asObject(asObject(outer.jobTemplate).spec) : outer;
    const {metadata, spec: pod} = asObject(spec.template);
    return {metadata: asObject(metadata), spec: pod as PodSpec};
  };
  const expand = (preset: string | JsonObject | undefined): JsonObject | undefined =>
    typeof preset === 'string' ? data.hardening[preset] : preset;
  const pair = (text: string | undefined): Json => {
    if (text === undefined) return null;
    const [cpu, memory] = text.split('/');
    return {...(cpu === '-' ? {} : {cpu: cpu!}), ...(memory === '-' ? {} : {memory: memory!})};
  };
  const volumeText = (volume: Volume): string => {
    const path = asObject(volume.hostPath as Json | undefined).path;
    if (path !== undefined) return `hostPath:${asString(path)}`;
    if (volume.configMap) return `configMap:${volume.configMap.name}`;
    if (volume.secret) return `secret:${volume.secret.secretName}`;
    if (volume.persistentVolumeClaim) return `pvc:${volume.persistentVolumeClaim.claimName}`;
    return 'emptyDir' in volume ? 'emptyDir' : 'unknown';
  };

  test.each(data.workloads.map((one) => [`${one.kind} ${one.ns}/${one.name}`, one] as const))(
    '%s',
    (_, one) => {
      const object = workloadOf(one);
      const {metadata, spec} = templateOf(object);
      const outer = asObject(object.spec);
      expect(metadata.labels).toMatchObject(one.labels ?? {app: one.name});
      expect(spec.serviceAccountName ?? 'default').toBe(one.sa ?? 'default');
      expect(spec.hostNetwork ?? false).toBe(one.hostNetwork ?? false);
      expect(spec.hostPID ?? false).toBe(one.hostPID ?? false);
      expect(spec.securityContext).toEqual(expand(one.pod));
      if (['Deployment', 'StatefulSet'].includes(one.kind)) expect(outer.replicas).toBe(one.pods ?? 1);
      if (one.strategy) expect(asObject(outer.strategy).type).toBe(one.strategy);
      if (one.schedule) expect(outer.schedule).toBe(one.schedule);
      if (one.node && !one.static) {
        expect(one.kind === 'Pod' ? spec.nodeName : spec.nodeSelector?.['kubernetes.io/hostname']).toBe(
          one.node,
        );
      }
      const [owner] = object.metadata.ownerReferences ?? [];
      expect(owner && `${owner.kind}/${owner.name}`).toBe(one.owner);
      const claims = asArray(outer.volumeClaimTemplates).map((claim) => {
        const {metadata: claimMetadata, spec: claimSpec} = asObject(claim);
        const {storage} = asObject(asObject(asObject(claimSpec).resources).requests);
        return [asString(asObject(claimMetadata).name), `claim:${asString(storage)}`];
      });
      const volumes = (spec.volumes ?? []).map((volume) => [volume.name, volumeText(volume)]);
      expect(Object.fromEntries([...volumes, ...claims])).toEqual(one.volumes ?? {});
      compareContainers(spec.containers, one.containers);
      compareContainers(spec.initContainers ?? [], one.init ?? []);
      compareOwnership(object, one);
    },
  );

  function compareContainers(found: readonly Container[], wanted: readonly DataContainer[]): void {
    expect(found.map(({name}) => name)).toEqual(wanted.map(({name}) => name));
    for (const [index, one] of wanted.entries()) {
      const container = found[index]!;
      expect(container.image).toBe(data.images[one.image]!.ref);
      expect(container.securityContext).toEqual(expand(one.security));
      expect(container.resources?.requests ?? null).toEqual(pair(one.requests));
      expect(container.resources?.limits ?? null).toEqual(pair(one.limits));
      const ports = (container.ports ?? []).map((port) => {
        const protocol = port.protocol === 'UDP' ? '/UDP' : '';
        return `${port.hostPort ? `${port.hostPort}:` : ''}${port.containerPort}${protocol}`;
      });
      expect(ports).toEqual((one.ports ?? []).map(String));
      const env = (container.env ?? []).map(({name, value, valueFrom}) => {
        const secret = valueFrom?.secretKeyRef;
        const field = asObject(valueFrom?.fieldRef).fieldPath;
        return [
          name,
          secret ? `secret:${secret.name}/${secret.key}` : field ? `field:${asString(field)}` : value,
        ];
      });
      expect(Object.fromEntries(env)).toEqual(one.env ?? {});
      const mounts = (container.volumeMounts ?? []).map((mount) => [
        mount.name,
        `${mount.mountPath}${mount.readOnly ? ':ro' : ''}`,
      ]);
      expect(Object.fromEntries(mounts)).toEqual(one.mounts ?? {});
    }
  }

  function compareOwnership({metadata}: Obj, {from, ns, name}: DataWorkload): void {
    const {labels = {}, annotations = {}} = metadata;
    expect(labels['app.kubernetes.io/managed-by']).toBe(from === 'helm' ? 'Helm' : undefined);
    expect(annotations['meta.helm.sh/release-namespace']).toBe(from === 'helm' ? ns : undefined);
    const tracking = annotations['argocd.argoproj.io/tracking-id'];
    if (from === 'argocd') expect(tracking).toMatch(new RegExp(`^pantry:apps/[A-Za-z]+:${ns}/${name}$`));
    else expect(tracking).toBeUndefined();
  }

  test('the flags of the control plane', () => {
    for (const [name, flags] of Object.entries(data.controlPlane)) {
      const pod = staticPodManifests().find(({metadata}) => metadata.name === name)!;
      expect((pod.spec as PodSpec).containers[0]?.command).toEqual(expect.arrayContaining([...flags]));
    }
  });

  test('ServiceAccounts', () => {
    const wanted = Object.entries(data.serviceAccounts).flatMap(([namespace, names]) =>
      names.map((name) => `${namespace}/${name}`),
    );
    const found = objects
      .filter(({kind}) => kind === 'ServiceAccount')
      .map(({metadata}) => `${metadata.namespace}/${metadata.name}`);
    expect(found.sort()).toEqual(wanted.sort());
  });

  test('ConfigMaps and Secrets', () => {
    const maps = Object.entries(data.configMaps).flatMap(([namespace, byName]) =>
      Object.entries(byName).map(([name, content]) => ({namespace, name, content})),
    );
    expect(objects.filter(({kind}) => kind === 'ConfigMap')).toHaveLength(maps.length);
    for (const {namespace, name, content} of maps) {
      const found = asObject(find('ConfigMap', namespace, name).data);
      expect(Object.keys(found)).toEqual(Object.keys(content));
      for (const [key, value] of Object.entries(content)) if (value !== '…') expect(found[key]).toBe(value);
    }
    const secrets = Object.entries(data.secrets).flatMap(([namespace, names]) =>
      names.map((name) => `${namespace}/${name}`),
    );
    const found = objects
      .filter(({kind}) => kind === 'Secret')
      .map(({metadata}) => `${metadata.namespace}/${metadata.name}`);
    expect(found.sort()).toEqual(secrets.sort());
  });

  test('Services', () => {
    const found = objects
      .filter(({kind}) => kind === 'Service')
      .map(({metadata, spec}) => {
        const {type, clusterIP, ports, selector} = asObject(spec);
        const text = asArray(ports).map((item) => {
          const {port, targetPort, protocol} = asObject(item);
          const isOwn = metadata.name === 'kubernetes' || targetPort === undefined;
          return `${port}${protocol === 'UDP' ? '/UDP' : ''}${isOwn ? '' : `:${targetPort}`}`;
        });
        const label = clusterIP === 'None' ? 'Headless' : asString(type) || 'ClusterIP';
        return [
          `${metadata.namespace}/${metadata.name}`,
          label,
          text.join(','),
          JSON.stringify(selector ?? ''),
        ] as const;
      });
    const wanted = data.services.map(([name, type, ports, target]) => {
      const workload = data.workloads.find((one) => one.ns === name.split('/')[0] && one.name === target);
      const selector = workload ? JSON.stringify(workload.labels ?? {app: workload.name}) : '""';
      return [name, type, ports, selector] as const;
    });
    expect([...found].sort()).toEqual([...wanted].sort());
  });

  test('Ingresses', () => {
    const found = objects
      .filter(({kind}) => kind === 'Ingress')
      .map(({metadata, spec}) => {
        const [rule] = asArray(asObject(spec).rules);
        const {host, http} = asObject(rule);
        const paths = asArray(asObject(http).paths).map((item) => {
          const {path, backend} = asObject(item);
          const {name, port} = asObject(asObject(backend).service);
          return [asString(path), `${asString(name)}:${asObject(port).number}`];
        });
        const [tls] = asArray(asObject(spec).tls);
        const secret = asObject(tls).secretName;
        return [
          `${metadata.namespace}/${metadata.name}`,
          host,
          Object.fromEntries(paths),
          secret ? `tls: ${asString(secret)}` : '',
        ];
      });
    expect(found.sort()).toEqual([...data.ingresses].sort());
  });

  test('network policies', () => {
    expect(objects.filter(({kind}) => kind === 'NetworkPolicy')).toHaveLength(data.networkPolicies.length);
    for (const policy of data.networkPolicies) {
      const {podSelector, policyTypes, ingress, egress} = asObject(
        find('NetworkPolicy', policy.ns, policy.name).spec,
      );
      expect(asObject(podSelector).matchLabels).toEqual({app: policy.select});
      expect(policyTypes).toEqual(policy.types);
      const ports = (rules: Json | undefined): Json =>
        asArray(rules).map((rule) =>
          asArray(asObject(rule).ports).map((port) => {
            const {port: number, protocol} = asObject(port);
            return protocol === 'UDP' ? `${number}/UDP` : number!;
          }),
        );
      expect(ports(ingress)).toEqual(policy.ingress.map((rule) => asObject(rule).ports));
      expect(ports(egress)).toEqual(policy.egress.map((rule) => asObject(rule).ports));
    }
  });

  test('grants and roles', () => {
    const wanted = [
      ...data.grants.controllers.map(
        (name) =>
          `ServiceAccount kube-system/${name} + system:controller:${name} + system:controller:${name}`,
      ),
      ...[...data.grants.bootstrap, ...data.grants.kubeadm, ...data.grants.home].flatMap(
        ([binding, role, subjects]) => subjects.map((subject) => `${subject} + ${role} + ${binding}`),
      ),
    ];
    const found = objects
      .filter(({kind}) => kind.endsWith('RoleBinding'))
      .flatMap((binding) => {
        const {kind, name} = asObject(binding.roleRef);
        const prefix = binding.metadata.namespace ? `${binding.metadata.namespace}/` : '';
        return asArray(binding.subjects).map((item) => {
          const subject = asObject(item);
          const who = subject.namespace
            ? `${asString(subject.namespace)}/${asString(subject.name)}`
            : asString(subject.name);
          return `${asString(subject.kind)} ${who} + ${kind === 'Role' ? prefix : ''}${asString(name)} + ${prefix}${binding.metadata.name}`;
        });
      });
    expect(found.sort()).toEqual(wanted.sort());
    for (const [role, rules] of Object.entries(data.roles)) {
      const slash = role.lastIndexOf('/');
      const object =
        slash < 0 ? find('ClusterRole', '', role) : find('Role', role.slice(0, slash), role.slice(slash + 1));
      const resources = asArray(object.rules)
        .map(asObject)
        .filter((rule) => rule.resources !== undefined);
      expect(
        resources.map((rule) =>
          [rule.apiGroups, rule.resources, rule.verbs].map((list) => asArray(list).join()),
        ),
      ).toEqual(rules);
    }
  });

  test('traits of every container', () => {
    const traits = readTraits(homeDirectory, new Cache());
    for (const one of data.workloads) {
      const object = workloadOf(one);
      const name = one.static ? `${object.metadata.name}-${one.node}` : one.name;
      const pod = {
        ...object,
        metadata: {...object.metadata, name, namespace: one.ns},
        spec: templateOf(object).spec,
      } as Pod;
      for (const [list, isMain] of [
        [one.containers, true],
        [one.init ?? [], false],
      ] as const) {
        for (const wanted of list) {
          const image = data.images[wanted.image]!;
          const container = (isMain ? pod.spec.containers : pod.spec.initContainers!).find(
            (item) => item.name === wanted.name,
          )!;
          const found = traits(pod, container);
          const {shell: _, ...told} = found;
          expect({...told, dns: found.dns !== undefined, ends: false}, `${name} ${wanted.name}`).toEqual({
            user: image.user,
            as: image.as,
            root: image.root,
            writes: image.writes ?? [],
            bind: image.bind ?? [],
            capabilities: image.caps ?? [],
            privileged: image.privileged ?? false,
            dns: image.dns ?? false,
            token: isMain && (one.token ?? false),
            memory: wanted.mem ?? image.mem,
            ends: false,
          });
        }
      }
    }
  });
});
