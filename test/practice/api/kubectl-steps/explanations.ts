import type {Step} from '../kubectl-both.ts';

const fieldsOf = (text: string): string =>
  (text.match(/^ +[\w$-]+\t<.*>.*$|^(GROUP|KIND|VERSION|FIELD|RESOURCE):.*$/gm) ?? []).join('\n');

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: kites.example.org}
spec:
  group: example.org
  names: {plural: kites, singular: kite, kind: Kite, shortNames: [kt], categories: [all]}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.count, statusReplicasPath: .status.count}}
    additionalPrinterColumns: [{name: Colour, type: string, jsonPath: .spec.colour}]
    schema:
      openAPIV3Schema:
        type: object
        description: A thing that flies.
        properties:
          spec:
            type: object
            required: [colour]
            description: How it is.
            properties:
              colour: {type: string, enum: [red, blue], description: What it looks like.}
              count: {type: integer, minimum: 0, maximum: 5}
              tails: {type: array, items: {type: object, properties: {length: {type: integer}}}}
              notes: {type: object, additionalProperties: {type: string}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
`;
const kite = (name: string, colour: string): string =>
  `apiVersion: example.org/v1\nkind: Kite\nmetadata: {name: ${name}}\nspec: {colour: ${colour}, count: 1}\n`;

/** Documentation of kinds, and a kind of one's own from its definition to its end. */
export const explanations: readonly Step[] = [
  {run: 'explain pods', show: fieldsOf},
  {run: 'explain deployment --recursive', show: fieldsOf},
  {run: 'explain pod.spec.containers.securityContext --recursive', show: fieldsOf},
  {run: 'explain pod.spec.containers.securityContext', show: fieldsOf},
  {run: 'explain pod.spec.restartPolicy', show: fieldsOf},
  {run: 'explain ingress --api-version=networking.k8s.io/v1', show: fieldsOf},
  {run: 'explain ingress --api-version=networking.k8s.io/v9', show: fieldsOf},
  {run: 'explain netpol.spec.ingress', show: fieldsOf},
  {run: 'explain clusterrole.aggregationRule', show: fieldsOf},
  {run: 'explain hpa.spec', show: fieldsOf},
  {run: 'explain events', show: fieldsOf},
  {run: 'explain validatingadmissionpolicy.spec.validations', show: fieldsOf},
  {run: 'explain pod.spec.nothing'},
  {run: 'explain nothing'},
  {run: 'explain pods --output=plaintext-openapiv2', show: fieldsOf},
  {run: 'apply -f -', input: definition},
  {run: 'wait --for=condition=Established crd/kites.example.org --timeout=30s'},
  {run: 'get kites', until: /No resources/},
  {run: 'explain kites', until: /A thing that flies/, show: fieldsOf},
  {run: 'explain kites.spec'},
  {run: 'explain kites.spec.colour'},
  {run: 'explain kites --recursive'},
  {run: 'explain kt.spec.tails'},
  {run: 'apply -f -', input: kite('one', 'red'), object: 'kite one'},
  {run: 'apply -f -', input: kite('one', 'blue'), object: 'kite one'},
  {run: 'apply -f -', input: kite('two', 'green')},
  {run: 'apply -f -', input: kite('two', 'red').replace('count', 'length')},
  {run: 'create -f -', input: kite('three', 'red').replace('count: 1', 'count: 9')},
  {run: 'patch kite one --type=merge -p {"spec":{"count":2}}', object: 'kite one'},
  {run: 'patch kite one -p {"spec":{"count":2}}'},
  {run: 'patch kite one --subresource=status --type=merge -p {"status":{"count":2,"phase":"up"}}'},
  {run: 'scale kite one --replicas=3', object: 'kite one'},
  {run: 'get kites'},
  {run: 'get kt one -o wide'},
  {run: 'get all', until: /kite/},
  {run: 'describe kite one'},
  {run: 'edit kite one', editor: 'sed -i s/blue/green/'},
  {run: 'edit kite one', editor: 'sed -i s/blue/red/', object: 'kite one'},
  {run: 'api-resources --api-group=example.org'},
  {run: 'label kite one a=b', object: 'kite one'},
  {run: 'wait --for=jsonpath={.status.phase}=up kite/one --timeout=5s'},
  {run: 'diff -f -', input: kite('one', 'blue')},
  {run: 'delete crd kites.example.org --timeout=30s'},
  {run: 'get --raw /apis/example.org/v1', until: /not find/},
];
