import {patchProcess} from '../../controls/patch-process.ts';
import {testControl} from '../helpers/test-control.ts';

const notEvaluated =
  'Only a person knows: who reads the security announcements, and how many days pass until a critical fix runs on every node? Attest it in kubekata.yaml, under attestations, with control: patch-process, statement, by, on and until.';

testControl(patchProcess, [
  {name: 'is never evaluated', objects: '', findings: [], notEvaluated},
  {
    name: 'is not evaluated either where a label claims it',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system, labels: {patch-process: done}}',
    findings: [],
    notEvaluated,
  },
]);
