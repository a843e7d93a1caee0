import {legacyTokens} from '../../controls/legacy-tokens.ts';
import {testControl} from '../helpers/test-control.ts';

const secret = (more: string): string => `
apiVersion: v1
kind: Secret
metadata: {name: ci, namespace: shop${more}
`;
const note = ', annotations: {kubernetes.io/service-account.name: ci}}';
const at = 'Secret/shop/ci metadata.annotations["kubernetes.io/service-account.name"]: ci';

testControl(legacyTokens, [
  {
    name: 'fails with the annotation alone, because lists of metadata have no type',
    objects: secret(note),
    findings: [at],
    manual: ['a short token instead'],
  },
  {
    name: 'fails with type and annotation',
    objects: `${secret(note)}type: kubernetes.io/service-account-token\n`,
    findings: [at],
  },
  {name: 'passes with another type', objects: `${secret(note)}type: Opaque\n`, findings: []},
  {name: 'passes without an account', objects: secret('}'), findings: []},
  {
    name: 'fails with a label that claims a rotation',
    objects: secret(', labels: {rotated: daily}, annotations: {kubernetes.io/service-account.name: ci}}'),
    findings: [at],
  },
]);
