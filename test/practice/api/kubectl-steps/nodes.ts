import {type Step, sorted} from '../kubectl-both.ts';
import {available, pause} from './manifests.ts';

const bare = `
apiVersion: v1
kind: Pod
metadata: {name: bare, labels: {goes: bare}}
spec:
  nodeName: rpi-3
  terminationGracePeriodSeconds: 0
  containers: [{name: main, image: "${pause}"}]
`;

const daemons = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: daemons}
spec:
  selector: {matchLabels: {goes: daemons}}
  template:
    metadata: {labels: {goes: daemons}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: main, image: "${pause}"}]}
`;
const onThird = (name: string, volume = ''): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {goes: ${name}}}
  template:
    metadata: {labels: {goes: ${name}}}
    spec:
      terminationGracePeriodSeconds: 0
      nodeSelector: {kubernetes.io/hostname: rpi-3}
      containers: [{name: main, image: "${pause}"}]${volume}
`;
const scratch = '\n      volumes: [{name: scratch, emptyDir: {}}]';
const guard = (name: string): string => `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: ${name}}
spec: {minAvailable: 2, selector: {matchLabels: {goes: ${name}}}}
`;
/** Warnings come in any order, of pods in any order. */
const mine = (text: string): string =>
  sorted(text.replaceAll(/(?<=Warning: )|; |, (?=cannot)|(?<=: )\[(?=cannot)|\](?=, continuing)/g, '\n'));

/** Cordon, drain with everything that refuses it, taints, labels of nodes. */
export const nodes: readonly Step[] = [
  {run: 'label node rpi-3 kubernetes.io/hostname=rpi-3 --overwrite'},
  {run: 'create -f -', input: onThird('moved', scratch)},
  {run: 'create -f -', input: daemons},
  {run: 'create -f -', input: bare},
  available('moved'),
  {
    run: 'rollout status daemonset/daemons --timeout=30s',
    until: /successfully/,
    show: (text) => text.split('\n').at(-2) ?? '',
  },
  {run: 'wait --for=condition=Ready pod/bare --timeout=30s'},
  {run: 'cordon rpi-3'},
  {run: 'get node rpi-3 -o jsonpath={.spec.unschedulable},{.spec.taints[*].key}', until: /unschedulable/},
  {run: 'cordon rpi-9'},
  {run: 'uncordon rpi-3'},
  {run: 'uncordon rpi-3'},
  {run: 'drain rpi-3 --pod-selector=goes', show: mine},
  {run: 'drain rpi-3 --pod-selector=goes --ignore-daemonsets', show: mine},
  {run: 'drain rpi-3 --pod-selector=goes --ignore-daemonsets --force', show: mine},
  {
    run: 'drain rpi-3 --pod-selector=goes=moved --ignore-daemonsets --delete-emptydir-data --dry-run=server',
    show: mine,
  },
  {run: 'create -f -', input: guard('moved')},
  {run: 'get pdb moved -o jsonpath={.status.currentHealthy}', until: /^2$/},
  {
    run: 'drain rpi-3 --pod-selector=goes=moved --ignore-daemonsets --delete-emptydir-data --timeout=3s',
    show: (text) => [...new Set(mine(text).split('\n'))].join('\n'),
  },
  {run: 'delete pdb moved'},
  {
    run: 'drain rpi-3 --pod-selector=goes --ignore-daemonsets --delete-emptydir-data --force --timeout=30s',
    show: mine,
  },
  {run: 'get pods -l goes=moved --field-selector=spec.nodeName=rpi-3'},
  {run: 'get pods -l goes=moved', until: /Pending/, show: (text) => text},
  {run: 'uncordon rpi-3'},
  available('moved'),
  {run: 'taint node rpi-3 a=b:NoSchedule'},
  {run: 'taint node rpi-3 a=b:NoSchedule'},
  {run: 'taint node rpi-3 a=c:NoSchedule'},
  {run: 'taint node rpi-3 a=c:NoSchedule --overwrite'},
  {run: 'taint node rpi-3 a=c:Nothing'},
  {run: 'taint node rpi-3 bad'},
  {run: 'taint node rpi-3 b-'},
  {run: 'taint node rpi-3 a:NoSchedule-'},
  {run: 'taint nodes -l nothing=here a=b:NoSchedule'},
  {run: 'taint node rpi-3 gone=now:NoExecute'},
  {run: 'get pods -l goes=moved --field-selector=status.phase=Running -o name', until: /^$/},
  {run: 'taint node rpi-3 gone-'},
  available('moved'),
  {run: 'annotate node rpi-3 a=b'},
  {run: 'annotate node rpi-3 a-'},
  {run: 'delete deployment moved'},
  {run: 'delete daemonset daemons'},
  {run: 'top nodes --sort-by=colour'},
];
