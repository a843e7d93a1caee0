import {type Step, sorted} from '../kubectl-both.ts';
import {available, deployment} from './manifests.ts';

/** Without what a runtime fills in: the real cluster has none. */
const podsOf = (text: string): string =>
  sorted(
    text
      .replace(/\nEvents:[\s\S]*?(?=\n\n\n|$)/g, '')
      .replaceAll(/^(Node:| {2}(Container|Image) ID:).*$/gm, '$1'),
  );

/** The sections of a node and what both clusters know about it. */
const nodeOf = (text: string): string =>
  sorted(
    (
      text.match(
        /^[A-Z][\w -]*:|^ {2}(MemoryPressure|DiskPressure|PIDPressure|Ready) +\w+|^Taints:.*|^Unschedulable:.*|^PodCIDR.*/gm,
      ) ?? []
    )
      .filter((line) => line !== 'Annotations:')
      .join('\n'),
  );

/** `describe` of what a person looks at. */
export const descriptions: readonly Step[] = [
  {
    run: 'create -f -',
    input: deployment(
      'web',
      ', ports: [{containerPort: 80}], resources: {limits: {memory: 64Mi}, requests: {cpu: 10m}}, securityContext: {runAsUser: 1000}, env: [{name: A, value: b}], livenessProbe: {httpGet: {path: /, port: 80}}',
    ),
  },
  available('web'),
  {run: 'expose deployment web --port=80'},
  {run: 'create serviceaccount robot'},
  {run: 'create role r --verb=get,list --resource=pods,deployments.apps'},
  {run: 'create rolebinding b --role=r --user=jane --serviceaccount=$ns:robot'},
  {run: 'create quota q --hard=configmaps=9'},
  {run: 'create secret generic s --from-literal=a=bcd'},
  {run: 'create configmap m --from-literal=a=b'},
  {
    run: 'create -f -',
    input:
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: lr}\nspec: {limits: [{type: Container, default: {cpu: 1}, max: {cpu: 2}}]}\n',
  },
  {
    run: 'create -f -',
    input:
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np}\nspec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}\n',
  },
  {run: 'create pdb p --selector=app=web --min-available=1'},
  {run: "create cronjob c --image=busybox --schedule='0 0 1 1 *'"},
  {run: 'create ingress i --class=x --rule=a.example/*=web:80'},
  {run: 'describe deployment web', until: /ScalingReplicaSet/},
  {run: 'describe replicaset -l app=web', until: /(SuccessfulCreate[\s\S]*){2}/},
  {run: 'describe pods -l app=web', show: podsOf},
  {run: 'describe service web', until: /Endpoints: +\d[\s\S]*,/},
  {run: 'describe serviceaccount robot'},
  {run: 'describe role r'},
  {run: 'describe rolebinding b'},
  {run: 'describe clusterrole view', show: sorted},
  {run: 'describe clusterrolebinding cluster-admin'},
  {run: 'describe quota q', until: /configmaps +2/},
  {run: 'describe secret s'},
  {run: 'describe configmap m'},
  {run: 'describe limitrange lr'},
  {run: 'describe networkpolicy np'},
  {run: 'describe pdb p', until: /Current: +2/},
  {run: 'describe cronjob c'},
  {run: 'describe ingress i'},
  {run: 'describe namespace $ns', until: /configmaps +2/},
  {run: 'describe node rpi-3', show: nodeOf},
  {run: 'describe storageclass'},
  {run: 'describe pod nothing'},
  {run: 'describe nothing x'},
];
