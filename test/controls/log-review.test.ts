import {logReview} from '../../controls/log-review.ts';
import {testControl} from '../helpers/test-control.ts';

const notEvaluated =
  'Only a person knows: does somebody look at the alarms and searches of the SIEM each working day, and who stands in for them? Attest it in kubekata.yaml, under attestations, with control: log-review, statement, by, on and until.';

testControl(logReview, [
  {name: 'is never evaluated', objects: '', findings: [], notEvaluated},
  {
    name: 'is not evaluated either where a label claims it',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system, labels: {log-review: done}}',
    findings: [],
    notEvaluated,
  },
]);
