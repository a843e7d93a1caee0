import type {Step} from '../kubectl-both.ts';
import {pause} from './manifests.ts';

/** What `create`, `run` and `expose` make. */
export const creations: readonly Step[] = [
  {run: 'create deployment d --image=nginx --replicas=0 --port=80', object: 'deployment d'},
  {run: 'expose deployment d --port=80 --target-port=8080 --type=NodePort --name=open --dry-run=server'},
  {run: 'expose deployment d --name=inside', object: 'service inside'},
  {run: 'expose deployment nothing --port=80'},
  {run: 'expose configmap d --port=80'},
  {run: `run one --image=${pause} --labels=a=b --env=A=b --port=80 --expose`, object: 'service one'},
  {run: `run two --image=${pause} --restart=Never --command -- sleep 1`, object: 'pod two'},
  {run: `run Two --image=${pause}`},
  {
    run: `run three --image=${pause} --dry-run=server -o yaml --overrides={"spec":{"hostNetwork":true}}`,
    show: (text) => text.replaceAll(/kube-api-access-\w+/g, '*'),
  },
  {run: `run four --image=${pause} --dry-run=client -o yaml`},
  {run: 'create role r --verb=get,list --resource=pods,deployments.apps --resource-name=x', object: 'role r'},
  {run: 'create role s --verb=eat --resource=pods'},
  {run: 'create role s --verb=get --resource=nothing'},
  {run: 'create clusterrole $ns-c --verb=get --non-resource-url=/metrics', object: 'clusterrole $ns-c'},
  {run: 'create clusterrole $ns-a --aggregation-rule=a=$ns', object: 'clusterrole $ns-a'},
  {
    run: 'create clusterrolebinding $ns-b --clusterrole=view --serviceaccount=$ns:default --group=g',
    object: 'clusterrolebinding $ns-b',
  },
  {run: 'create quota q --hard=pods=9,requests.cpu=1 --scopes=BestEffort'},
  {run: 'create quota q --hard=pods=9 --scopes=BestEffort', object: 'quota q'},
  {
    run: 'create secret docker-registry reg --docker-server=r.example --docker-username=u --docker-password=p',
    object: 'secret reg',
  },
  {run: 'create secret generic s --from-literal=a=b --type=example/own', object: 'secret s'},
  {run: 'create secret tls t --cert=$home/tls.crt --key=$home/tls.key', object: 'secret t'},
  {run: 'create secret tls u --cert=$home/nothing --key=$home/tls.key'},
  {run: 'create serviceaccount robot'},
  {run: 'create token robot --duration=1m'},
  {
    run: 'create token robot --audience=mine --duration=1h',
    show: (text) => text.replace(/^ey[\w.-]+$/m, '<token>'),
  },
  {run: 'create token nobody'},
  {run: 'create token robot --bound-object-kind=Pod --bound-object-name=nothing'},
  {run: 'create priorityclass $ns --value=1000 --description=x', object: 'priorityclass $ns'},
  {run: 'create pdb p --selector=a=b --min-available=1', object: 'pdb p'},
  {run: 'create poddisruptionbudget p2 --selector=a=b --min-available=1 --max-unavailable=1'},
  {run: 'create ingress i --class=x --rule=a.example/*=d:80,tls=t', object: 'ingress i'},
  {run: 'create service nodeport n --tcp=80 --node-port=31999', object: 'service n'},
  {run: 'create service nodeport n2 --tcp=80 --node-port=31999'},
  {run: 'create service nodeport n3 --tcp=80 --node-port=80'},
  {run: 'create service externalname e --external-name=example.org', object: 'service e'},
  {run: 'create service loadbalancer l --tcp=80', object: 'service l'},
  {run: 'create cronjob c --image=busybox --schedule=nonsense'},
  {run: "create cronjob c --image=busybox --schedule='0 0 1 1 *'", object: 'cronjob c'},
  {run: 'create configmap f --from-file=$home/tls.crt --dry-run=server'},
  {run: 'create configmap f --from-file=$home/nothing'},
  {run: 'create namespace $ns'},
  {run: 'create namespace Bad_Name'},
  {run: 'create -f -', input: 'kind: Nothing\napiVersion: v1\nmetadata: {name: x}\n'},
  {run: 'create -f -', input: 'kind: Pod\napiVersion: v1\nmetadata: {name: x}\n'},
  {
    run: 'create -f -',
    input:
      'kind: Pod\napiVersion: v1\nmetadata: {name: x}\nspec: {containers: [{name: a, image: a, colour: red}]}\n',
  },
  {
    run: 'create --validate=warn --dry-run=server -f -',
    input:
      'kind: Pod\napiVersion: v1\nmetadata: {name: x}\nspec: {containers: [{name: a, image: a, colour: red}]}\n',
  },
];
