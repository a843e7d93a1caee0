import {restoreDrill} from '../../controls/restore-drill.ts';
import {testControl} from '../helpers/test-control.ts';

const notEvaluated =
  'Only a person knows: was a copy of etcd, and the archive of the logs, restored somewhere else in the last half year? Attest it in kubekata.yaml, under attestations, with control: restore-drill, statement, by, on and until.';

testControl(restoreDrill, [
  {name: 'is never evaluated', objects: '', findings: [], notEvaluated},
  {
    name: 'is not evaluated either where a label claims it',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system, labels: {restore-drill: done}}',
    findings: [],
    notEvaluated,
  },
]);
