import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import {bind} from '../../src/cli/targets.ts';
import type {Fix, Question, Step} from '../../src/engine/change.ts';
import type {Inventory} from '../../src/engine/inventory.ts';
import type {Json} from '../../src/engine/json.ts';
import {refOf, resourceOf} from '../../src/engine/objects.ts';
import type {Path} from '../../src/engine/path.ts';
import {type ControlResult, Scanner} from '../../src/engine/scan.ts';
import {applyPlan} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {preparePlan} from '../../src/fix/prepare.ts';
import {attachControllers} from '../../src/practice/controllers/attach.ts';
import {type PracticeCluster, startPracticeCluster} from '../../src/practice/practice-cluster.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import {withNodeFiles} from '../../src/target/node-files/with-node-files.ts';
import type {Target} from '../../src/target/target.ts';
import {until} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {lessonFiles} from '../helpers/lessons.ts';
import {frameworkOf, parseObjects} from '../helpers/test-control.ts';

const scenarioDirectory = join(import.meta.dirname, '../../src/practice/scenarios/home');
const server = 'rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml';
const etcd = 'rpi-1/etc/kubernetes/manifests/etcd.yaml';
const flag = (text: string) => (file: string) =>
  file.replace(
    '        - --allow-privileged=true\n',
    `        - --allow-privileged=true\n        - ${text}\n`,
  );

const reading = (namespace: string, name: string, folder: string): string => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      priorityClassName: system-node-critical
      tolerations: [{operator: Exists}]
      containers:
      - {name: a, image: docker.io/fluent/fluent-bit:5.0.1, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}
      volumes: [{name: logs, hostPath: {path: ${folder}}}]
`;
const alerting = `
apiVersion: v1
kind: ConfigMap
metadata: {name: alertmanager, namespace: pantry}
data:
  alertmanager.yml: |
    route: {receiver: people}
    receivers:
    - name: people
      webhook_configs:
      - url: https://pager.example.org/home
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: alertmanager, namespace: pantry}
spec:
  selector: {matchLabels: {app: alertmanager}}
  template:
    metadata: {labels: {app: alertmanager}}
    spec:
      containers: [{name: a, image: quay.io/prometheus/alertmanager:v0.30.0}]
      volumes: [{name: config, configMap: {name: alertmanager}}]
`;
const wireguard = `
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-wireguard: 'true'}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: cilium, namespace: kube-system}
spec:
  selector: {matchLabels: {app: cilium}}
  template:
    metadata: {labels: {app: cilium}}
    spec: {containers: [{name: cilium-agent, image: quay.io/cilium/cilium:v1.19.0}]}
`;
const workload = (namespace: string, image: string, name = 'late', labels = '{}'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: ${name}, image: '${image}'}]}
`;

/** How a person turns one failed object of a control to passed. */
type Way = {
  readonly control: string;
  /** What makes it fail, where the scenario does not. */
  readonly first?: Act;
  /** The object that is meant; any failed one where absent. */
  readonly object?: string;
  readonly act: Act;
};
type Act =
  | {readonly fix: string; readonly answers?: Readonly<Record<string, string>>}
  | {readonly apply: string}
  | {readonly remove: string; readonly apply: string}
  | {readonly set: string; readonly path: Path; readonly json: Json}
  | {readonly file: string; readonly edit: (text: string) => string}
  | {readonly write: string; readonly text: string}
  | {readonly of: string; readonly mode: number};

const settings = {today: '2026-11-23'};
const policyFile = 'rpi-1/etc/kubernetes/audit/policy.yaml';

/** One for each practice. */
const ways: Readonly<Record<string, Way>> = {
  'non-root-containers': {control: 'C-0016', act: {fix: 'Deployment'}},
  'immutable-file-systems': {control: 'C-0017', act: {fix: 'Deployment'}},
  'secure-images': {
    control: 'image-tags',
    first: {apply: workload('pantry', 'docker.io/library/nats:latest')},
    object: 'Deployment/pantry/late',
    act: {
      fix: 'Deployment/pantry/late',
      answers: {'image of late in Deployment/pantry/late': 'docker.io/library/nats:2.10.29'},
    },
  },
  'pod-security-enforcement': {control: 'pod-security-labels', act: {fix: 'Namespace'}},
  'service-account-tokens': {control: 'C-0034', act: {fix: ''}},
  'container-engines': {control: 'C-0055', act: {fix: 'Deployment'}},
  namespaces: {
    control: 'default-namespace',
    first: {apply: workload('default', 'docker.io/library/nats:2.10.29')},
    object: 'Deployment/default/late',
    act: {remove: 'Deployment/default/late', apply: workload('argo', 'docker.io/library/nats:2.10.29')},
  },
  'network-policies': {control: 'C-0030', act: {fix: 'Deployment'}},
  'resource-policies': {
    control: 'resource-quota',
    object: 'Namespace//network',
    act: {
      apply:
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: sum, namespace: network}, spec: {hard: {requests.cpu: '8', requests.memory: 8Gi}}}",
    },
  },
  'control-plane': {control: 'control-plane-taint', act: {fix: 'Node'}},
  'worker-nodes': {
    control: 'kubelet-seccomp-default',
    object: 'Kubelet//rpi-2',
    act: {file: 'rpi-2/var/lib/kubelet/config.yaml', edit: (text) => `${text}\nseccompDefault: true\n`},
  },
  secrets: {control: 'C-0012', act: {fix: 'Deployment'}},
  rbac: {control: 'secret-readers', act: {fix: ''}},
  upgrading: {
    control: 'node-versions',
    first: {file: server, edit: (text) => text.replace('kube-apiserver:v1.36.3', 'kube-apiserver:v1.35.6')},
    object: 'Node//rpi-3',
    act: {file: server, edit: (text) => text.replace('kube-apiserver:v1.35.6', 'kube-apiserver:v1.36.3')},
  },
  logging: {
    control: 'log-collector',
    object: 'Node//rpi-1',
    act: {apply: reading('kube-system', 'collector', '/var/log/pods')},
  },
  encryption: {
    control: 'C-0066',
    // Its file, the mount and the flag, in that order: with the flag alone the API server would not come up.
    act: {fix: ''},
  },
  authentication: {
    control: 'anonymous-requests',
    act: {file: server, edit: flag('--anonymous-auth=false')},
  },
  siem: {
    control: 'audit-shipped',
    first: {file: server, edit: flag('--audit-log-path=/var/log/kubernetes/audit.log')},
    act: {apply: reading('kube-system', 'shipper', '/var/log/kubernetes')},
  },
  alerting: {control: 'alert-receivers', act: {apply: alerting}},
  'service-meshes': {control: 'mesh-mtls', object: 'Namespace//pantry', act: {apply: wireguard}},
  'fault-tolerance': {
    control: 'log-redundancy',
    first: {apply: reading('kube-system', 'fragile', '/var/log').replace(/\n +priorityClassName.*/, '')},
    object: 'DaemonSet/kube-system/fragile',
    act: {fix: 'DaemonSet/kube-system/fragile'},
  },
  'cloud-infrastructure': {
    control: 'metadata-egress',
    // As if the board stood in a cloud.
    first: {set: 'Node//rpi-2', path: ['spec', 'providerID'], json: 'hcloud://4711'},
    object: 'Deployment/argo/minio',
    act: {
      apply:
        '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: inside, namespace: argo}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}}',
    },
  },
};

/** More of what a practice has: checks that are seen through files of nodes, policies, or what the person wrote. */
const others: Readonly<Record<string, Way>> = {
  'audit-policy': {
    control: 'audit-policy',
    first: {
      write: policyFile,
      text: 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: RequestResponse\n',
    },
    object: `NodeFile/rpi-1/${policyFile.slice('rpi-1/'.length)}`,
    act: {fix: 'NodeFile/rpi-1/etc/kubernetes/audit'},
  },
  'kubeconfig-files': {
    control: 'kubeconfig-files',
    first: {of: 'rpi-1/etc/kubernetes/admin.conf', mode: 0o644},
    object: 'KubeconfigFile/rpi-1/etc/kubernetes/admin.conf',
    act: {of: 'rpi-1/etc/kubernetes/admin.conf', mode: 0o600},
  },
  'etcd-clients': {
    control: 'etcd-clients',
    first: {file: etcd, edit: (text) => text.replace('--client-cert-auth=true', '--client-cert-auth=false')},
    object: 'Pod/kube-system/etcd-rpi-1',
    act: {file: etcd, edit: (text) => text.replace('--client-cert-auth=false', '--client-cert-auth=true')},
  },
  'kubelet-pid-reserve': {
    control: 'kubelet-pid-reserve',
    object: 'Kubelet//rpi-3',
    act: {fix: 'Kubelet//rpi-3'},
  },
  'runtime-sandbox': {
    control: 'runtime-sandbox',
    first: {
      apply: `${workload('argo', 'docker.io/library/nats:2.10.29', 'stranger', '{kubekata.dev/sandbox: required}')}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor}
handler: runsc
`,
    },
    object: 'Deployment/argo/stranger',
    act: {fix: 'Deployment/argo/stranger'},
  },
  'image-registries': {
    control: 'image-registries',
    object: 'Namespace//kube-system',
    act: {fix: 'Namespace//kube-system'},
  },
};

describe('the practice cluster lets a person turn a verdict of each practice', () => {
  let directory: string;
  let cluster: PracticeCluster;
  let target: Target;
  const nodeFile = (path: string): string => join(directory, 'nodes', path);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kubekata-practices-'));
    cluster = await startPracticeCluster({
      directory,
      scenarioDirectory,
      controllers: (machine) =>
        attachControllers(machine, {scenarioDirectory, nodeDirectory: join(directory, 'nodes')}),
    });
    const live = await liveTarget({kubeconfig: cluster.kubeconfigPath, kind: 'practice', name: 'home'});
    target = withNodeFiles(bind(live), join(directory, 'nodes'));
    await until(() => cluster.machine.list('pods').length === 44, '44 pods');
  }, 60_000);

  afterAll(async () => {
    await target?.close();
    await cluster?.stop();
    rmSync(directory, {recursive: true, force: true});
  });

  /** What is there; while the API server starts anew with another flag, it is asked again. */
  async function seen(): Promise<Inventory> {
    let inventory: Inventory | undefined;
    await until(
      async () => {
        inventory = await target.list().then(intoInventory, () => undefined);
        return inventory !== undefined;
      },
      'the API server answers',
      30,
    );
    return inventory!;
  }

  const look = async (id: string): Promise<{inventory: Inventory; result: ControlResult}> => {
    const {control} = frameworks.kubekata.entries.find((entry) => entry.id === id)!;
    const inventory = await seen();
    const scanner = new Scanner(
      frameworkOf(control),
      inventory,
      Object.assign(() => undefined, {settings}),
    );
    return {inventory, result: scanner.scan().controls[0]!};
  };
  const failing = (result: ControlResult): readonly string[] =>
    result.failures.map(({resource}) => resource.id);

  async function change(
    id: string,
    steps: readonly Step[],
    inventory: Inventory,
    answers: ReadonlyMap<string, string> = new Map(),
  ) {
    const plan = await preparePlan({target, inventory, change: {id, steps}, answers});
    expect(plan.items.flatMap(({rejection}) => rejection ?? [])).toEqual([]);
    const journal = new Journal(directory, await target.identity());
    const entry = await applyPlan({target, plan, journal, title: id});
    expect(entry.steps.map(({state}) => state)).not.toContain('refused');
  }

  const create = (yaml: string) =>
    parseObjects(yaml).map(
      (object) => ({do: 'create', id: resourceOf(object).id, object: {base: object}}) as const,
    );

  async function act(one: Act, id: string, from?: ControlResult, fixInventory?: Inventory): Promise<void> {
    const inventory = fixInventory ?? (await seen());
    if ('file' in one) {
      writeFileSync(nodeFile(one.file), one.edit(readFileSync(nodeFile(one.file), 'utf8')));
      return;
    }
    if ('mode' in one) {
      chmodSync(nodeFile(one.of), one.mode);
      return;
    }
    if ('write' in one) {
      mkdirSync(dirname(nodeFile(one.write)), {recursive: true});
      writeFileSync(nodeFile(one.write), one.text);
      return;
    }
    if ('fix' in one) {
      const given = new Map(Object.entries(one.answers ?? {}));
      const fix = from && firstFix(from, inventory, one.fix, given);
      if (fix === undefined) throw new Error(`${id} has no fix for ${one.fix}`);
      const answers = new Map(fix.asks.map((ask) => [ask.id, answerTo(ask, given) ?? '']));
      await change(id, fix.change.steps, inventory, answers);
      return;
    }
    if ('set' in one) {
      const edits = [{op: 'set', path: one.path, value: {json: one.json}}] as const;
      await change(id, [{do: 'edit', object: refOf(inventory.byKey(one.set)!), edits}], inventory);
      return;
    }
    const removed = 'remove' in one ? inventory.byKey(one.remove) : undefined;
    const steps = [
      ...create(one.apply),
      ...(removed ? [{do: 'delete', object: refOf(removed)} as const] : []),
    ];
    await change(id, steps, inventory);
  }

  it('has a way for each practice', () => {
    expect(Object.keys(ways).sort()).toEqual(lessonFiles.map(({id}) => id));
  });

  it.each([...Object.entries(ways), ...Object.entries(others)])(
    '%s',
    async (_practice, {control, first, object, act: last}) => {
      if (first) await act(first, control);
      await until(
        async () => {
          const {result} = await look(control);
          return object === undefined ? result.failed > 0 : failing(result).includes(object);
        },
        `${control} fails${object ? ` at ${object}` : ''}`,
      );
      const {inventory, result} = await look(control);
      const before = failing(result);
      await act(last, control, result, inventory);
      await until(
        async () => {
          const now = failing((await look(control)).result);
          return object === undefined ? now.length < before.length : !now.includes(object);
        },
        `${control} passes${object ? ` at ${object}` : ''}`,
      );
      expect((await look(control)).result.reason).toBeUndefined();
    },
    60_000,
  );

  it('refuses images from elsewhere once registries are on a list', async () => {
    const inventory = await seen();
    const refusals = async (image: string) => {
      const pod = `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: pantry}, spec: {initContainers: [{name: i, image: nginx}], containers: [{name: c, image: ${image}}]}}`;
      const plan = await preparePlan({target, inventory, change: {id: image, steps: create(pod)}});
      return plan.items.flatMap(({rejection}) => rejection ?? []);
    };
    expect(await refusals('docker.io/library/nats:2.10.29')).toEqual([]);
    expect(await refusals('nats')).toEqual([]);
    expect((await refusals('docker.io.example.org/library/nats')).join()).toContain(
      'an image of this pod is from a registry that ConfigMap kube-system/kubekata-image-registries does not list',
    );
  });
});

/** The first fix of objects whose id begins so that nobody has to do by hand, and whose questions have answers. */
function firstFix(
  {entry, failures}: ControlResult,
  inventory: Inventory,
  object: string,
  answers: ReadonlyMap<string, string>,
): Fix | undefined {
  return [...entry.control.fixes(failures, inventory)].find(
    ({kind, clears, asks}) =>
      kind !== 'manual' &&
      clears.some((id) => id.startsWith(object)) &&
      asks.every((ask) => answerTo(ask, answers) !== undefined),
  );
}

const answerTo = (
  {id, suggestion, choices}: Question,
  answers: ReadonlyMap<string, string>,
): string | undefined => answers.get(id) ?? suggestion ?? choices?.[0];
