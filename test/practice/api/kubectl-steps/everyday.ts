import type {Step} from '../kubectl-both.ts';
import {available, deployment, map, pause} from './manifests.ts';

/** The commands of every day, one after another. */
export const everyday: readonly Step[] = [
  {run: 'apply -f -', input: deployment('web'), object: 'deployment web'},
  available('web'),
  {run: 'apply -f -', input: deployment('web')},
  {run: 'diff -f -', input: deployment('web')},
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
  {run: 'create job j --image=busybox --dry-run=server'},
  {run: `create cronjob c --image=${pause} --schedule='0 0 1 1 *'`, object: 'cronjob c'},
  {run: 'create job from --from=cronjob/c'},
  {run: 'run one --image=busybox --dry-run=server'},
  {run: 'label configmap n a=b', object: 'configmap n'},
  {run: 'label configmap n a=c'},
  {run: 'label configmap n a-'},
  {run: 'annotate configmap n a=b', object: 'configmap n'},
  {run: 'patch configmap n -p {"data":{"a":"c"}}', object: 'configmap n'},
  {run: 'patch configmap n --type=json -p [{"op":"remove","path":"/data/a"}]', object: 'configmap n'},
  {
    run: 'patch configmap n --type=merge -p {"data":[]}',
    // The object that the message shows has its fields in another order.
    show: (text) => text.replace(/"\{.*\}"/, '"{*}"'),
  },
  {run: 'replace -f -', input: map('n', 'z'), object: 'configmap n'},
  {run: 'scale deployment/web --replicas=1', object: 'deployment web'},
  {run: 'scale deployment/web --replicas=3 --current-replicas=7'},
  {run: 'auth can-i list pods --as=jane'},
  {run: 'auth can-i delete pods --as=jane'},
  {run: 'get secrets --as=jane'},
  {run: 'describe configmap n'},
  {run: 'delete configmap n'},
  {run: 'delete configmap n'},
  {run: 'delete deployment web --cascade=foreground --timeout=20s'},
];
