/** A Deployment shop/web with this pod spec, in YAML. */
export const deployment = (spec: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: ${spec}
`;

/** A Pod shop/one that stands alone. */
export const pod = (spec: string): string => `
---
apiVersion: v1
kind: Pod
metadata: {name: one, namespace: shop}
spec: ${spec}
`;

/** Where the pod spec of `deployment` is. */
export const web = 'Deployment/shop/web spec.template.spec';
