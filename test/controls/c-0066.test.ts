import {c0066} from '../../controls/c-0066.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, unseen} from './api-server.ts';

testControl(c0066, [
  {
    name: 'fails without an encryption configuration',
    objects: apiServer(['--etcd-servers=https://127.0.0.1:2379']),
    counted: 1,
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].command: not set'],
    manual: ['in the file of the node'],
  },
  {
    name: 'passes with one',
    objects: apiServer(['--encryption-provider-config=/etc/kubernetes/enc/enc.yaml']),
    counted: 1,
    findings: [],
  },
  {
    name: 'finds flags in args, where RKE2 has them',
    objects: `
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-cp, namespace: kube-system, labels: {component: kube-apiserver}}
spec: {containers: [{name: kube-apiserver, image: rancher/hardened-kubernetes, command: [kube-apiserver], args: [--secure-port=6443]}]}
`,
    findings: ['Pod/kube-system/kube-apiserver-cp spec.containers[0].args: not set'],
  },
  {
    name: 'is not evaluated on what a cloud says of itself: no Kubernetes object tells',
    objects: 'apiVersion: eks.amazonaws.com/v1\nkind: ClusterDescribe\nmetadata: {name: cluster}',
    findings: [],
    notEvaluated: unseen,
  },
]);
