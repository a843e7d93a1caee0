import {c0005} from '../../controls/c-0005.ts';
import {testControl} from '../helpers/test-control.ts';
import {apiServer, unseen} from './api-server.ts';

const id = 'Pod/kube-system/kube-apiserver-cp';

testControl(c0005, [
  {
    name: 'fails for an insecure port',
    objects: apiServer(['--secure-port=6443', '--insecure-port=8080']),
    counted: 1,
    findings: [`${id} spec.containers[0].command[2]: 8080`],
    manual: ['in the file of the node'],
  },
  {name: 'passes for port 0', objects: apiServer(['--insecure-port=0']), counted: 1, findings: []},
  {name: 'passes without the flag', objects: apiServer(['--secure-port=6443']), counted: 1, findings: []},
  {
    name: 'takes the last of two flags, and a value in the next word, as the program does',
    objects: apiServer(['--insecure-port=0', '--insecure-port', '8080']),
    findings: [`${id} spec.containers[0].command[2]: 8080`],
  },
  {
    name: 'is not evaluated where no API server is visible',
    objects:
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: kube-apiserver}]}',
    findings: [],
    notEvaluated: unseen,
  },
  {
    name: 'names the provider where its nodes tell one',
    objects:
      'apiVersion: v1\nkind: Node\nmetadata: {name: n}\nspec: {providerID: "aws:///eu-central-1a/i-0"}',
    findings: [],
    notEvaluated:
      'The provider runs this API server, so its flags are not readable from here: ask the provider, or its console.',
  },
]);
