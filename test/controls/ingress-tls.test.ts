import {ingressTls} from '../../controls/ingress-tls.ts';
import {testControl} from '../helpers/test-control.ts';

const ingress = (spec: string, labels = '{}'): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop, labels: ${labels}}
spec: ${spec}
`;
const plain = '{rules: [{host: a.example.org}]}';

testControl(ingressTls, [
  {
    name: 'fails at each host without a certificate',
    objects: ingress(
      '{rules: [{host: a.example.org}, {host: b.example.org}], tls: [{hosts: [a.example.org], secretName: a}]}',
    ),
    findings: ['Ingress/shop/web spec.rules[1].host: b.example.org'],
    manual: ['a certificate for the host'],
  },
  {
    name: 'passes with a wildcard of the same level',
    objects: ingress("{rules: [{host: a.example.org}], tls: [{hosts: ['*.example.org'], secretName: all}]}"),
    findings: [],
  },
  {
    name: 'fails with a wildcard of another level',
    objects: ingress(
      "{rules: [{host: x.a.example.org}], tls: [{hosts: ['*.example.org'], secretName: all}]}",
    ),
    findings: ['Ingress/shop/web spec.rules[0].host: x.a.example.org'],
  },
  {
    name: 'fails without rules, where every host is served',
    objects: ingress('{defaultBackend: {service: {name: web, port: {number: 80}}}}'),
    findings: ['Ingress/shop/web spec.tls: every host'],
  },
  {
    name: 'fails with a label that claims it',
    objects: ingress(plain, '{tls: enabled}'),
    findings: ['Ingress/shop/web spec.rules[0].host: a.example.org'],
  },
]);
