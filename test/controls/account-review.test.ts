import {accountReview} from '../../controls/account-review.ts';
import {testControl} from '../helpers/test-control.ts';

const notEvaluated =
  'Only a person knows: does everybody sign in with a second factor and an account of their own, and do leavers lose it the same day? Attest it in kubekata.yaml, under attestations, with control: account-review, statement, by, on and until.';

testControl(accountReview, [
  {name: 'is never evaluated', objects: '', findings: [], notEvaluated},
  {
    name: 'is not evaluated either where a label claims it',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system, labels: {account-review: done}}',
    findings: [],
    notEvaluated,
  },
]);
