/** A static pod of a kube-apiserver as the API mirrors it, with these flags. */
export const apiServer = (flags: readonly string[], image = 'registry.k8s.io/kube-apiserver:v1.36.3') => `
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-cp, namespace: kube-system, labels: {component: kube-apiserver}}
spec:
  nodeName: cp
  containers:
  - name: kube-apiserver
    image: ${image}
    command: ${JSON.stringify(['kube-apiserver', ...flags])}
`;

export const unseen =
  'No static pod of a kube-apiserver is visible in kube-system, so its flags are not known: read them on a control-plane node, with ps -o args= -C kube-apiserver.';

/** The same objects with a label that claims that all is well: no check may believe it. */
export const claiming = (yaml: string, name = 'component: kube-apiserver'): string =>
  yaml.replace(name, `${name}, hardened: 'true', kubekata.dev/verified: 'true'`);
