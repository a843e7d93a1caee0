import {type Step, sorted} from '../kubectl-both.ts';
import {available, deployment, map} from './manifests.ts';

/** The real cluster has no metrics server. */
const withoutMetrics = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.includes('metrics.k8s.io'))
    .join('\n');

/** The simulated kubelets of the real cluster tell no events. */
const controllersEvents = (text: string): string =>
  sorted((text.match(/(Normal|Warning) +(Scheduled|Scaling|Successful)\w+/g) ?? []).join('\n'));

/** Reads: discovery, documentation, waits. */
export const reads: readonly Step[] = [
  {run: 'create -f -', input: deployment('web')},
  available('web'),
  {run: 'get deployments,configmaps'},
  {run: 'get deploy web --show-labels'},
  {run: 'get deploy -L part,missing'},
  {
    run: 'get pods -o wide --sort-by=.metadata.name --no-headers',
    show: (text) => text.replaceAll(/rpi-\d/g, '<node>'),
  },
  {run: 'get pods -l app=web,app!=x -o name'},
  {run: 'get pods --field-selector=status.phase=Running -o name'},
  {run: 'get pods --field-selector=status.colour=red'},
  {run: 'get pods -l a=='},
  {run: 'get all'},
  {run: 'get deploy web -o go-template={{.metadata.name}}'},
  {run: 'get deploy web -o jsonpath={.spec.template.spec.containers[?(@.name=="web")].image}'},
  {run: 'get deploy web -o jsonpath={.nothing'},
  {run: 'get --raw /api/v1/nothing'},
  {run: 'get --raw /healthz'},
  {run: 'get --raw /readyz?verbose', show: (text) => text.split('\n').at(-2) ?? ''},
  {run: 'get --raw /version', show: (text) => (text.match(/"(major|minor)": .*/g) ?? []).join('\n')},
  {run: 'get deploy web --subresource=scale'},
  {run: 'get deploy web --subresource=status -o name'},
  {run: 'get deploy web --subresource=nothing'},
  {run: 'get pods,nothing'},
  {run: 'get pods/x deployments/web'},
  {run: 'get ns default kube-system'},
  {
    run: 'get nodes',
    show: (text) => text.replaceAll(/v1\.\d+\.\d+\S*/g, '<version>').replaceAll(/control-plane|<none>/g, '*'),
  },
  {run: 'get secrets'},
  {run: 'get pods -A --as=jane'},
  {run: 'get configmap kube-root-ca.crt -o jsonpath={.metadata.annotations}'},
  {run: 'get storageclass'},
  {run: 'get events', show: controllersEvents},
  {run: 'version', show: (text) => text.replaceAll(/v1\.36\.\S+/g, '<version>')},
  {run: 'cluster-info', show: (text) => text.split('\n')[0]!.replaceAll(/\d+$/g, '')},
  {run: 'api-versions', show: withoutMetrics},
  {run: 'api-resources', show: withoutMetrics},
  {run: 'api-resources --namespaced=false -o wide', show: withoutMetrics},
  {run: 'api-resources --categories=all'},
  {run: 'wait --for=condition=Available deployment/web --timeout=30s'},
  {run: 'wait --for=condition=Available=false deployment/web --timeout=1s'},
  {run: 'wait --for=jsonpath={.status.readyReplicas}=2 deployment/web --timeout=30s'},
  {run: 'wait --for=jsonpath={.status.nothing} deployment/web --timeout=1s'},
  {run: 'wait --for=condition=Ready pod -l app=web --timeout=30s'},
  {run: 'wait --for=condition=Ready pod/nothing --timeout=1s'},
  {run: 'wait --for=delete pod/nothing --timeout=1s'},
  {run: 'wait --for=delete deployment/web --timeout=2s'},
  {run: 'wait --for=create deployment/web --timeout=5s'},
  {run: 'diff -f -', input: deployment('web')},
  {run: 'diff -f -', input: deployment('web').replace('replicas: 2', 'replicas: 3')},
  {run: 'diff --server-side -f -', input: deployment('web').replace('replicas: 2', 'replicas: 3')},
  {run: 'diff -f -', input: map('new', 'x')},
  {run: 'diff -f -', input: deployment('web').replace('app: web}}\n  template', 'app: no}}\n  template')},
];
