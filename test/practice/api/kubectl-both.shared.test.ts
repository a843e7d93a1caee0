import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {asObject, type Json} from '../../../src/engine/json.ts';
import {hasShared, shared} from '../../helpers/shared.ts';
import {differences, normalise, withoutControllers} from './differential.ts';
import {type Kubectl, kubectlFor, type Printed} from './kubectl.ts';
import {newDirectory, type Practice, removeDirectory, startPractice} from './practice.ts';

const web = (image: string, replicas = 2): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {part: web}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: web, image: "${image}"}]}
`;
const map = (name: string, value: string): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: ${value}}\n`;

/** A command, what is on its input, and which object it leaves; its output is compared but where it tells times. */
type Step = {
  readonly run: string;
  readonly input?: string;
  readonly object?: string;
  readonly volatile?: boolean;
  /** Only the lines with a field and its type are compared: the descriptions are not in our data. */
  readonly fields?: boolean;
};

const pause = 'registry.k8s.io/pause:3.10';
const wait = 'rollout status deployment/web --timeout=20s';
const steps: readonly Step[] = [
  {run: 'create namespace both'},
  {run: 'apply -f -', input: web(pause), object: 'deployment web'},
  {run: wait, volatile: true},
  {run: 'apply -f -', input: web(pause)},
  {run: 'diff -f -', input: web(pause)},
  {run: 'get deployment web -o jsonpath={.spec.replicas},{.status.readyReplicas}'},
  {
    run: 'get deployment web -o custom-columns=NAME:.metadata.name,IMAGE:.spec.template.spec.containers[*].image',
  },
  {run: 'get deployment nothing'},
  {run: 'get nothing'},
  {run: 'apply --server-side -f -', input: map('m', 'one'), object: 'configmap m'},
  {run: 'apply --server-side --field-manager=other -f -', input: map('m', 'two')},
  {
    run: 'apply --server-side --field-manager=other --force-conflicts -f -',
    input: map('m', 'two'),
    object: 'configmap m',
  },
  {run: 'create configmap n --from-literal=a=b', object: 'configmap n'},
  {run: 'create configmap n --from-literal=a=b'},
  {run: 'create secret generic s --from-literal=a=b', object: 'secret s'},
  {run: 'create role r --verb=get,list --resource=pods', object: 'role r'},
  {run: 'create rolebinding b --role=r --user=jane', object: 'rolebinding b'},
  {run: 'create quota q --hard=configmaps=20', object: 'quota q', volatile: true},
  {run: 'create job j --image=busybox --dry-run=server'},
  {run: `create cronjob c --image=${pause} --schedule=0|0|1|1|*`, object: 'cronjob c'},
  {run: 'create job from --from=cronjob/c', volatile: true},
  {run: 'run one --image=busybox --dry-run=server'},
  {run: 'expose deployment web --port=80', object: 'service web'},
  {run: 'set image deployment/web web=registry.k8s.io/pause:3.9', object: 'deployment web'},
  {run: wait, volatile: true},
  {run: 'set env deployment/web A=b', object: 'deployment web'},
  {run: 'set resources deployment/web --limits=memory=64Mi', object: 'deployment web'},
  {run: wait, volatile: true},
  {run: 'rollout history deployment/web', volatile: true},
  {run: 'rollout undo deployment/web', object: 'deployment web'},
  {run: wait, volatile: true},
  {run: 'rollout pause deployment/web', object: 'deployment web'},
  {run: 'rollout pause deployment/web'},
  {run: 'rollout resume deployment/web'},
  {run: 'rollout restart deployment/web', volatile: true},
  {run: 'label configmap n a=b', object: 'configmap n'},
  {run: 'label configmap n a=c'},
  {run: 'label configmap n a-'},
  {run: 'annotate configmap n a=b', object: 'configmap n'},
  {run: 'patch configmap n -p {"data":{"a":"c"}}', object: 'configmap n'},
  {run: 'patch configmap n --type=json -p [{"op":"remove","path":"/data/a"}]', object: 'configmap n'},
  {run: 'patch configmap n --type=merge -p {"data":[]}', volatile: true},
  {run: 'replace -f -', input: map('n', 'z'), object: 'configmap n'},
  {run: 'scale deployment/web --replicas=1', object: 'deployment web'},
  {run: 'scale deployment/web --replicas=3 --current-replicas=7'},
  {run: 'auth can-i list pods --as=jane'},
  {run: 'auth can-i delete pods --as=jane'},
  {run: 'auth can-i --list --as=nobody', volatile: true},
  {run: 'get secrets --as=jane'},
  {run: 'api-resources --api-group=apps'},
  {run: 'api-resources --api-group=rbac.authorization.k8s.io --verbs=list -o name'},
  {run: 'explain deployment.spec.strategy', fields: true},
  {run: 'explain networkpolicy.spec.egress', fields: true},
  {run: 'explain pod.spec.nothing'},
  {run: 'taint node rpi-3 a=b:NoSchedule'},
  {run: 'taint node rpi-3 a-'},
  {run: 'cordon rpi-3'},
  {run: 'cordon rpi-3'},
  {run: 'uncordon rpi-3'},
  {run: 'describe configmap n'},
  {run: 'describe role r'},
  {run: 'wait --for=condition=Available deployment/web --timeout=20s'},
  {run: 'delete configmap n'},
  {run: 'delete configmap n'},
  {run: 'delete deployment web --cascade=foreground --timeout=20s'},
  {run: 'delete service web'},
];

describe.skipIf(!hasShared)('kubectl on both clusters', () => {
  const directory = newDirectory();
  let practice: Practice;
  let both: readonly Kubectl[];
  beforeAll(async () => {
    const plane = join(directory, 'plane');
    execFileSync(shared('cluster/up.sh'), [plane]);
    practice = await startPractice(undefined, {withControllers: true});
    both = [join(plane, 'kubeconfig'), practice.cluster.kubeconfigPath].map((config) =>
      kubectlFor(config, directory, 'both'),
    );
  }, 60_000);
  afterAll(async () => {
    execFileSync(shared('cluster/down.sh'), [join(directory, 'plane')]);
    removeDirectory(directory);
    await practice.close();
  }, 60_000);

  test('same end, same words, same objects', async () => {
    const different: Record<string, unknown> = {};
    for (const {run, input, object, volatile, fields} of steps) {
      const args = run.split(' ').map((one) => one.replaceAll('|', ' '));
      const [theirs, ours] = await Promise.all(both.map((kubectl) => kubectl(args, input)));
      if (theirs!.code !== ours!.code) different[run] = [theirs, ours];
      const shown = ({stdout, stderr}: Printed): string =>
        fields ? (stdout.match(/^ {2}\w.*<.*>$/gm) ?? []).join('\n') : stdout + stderr;
      if (theirs!.code === ours!.code && !volatile && shown(theirs!) !== shown(ours!))
        different[run] = [theirs, ours];
      if (!object) continue;
      const [real, mine] = await Promise.all(
        both.map(
          async (kubectl) =>
            parse((await kubectl(['get', ...object.split(' '), '-o', 'yaml'])).stdout) as Json,
        ),
      );
      const strip = (value: Json | undefined): Json => {
        const {status: _, metadata, ...rest} = asObject(value);
        const {generation: __, annotations: ___, ...kept} = asObject(metadata);
        return withoutControllers(normalise({...rest, metadata: kept}));
      };
      const found = differences(strip(real), strip(mine));
      if (found.length > 0) different[`${run} (object)`] = found.slice(0, 5);
    }
    expect(different).toEqual({});
  }, 180_000);
});
